package rpc

import (
	"encoding/json"
	"fmt"
)

// WireSecret is a secret on its way over the wire. Printing it in any form
// says [redacted]; only encoding a message reveals it.
//
// The value stands behind a pointer, because fmt prints a struct's bytes for
// %p whatever its Format says.
type WireSecret struct{ value *string }

const redacted = "[redacted]"

// NewWireSecret wraps a value for one message.
func NewWireSecret(value string) WireSecret { return WireSecret{&value} }

// Reveal returns the value.
func (s WireSecret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// String, GoString and Format keep the value out of logs and errors.
func (s WireSecret) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (s WireSecret) GoString() string { return redacted }

// Format implements fmt.Formatter for every verb.
func (s WireSecret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalJSON reveals the value: it is called for the message that carries it.
func (s WireSecret) MarshalJSON() ([]byte, error) { return json.Marshal(s.Reveal()) }

// UnmarshalJSON reads it from a message.
func (s *WireSecret) UnmarshalJSON(data []byte) error {
	var value string
	if err := json.Unmarshal(data, &value); err != nil {
		return err
	}
	*s = NewWireSecret(value)
	return nil
}
