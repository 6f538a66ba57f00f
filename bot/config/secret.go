package config

import (
	"encoding/json"
	"fmt"
	"io"
)

// Secret is a text that must not be seen. However it is printed or marshaled, "[secret]" comes out; Reveal gives the
// text to the one place that needs it.
type Secret string

const hidden = "[secret]"

// Reveal is the text itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the text.
func (s Secret) String() string { return hidden }

// GoString hides the text.
func (s Secret) GoString() string { return hidden }

// Format hides the text from every verb, %x and %d included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalJSON hides the text.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(hidden) }
