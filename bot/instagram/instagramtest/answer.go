package instagramtest

import (
	"strconv"
	"unicode/utf16"
)

// answer is what a call is answered with.
type answer struct {
	status int
	body   []byte
}

// refusal is an error of Meta's.
type refusal struct {
	code, subcode int
	message       string
	kind          string
}

func invalid(message string) refusal { return refusal{code: 100, message: "(#100) " + message} }

// missing is Meta's answer where an object doesn't exist, or isn't the asker's to see.
func missing(method, id string) refusal {
	return refusal{code: 100, subcode: 33, kind: "GraphMethodException", message: "Unsupported " + method +
		" request. Object with ID '" + id + "' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"}
}

// answer writes Meta's envelope. Source: guide "Handling errors".
func (r refusal) answer(trace string) answer {
	kind := r.kind
	if kind == "" {
		kind = "OAuthException"
	}
	b := append([]byte(nil), `{"error":{"message":`...)
	b = appendString(b, r.message)
	b = append(b, `,"type":`...)
	b = appendString(b, kind)
	b = append(b, `,"code":`...)
	b = strconv.AppendInt(b, int64(r.code), 10)
	if r.subcode != 0 {
		b = append(b, `,"error_subcode":`...)
		b = strconv.AppendInt(b, int64(r.subcode), 10)
	}
	b = append(b, `,"fbtrace_id":`...)
	b = appendString(b, trace)
	b = append(b, `}}`...)
	status := 400
	if r.code == 190 {
		status = 401
	}
	return answer{status: status, body: b}
}

// created is the answer to what was made.
func created(id string) answer {
	return answer{status: 200, body: []byte(`{"id":"` + id + `"}`)}
}

// appendString writes a JSON string as Meta does: everything but ASCII escaped, in lower-case hexadecimal, and slashes
// too. Source: Messenger Platform, "Webhooks", and what was captured.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\' || r == '/':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r >= ' ' && r < 0x7f:
			b = append(b, byte(r))
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			b = appendEscape(appendEscape(b, high), low)
		default:
			b = appendEscape(b, r)
		}
	}
	return append(b, '"')
}

func appendEscape(b []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
