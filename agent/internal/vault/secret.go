package vault

import (
	"encoding/json"
	"fmt"
	"io"
)

const redacted = "[redacted]"

// Secret is a password. However it is printed, logged or encoded it says
// [redacted]; only Reveal returns it. Copies share the value, so that Wipe
// reaches all of them. The zero value is empty.
type Secret struct{ held *held }

// held stands behind a pointer because fmt prints through it for no verb, not
// even for %p, which passes Format by.
type held struct{ value []byte }

var (
	_ fmt.Formatter  = Secret{}
	_ fmt.GoStringer = Secret{}
	_ json.Marshaler = Secret{}
)

// NewSecret copies value.
func NewSecret(value string) Secret { return secretOf([]byte(value)) }

// secretOf takes value over.
func secretOf(value []byte) Secret { return Secret{&held{value}} }

func (s Secret) bytes() []byte {
	if s.held == nil {
		return nil
	}
	return s.held.value
}

// Reveal returns the value. The string cannot be wiped: keep it short-lived.
func (s Secret) Reveal() string { return string(s.bytes()) }

// Wipe overwrites the value in this Secret and all copies of it with zeros.
func (s Secret) Wipe() { clear(s.bytes()) }

// String implements fmt.Stringer.
func (s Secret) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (s Secret) GoString() string { return redacted }

// Format implements fmt.Formatter for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalJSON implements json.Marshaler.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText implements encoding.TextMarshaler.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
