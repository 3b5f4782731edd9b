package capture

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoded undoes what files go through: gzip, and the encodings of Windows
// editors and of PowerShell's ">" (UTF-8 with a BOM, UTF-16). What expands
// beyond max fails with ErrTooLarge.
func decoded(in io.Reader, max int64) (io.Reader, error) {
	b := bufio.NewReader(in)
	if head, _ := b.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b { // RFC 1952 2.3.1
		z, err := gzip.NewReader(b)
		switch {
		case ended(err) || damaged(err):
			return nil, ErrUnrecognised
		case err != nil:
			return nil, fmt.Errorf("reading the compressed input: %w", err)
		}
		b = bufio.NewReader(&bounded{r: z, left: max})
	}
	head, _ := b.Peek(3)
	switch {
	case len(head) >= 3 && head[0] == 0xef && head[1] == 0xbb && head[2] == 0xbf:
		_, err := b.Discard(3)
		return b, err
	case len(head) >= 2 && (head[0] == 0xff && head[1] == 0xfe || head[0] == 0xfe && head[1] == 0xff):
		return transform.NewReader(b, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), nil
	}
	return b, nil
}

// bounded fails with ErrTooLarge where io.LimitedReader would end.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("what the compressed input expands to is %w", ErrTooLarge)
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err
}

// ended says whether the input ended in the middle.
func ended(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// damaged says whether a compressed input is not what was compressed.
func damaged(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.As(err, &corrupt)
}

// brokenBy tells a broken input, which is read as far as it goes, from what
// the caller has to know; nil for that.
func brokenBy(err error) *Broken {
	switch {
	case ended(err):
		return &Broken{Problem: "the file ends in the middle"}
	case damaged(err):
		return &Broken{Problem: "the compressed file is damaged"}
	case errors.Is(err, ErrTooLarge):
		return &Broken{Problem: "the compressed file expands to more than is read"}
	}
	return nil
}

// isEnd says whether the input ended as all do.
func isEnd(err error) bool { return errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) }
