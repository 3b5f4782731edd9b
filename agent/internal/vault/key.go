package vault

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
)

// longestName keeps the names below what macOS takes on a command line
// together with a secret, and Windows as a target (512 bytes with the service).
const longestName = 400

func (k Key) check() error {
	switch {
	case k.Origin == "":
		return &Error{ErrBroken, errors.New("a key without an origin"), ""}
	case len(k.Origin) > MaxOrigin, len(k.Realm) > MaxRealm, len(k.Account) > MaxAccount:
		return &Error{ErrTooBig, errors.New("the origin, realm or account is too long"), ""}
	}
	return nil
}

// name is the key as the store sees it. It is the same on every system and in
// every version, differs for different keys, and can be read in the desktop's
// own password program unless the realm is a long one.
func (k Key) name() string {
	name := url.QueryEscape(k.Account) + " at " + url.QueryEscape(k.Origin) + " in " + url.QueryEscape(k.Realm)
	if len(name) <= longestName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return "sha256 " + hex.EncodeToString(sum[:])
}
