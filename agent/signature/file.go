package signature

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
)

// FileName is what a file of signed rows is called.
const FileName = "signatures.signed"

// MaxFile bounds such a file, in bytes.
const MaxFile = 2 << 20

// maxRows bounds how many rows a file may hold.
const maxRows = 5000

// magic begins the first line of a file.
const magic = "readmit-signatures "

// format is how what follows is written; it grows with every change that an
// older readmit would misread.
const format = 1

// FileError says why a file of rows is not used.
type FileError struct {
	problem, hint string
	cause         error
}

// Error implements error. The hint is printed apart.
func (e *FileError) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %v", e.problem, e.cause)
	}
	return e.problem
}

// Hint says what helps.
func (e *FileError) Hint() string { return e.hint }

// Unwrap returns what the rows were refused for.
func (e *FileError) Unwrap() error { return e.cause }

const hintAgain = "fetch the file again from where this readmit comes from, or remove it"

// Load reads a file of signed rows: one line with an Ed25519 signature (RFC
// 8032), then what Encode wrote behind the format and the serial, over whose
// exact bytes the signature stands. The error is a
// *FileError: the file is too large, not signed with the key, older than the
// built-in rows, or its rows do not pass Check. What is signed but unknown to
// this version is an error too, since half of a row could mean its opposite.
func Load(file []byte, key ed25519.PublicKey) (*Set, error) {
	switch {
	case len(file) > MaxFile:
		return nil, &FileError{problem: fmt.Sprintf("the signatures have more than %d bytes", MaxFile), hint: hintAgain}
	case len(key) != ed25519.PublicKeySize:
		return nil, &FileError{problem: "this build of readmit knows no key for signatures", hint: "remove the file, or install a released readmit"}
	}
	data, err := verified(file, key)
	if err != nil {
		return nil, &FileError{problem: "the signatures are not signed by this readmit's makers", hint: hintAgain, cause: err}
	}
	head := wire{in: string(data), reading: true}
	var written, serial int
	head.number(&written)
	head.number(&serial)
	if written != format {
		return nil, newer(fmt.Errorf("format %d", written))
	}
	if serial < builtInSerial {
		return nil, &FileError{problem: fmt.Sprintf("the signatures of %d are older than the built-in ones of %d", serial, builtInSerial), hint: "remove the file, or put a newer one in its place"}
	}
	rows, err := decode(head.in)
	if err != nil {
		return nil, newer(err)
	}
	if err := checkAll(rows); err != nil {
		return nil, newer(err)
	}
	set, err := newSet(rows, Origin{Serial: serial, File: true})
	if err != nil {
		return nil, newer(err)
	}
	return set, nil
}

// newer is the error for rows that this version cannot read.
func newer(cause error) *FileError {
	return &FileError{problem: "the signatures cannot be read", hint: "update readmit, for which they may be too new, or remove the file", cause: cause}
}

// verified returns what stands behind a good signature.
func verified(file []byte, key ed25519.PublicKey) ([]byte, error) {
	line, data, _ := bytes.Cut(file, []byte("\n"))
	encoded, ok := bytes.CutPrefix(line, []byte(magic))
	if !ok {
		return nil, errors.New("the first line holds no signature")
	}
	sum := make([]byte, base64.StdEncoding.DecodedLen(len(encoded)))
	n, err := base64.StdEncoding.Strict().Decode(sum, encoded)
	if err != nil || n != ed25519.SignatureSize {
		return nil, errors.New("the first line holds no whole signature")
	}
	if !ed25519.Verify(key, data, sum[:n]) {
		return nil, errors.New("the signature does not fit")
	}
	return data, nil
}

func checkAll(rows []Row) error {
	if len(rows) == 0 || len(rows) > maxRows {
		return fmt.Errorf("%d rows, there must be 1 to %d", len(rows), maxRows)
	}
	known := make(map[string]bool, len(rows))
	for i := range rows {
		if err := rows[i].Check(); err != nil {
			return fmt.Errorf("row %q: %w", rows[i].ID, err)
		}
		if known[rows[i].ID] {
			return fmt.Errorf("row %q stands there twice", rows[i].ID)
		}
		known[rows[i].ID] = true
	}
	return nil
}

// Seal makes a file that Load reads, of rows that Encode wrote.
func Seal(serial int, rows []byte, key ed25519.PrivateKey) []byte {
	var head wire
	for _, n := range []int{format, serial} {
		head.number(&n)
	}
	data := append(head.out, rows...)
	signed := fmt.Appendf(nil, "%s%s\n", magic, base64.StdEncoding.EncodeToString(ed25519.Sign(key, data)))
	return append(signed, data...)
}
