package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/readmit/readmit/agent/rpc"
)

// maxSecretLine bounds what is read of stdin; the agent takes less.
const maxSecretLine = 64 << 10

// secret takes a secret from the person: from the first line of stdin, or typed
// at a terminal that does not show it. It is never an argument, which other
// users see in the list of processes.
func (s streams) secret(prompt string, fromStdin bool) (rpc.WireSecret, error) {
	if fromStdin {
		return readSecret(s.in)
	}
	f, ok := s.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return rpc.WireSecret{}, hinted{errors.New("there is no terminal to type a secret at"), "give it on standard input, with --stdin"}
	}
	_, _ = fmt.Fprint(s.err, prompt+": ")
	typed, err := term.ReadPassword(int(f.Fd()))
	say(s.err, "")
	if err != nil {
		return rpc.WireSecret{}, fmt.Errorf("reading what was typed: %w", err)
	}
	defer clear(typed)
	return rpc.NewWireSecret(string(typed)), nil
}

// readSecret reads one line, with or without its end.
func readSecret(in io.Reader) (rpc.WireSecret, error) {
	lines := bufio.NewReader(io.LimitReader(in, maxSecretLine))
	line, err := lines.ReadBytes('\n')
	defer clear(line)
	if err != nil && !errors.Is(err, io.EOF) {
		return rpc.WireSecret{}, fmt.Errorf("reading standard input: %w", err)
	}
	if _, err := lines.ReadByte(); err == nil {
		return rpc.WireSecret{}, errors.New("standard input holds more than one line")
	}
	return rpc.NewWireSecret(string(bytes.TrimRight(line, "\r\n"))), nil
}
