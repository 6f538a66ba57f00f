package instagramtest

import (
	"errors"
	"strings"
)

// field is one of the `fields` parameter: name, .argument(value) …, {sub,fields}.
type field struct {
	name      string
	arguments map[string]string
	subs      []field
}

var errFields = errors.New("unexpected end of string")

// parseFields reads the `fields` parameter. Source: Meta's guide "Field expansion".
func parseFields(s string) ([]field, error) {
	if s == "" {
		return nil, nil
	}
	fields, rest, err := parseList(s, 0)
	if err != nil || rest != "" {
		return nil, errFields
	}
	return fields, nil
}

// parseList reads fields up to a closing brace, which it leaves.
func parseList(s string, depth int) (fields []field, rest string, err error) {
	if depth > 4 {
		return nil, "", errFields
	}
	for {
		var f field
		if f, s, err = parseField(s, depth); err != nil {
			return nil, "", err
		}
		fields = append(fields, f)
		if !strings.HasPrefix(s, ",") {
			return fields, s, nil
		}
		s = s[1:]
	}
}

func parseField(s string, depth int) (f field, rest string, err error) {
	f.name, s = parseName(s)
	if f.name == "" {
		return f, "", errFields
	}
	for strings.HasPrefix(s, ".") {
		var name string
		name, s = parseName(s[1:])
		value, after, ok := strings.Cut(strings.TrimPrefix(s, "("), ")")
		if name == "" || !strings.HasPrefix(s, "(") || !ok {
			return f, "", errFields
		}
		if f.arguments == nil {
			f.arguments = map[string]string{}
		}
		f.arguments[name], s = value, after
	}
	if strings.HasPrefix(s, "{") {
		if f.subs, s, err = parseList(s[1:], depth+1); err != nil {
			return f, "", err
		}
		if !strings.HasPrefix(s, "}") {
			return f, "", errFields
		}
		s = s[1:]
	}
	return f, s, nil
}

func parseName(s string) (name, rest string) {
	i := 0
	for i < len(s) && isNameByte(s[i]) {
		i++
	}
	return s[:i], s[i:]
}
