// Command sign makes the file of signature rows that an installed readmit
// takes from its system folder instead of the built-in rows:
//
//	go run ./agent/signature/internal/cmd/sign -new-key release.key     # once; prints the public key for about.SignatureKey
//	go run ./agent/signature/internal/cmd/sign -key release.key -serial 2026112501 -out signatures.signed
//	sudo install -D -m 0644 signatures.signed /etc/readmit/signatures.signed
//
// The serial is the day and a number, at least that of signature.go, and grows
// with each file. The file replaces all built-in rows, so that it holds all of
// -rows. The agent reads it when it starts.
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/readmit/readmit/agent/atomicfile"
	"github.com/readmit/readmit/agent/signature"
	"github.com/readmit/readmit/agent/signature/internal/source"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sign:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	f := flag.NewFlagSet("sign", flag.ContinueOnError)
	newKey := f.String("new-key", "", "make a private key, write it to this `file` and print the public one")
	key := f.String("key", "", "sign with the private key in this `file`")
	rows := f.String("rows", "agent/signature/rows", "the `folder` of YAML rows")
	serial := f.Int("serial", 0, "the `number` of this file, larger than that of the one before")
	out := f.String("out", signature.FileName, "write this `file`")
	if err := f.Parse(args); err != nil {
		return err
	}
	switch {
	case *newKey != "":
		return makeKey(*newKey)
	case *key == "":
		return errors.New("-key or -new-key is needed")
	}
	private, err := readKey(*key)
	if err != nil {
		return err
	}
	all, err := source.Read(os.DirFS(*rows))
	if err != nil {
		return err
	}
	file := signature.Seal(*serial, source.Compile(all), private)
	// What no readmit would take is not written.
	set, err := signature.Load(file, private.Public().(ed25519.PublicKey))
	if err != nil {
		return err
	}
	if err := atomicfile.Write(*out, file, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d rows, serial %d\n", *out, set.Origin().Rows, *serial)
	return nil
}

func makeKey(path string) error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // never over a key that signed something
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, hex.EncodeToString(private.Seed()))
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	fmt.Println(hex.EncodeToString(public))
	return nil
}

func readKey(path string) (ed25519.PrivateKey, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	seed, err := hex.DecodeString(strings.TrimSpace(string(data)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s holds no private key of this command", path)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
