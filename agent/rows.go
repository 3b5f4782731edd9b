package agent

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rs/zerolog"

	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/signature"
)

// useRows puts the signature rows of a folder in force, or the built-in ones
// when it has none. A file that is refused is an error, and the built-in rows
// are in force.
func useRows(folder, key string) error {
	signature.Use(nil)
	path := filepath.Join(folder, signature.FileName)
	set, err := readRows(path, key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("reading %s: %w", path, err)
	}
	signature.Use(set)
	return nil
}

func readRows(path, key string) (*signature.Set, error) {
	if err := paths.TrustedFile(path); err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, signature.MaxFile+1))
	if err != nil {
		return nil, err
	}
	public, _ := hex.DecodeString(key) // what is no key is refused as none
	return signature.Load(data, ed25519.PublicKey(public))
}

// logRows says once which rows are in force, and why others are not.
func logRows(log zerolog.Logger, problem error) {
	if problem != nil {
		log.Error().Err(problem).Str("part", "signature").Str("hint", hintOf(problem)).Msg("working with the built-in signatures")
	}
	o := signature.InForce().Origin()
	log.Info().Str("part", "signature").Int("rows", o.Rows).Int("serial", o.Serial).Bool("file", o.File).Msg("signatures in force")
}
