// Package netrc reads the file in which command line programs keep sign-ins:
// machine, default, login, password, account and macdef, as GNU inetutils
// describes it (https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html),
// with the double quotes and backslashes of curl
// (https://everything.curl.dev/usingcurl/netrc.html) and git's port and protocol.
//
// It promises bounded memory, that a file is read whole or not at all, and that
// no error quotes what stands in the file: a password may stand anywhere.
//
// Limits: a macro is passed over, never run. The file's mode is not looked at.
package netrc

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/readmit/readmit/agent/rpc"
)

// MaxFile is how large a file may be, in bytes.
const MaxFile = 1 << 20

// Entry is one machine, or the default for all others.
type Entry struct {
	Line     int    // where it begins, from 1
	Machine  string // host name; "" for the default
	Port     string // as git has it; mostly ""
	Protocol string // the same
	Login    string
	Password rpc.WireSecret // its zero value when none stands there
}

// Parse reads a file. Entries come in its order.
func Parse(r io.Reader) ([]Entry, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	defer clear(data)
	switch {
	case err != nil:
		return nil, err
	case len(data) > MaxFile:
		return nil, fmt.Errorf("the file is larger than %d bytes", MaxFile)
	case strings.ContainsRune(string(data), 0):
		return nil, errors.New("this is no text file")
	}
	p := &parser{words: words{rest: string(data), line: 1}}
	if err := p.parse(); err != nil {
		return nil, fmt.Errorf("line %d: %w", p.words.line, err)
	}
	return p.entries, nil
}

type parser struct {
	words   words
	entries []Entry
}

func (p *parser) parse() error {
	for {
		word, found, err := p.words.next(true)
		if err != nil || !found {
			return err
		}
		if err := p.keyword(word); err != nil {
			return err
		}
	}
}

func (p *parser) keyword(word string) error {
	switch word {
	case "default":
		p.entries = append(p.entries, Entry{Line: p.words.line})
		return nil
	case "macdef":
		return p.words.macro()
	}
	line := p.words.line
	value, found, err := p.words.next(false)
	switch {
	case err != nil:
		return err
	case !found:
		return errors.New("the file ends in the middle of an entry")
	case word == "machine":
		p.entries = append(p.entries, Entry{Line: line, Machine: value})
		return nil
	case len(p.entries) == 0:
		return errors.New("an entry begins with machine or default")
	}
	entry := &p.entries[len(p.entries)-1]
	switch word {
	case "login", "user":
		entry.Login = value
	case "password", "passwd":
		entry.Password = rpc.NewWireSecret(value)
	case "port":
		entry.Port = value
	case "protocol":
		entry.Protocol = value
	case "account": // a second password of FTP
	default:
		return errors.New("a word that netrc does not know")
	}
	return nil
}

// words splits a file.
type words struct {
	rest string
	line int
}

const blanks = " \t\r\n"

// next returns the next word, and false at the end. Where a keyword is due, a
// number sign begins a comment; elsewhere it may begin a password.
func (w *words) next(keyword bool) (word string, found bool, err error) {
	for {
		w.skip(len(w.rest) - len(strings.TrimLeft(w.rest, blanks)))
		if !keyword || !strings.HasPrefix(w.rest, "#") {
			break
		}
		end := strings.IndexByte(w.rest, '\n')
		if end < 0 {
			end = len(w.rest)
		}
		w.skip(end)
	}
	switch {
	case w.rest == "":
		return "", false, nil
	case w.rest[0] == '"':
		return w.quoted()
	}
	end := strings.IndexAny(w.rest, blanks)
	if end < 0 {
		end = len(w.rest)
	}
	word = w.rest[:end]
	w.skip(end)
	return word, true, nil
}

var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t'}

func (w *words) quoted() (string, bool, error) {
	var word strings.Builder
	for i := 1; i < len(w.rest); i++ {
		switch c := w.rest[i]; c {
		case '"':
			w.skip(i + 1)
			return word.String(), true, nil
		case '\n':
			return "", false, errors.New("a quotation does not end")
		case '\\':
			if i++; i == len(w.rest) {
				return "", false, errors.New("a quotation does not end")
			}
			c = w.rest[i]
			if plain, known := escapes[c]; known {
				c = plain
			}
			word.WriteByte(c)
		default:
			word.WriteByte(c)
		}
	}
	return "", false, errors.New("a quotation does not end")
}

// macro passes over a definition: its name, and all up to an empty line.
func (w *words) macro() error {
	_, found, err := w.next(false)
	switch {
	case err != nil:
		return err
	case !found:
		return errors.New("a macro without a name")
	}
	body := strings.ReplaceAll(w.rest, "\r\n", " \n") // as long as it was
	end := strings.Index(body, "\n\n")
	if end < 0 {
		end = strings.Index(body, "\n \n")
	}
	if end < 0 {
		end = len(w.rest)
	}
	w.skip(end)
	return nil
}

func (w *words) skip(n int) {
	w.line += strings.Count(w.rest[:n], "\n")
	w.rest = w.rest[n:]
}
