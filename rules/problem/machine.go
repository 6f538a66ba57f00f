package problem

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// JSON prints one object in one line, {"ok","rules","problems"}: whether what was checked passed, how many rules it
// has, and the problems in the list's order ([] if there are none).
func (l List) JSON(w io.Writer, ok bool, rules int) error {
	if l == nil {
		l = List{}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(struct {
		OK       bool `json:"ok"`
		Rules    int  `json:"rules"`
		Problems List `json:"problems"`
	}{ok, rules, l}); err != nil {
		return err
	}
	_, err := w.Write(HarmlessJSON(b.Bytes()))
	return err
}

// HarmlessJSON writes as \uXXXX what encoding/json leaves as it is although it may steer a terminal. Such characters
// stand in strings only, so the JSON says the same.
func HarmlessJSON(doc []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(doc) {
		if steers(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}

// GitHub prints workflow commands, which GitHub Actions shows beside the line in a pull request. Source: GitHub's
// "Workflow commands for GitHub Actions", setting an error message; the escapes are those of its toolkit's command.ts.
func (l List) GitHub(w io.Writer) error {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.workflowCommand() + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p Problem) workflowCommand() string {
	verb := "error"
	if p.Severity == Warning {
		verb = "warning"
	}
	var properties []string
	add := func(name, value string) {
		properties = append(properties, name+"="+escapeProperty(harmless(value)))
	}
	if p.File != "" {
		add("file", p.File)
	}
	if p.Line > 0 {
		add("line", fmt.Sprint(p.Line))
	}
	if p.Line > 0 && p.Column > 0 {
		add("col", fmt.Sprint(p.Column))
	}
	if p.Code != "" {
		add("title", p.Code)
	}
	lead := "::" + verb
	if len(properties) > 0 {
		lead += " " + strings.Join(properties, ",")
	}
	message := harmless(p.says())
	if p.Hint != "" {
		message += "\nhint: " + harmless(p.Hint)
	}
	return lead + "::" + escapeData(message)
}

func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
