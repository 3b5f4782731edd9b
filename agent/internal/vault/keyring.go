package vault

import (
	"context"
	"errors"

	"github.com/zalando/go-keyring"

	"github.com/readmit/readmit/agent/about"
)

// keyringStore is the keyring of the desktop: Secret Service, Keychain or
// Credential Manager. Every call asks reach first, which says without a prompt
// whether it can be used.
type keyringStore struct{}

const (
	unlockHint = "unlock the keyring, or sign in to the desktop again"
	absentHint = `start a keyring such as gnome-keyring or KWallet, or run "readmit credential store --file"`
)

func (k keyringStore) get(ctx context.Context, name string) (Secret, error) {
	if err := k.check(ctx); err != nil {
		return Secret{}, err
	}
	value, err := keyring.Get(about.Name, name)
	if err != nil {
		return Secret{}, keyringError(err)
	}
	return NewSecret(value), nil
}

func (k keyringStore) set(ctx context.Context, name string, s Secret) error {
	if err := k.check(ctx); err != nil {
		return err
	}
	return keyringError(keyring.Set(about.Name, name, s.Reveal()))
}

func (k keyringStore) remove(ctx context.Context, name string) error {
	if err := k.check(ctx); err != nil {
		return err
	}
	return keyringError(keyring.Delete(about.Name, name))
}

func (keyringStore) check(ctx context.Context) error {
	state, cause := reach(ctx)
	switch {
	case state == StateOK:
		return nil
	case ctx.Err() != nil:
		return gaveUp(ctx)
	case state == StateLocked:
		return &Error{ErrLocked, cause, unlockHint}
	default:
		return &Error{ErrAbsent, cause, absentHint}
	}
}

func keyringError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return &Error{ErrNotFound, nil, ""}
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return &Error{ErrTooBig, nil, ""}
	default:
		return &Error{ErrBroken, err, `run "readmit doctor"`}
	}
}
