package yamlpos

import (
	"regexp"
	"strings"
)

// Messages of the parser that need special care. Source: yaml.v3 3.0.1, scannerc.go and parserc.go.
const (
	msgStart         = "found character that cannot start any token"
	msgSecondColon   = "mapping values are not allowed in this context"
	msgKey           = "did not find expected key"
	msgTab           = "found a tab character that violates indentation"
	msgTabInBlock    = "found a tab character where an indentation space is expected"
	msgMissingColon  = "could not find expected ':'"
	msgUnknownAnchor = "unknown anchor"
)

// fromParser tells messages of the parser from those of the scanner before it, which counts lines otherwise.
func fromParser(message string) bool {
	switch message {
	case msgKey, "did not find expected '-' indicator", "did not find expected node content",
		"found undefined tag handle", "did not find expected <document start>", "found incompatible YAML document",
		"found duplicate %YAML directive", "found duplicate %TAG directive":
		return true
	}
	return flowUnclosed(message)
}

func flowUnclosed(message string) bool {
	return message == "did not find expected ',' or ']'" || message == "did not find expected ',' or '}'"
}

// explain puts a message of the parser into words for people who don't know YAML's grammar.
func explain(message string) (text, hint string) {
	switch message {
	case msgStart:
		return "text can't begin with this character", "quote it"
	case msgSecondColon:
		return `a ":" is not allowed here`, "check the indentation of this line and of the one above"
	case msgKey, "did not find expected '-' indicator", "did not find expected <document start>":
		return "this line doesn't fit what stands above it", "check the indentation and the quotes of this line and of the one above"
	case msgMissingColon:
		return `a ":" is missing after the key`, `a line is "key: value", or "- value" in a list; check the indentation`
	case "did not find expected ',' or ']'":
		return "the [ is not closed by a ], or a comma is missing", ""
	case "did not find expected ',' or '}'":
		return "the { is not closed by a }, or a comma is missing", ""
	case "did not find expected node content":
		return "a value is missing", "quote text that begins with [, {, ] or }"
	case "found unexpected end of stream", "found unexpected document indicator":
		return "the quoted text that begins here has no closing quote", ""
	case "found unknown escape character":
		return `an unknown escape: \ has a meaning between double quotes`, `use single quotes, or write \\`
	case "found invalid Unicode character escape code", "did not find expected hexdecimal number":
		return `an escape (\x, \u or \U) doesn't name a character`, `use single quotes, or write \\`
	case msgTab, msgTabInBlock:
		return "a tab is used for indentation", "use spaces"
	case "block sequence entries are not allowed in this context":
		return `a list entry ("- ") can't begin here`, "put it into a line of its own, or quote the text"
	case "mapping keys are not allowed in this context":
		return `a "? " can't begin here`, "quote the text"
	case "did not find expected comment or line break":
		return "nothing may follow a | or > in its line", "begin the text in the next line, or quote it"
	case "found an indentation indicator equal to 0":
		return "0 is no indentation", ""
	case "did not find expected alphabetic or numeric character":
		return "a name must follow a * or &", "quote text that begins with * or &"
	case "found undefined tag handle", "did not find expected tag URI", "did not find expected '!'",
		"did not find URI escaped octet", "did not find the expected '>'", "did not find expected whitespace or line break":
		return "a tag (!…) is not supported", "quote text that begins with !"
	}
	switch {
	case strings.HasPrefix(message, msgUnknownAnchor):
		return "this alias (*…) stands for nothing: there is no such anchor", "quote text that begins with *"
	case strings.Contains(message, "directive"), strings.Contains(message, "version number"):
		return "a line that begins with % is not supported", "quote text that begins with %"
	}
	return "not YAML: " + message, ""
}

// A value is what follows the key, or the dash, of a line.
var (
	valueOfKey   = regexp.MustCompile(`^\s*(?:- +)*[^\s"'{\[#:][^"'{\[:]*:\s+(\S.*)$`)
	valueOfItem  = regexp.MustCompile(`^\s*(?:- +)+(\S.*)$`)
	missingSpace = regexp.MustCompile(`^\s*(?:- +)*[A-Za-z_]+:[^\s:/]`)
)

const spaceMissing = `a space is missing after the ":"`

// meaningful are the characters that can't begin an unquoted text, or have it mean something else.
const meaningful = "\"'`@%&*!|>{}[]?-,"

func valueIn(line string) string {
	parts := valueOfKey.FindStringSubmatch(line)
	if parts == nil {
		parts = valueOfItem.FindStringSubmatch(line)
	}
	if parts == nil {
		return ""
	}
	return parts[1]
}

// mayBeTrap reports whether a message may come from unquoted text that is taken for something else.
func mayBeTrap(message string) bool {
	switch message {
	case msgStart, msgSecondColon, msgKey, msgMissingColon, "did not find expected '-' indicator",
		"did not find expected alphabetic or numeric character":
		return true
	}
	return flowUnclosed(message) || strings.HasPrefix(message, msgUnknownAnchor)
}

// trapIn looks in a line that couldn't be parsed for the ways in which unquoted text goes wrong.
func trapIn(line string) (hint string) {
	value := strings.TrimSpace(valueIn(line))
	switch {
	case missingSpace.MatchString(line):
		return spaceMissing
	case value == "":
		return ""
	case strings.HasPrefix(value, "{{"):
		return `text that begins with {{ must stand in quotes: "{{ … }}"`
	case strings.ContainsRune("@`%&*!", rune(value[0])):
		return "quote text that begins with " + value[:1]
	case value[0] == '"':
		return `the quotes must enclose the whole value; between double quotes write \" for one, or put single quotes round it all`
	case value[0] == '\'':
		return `the quotes must enclose the whole value; between single quotes write '' for one, or put double quotes round it all`
	case value[0] == '[' && !strings.HasSuffix(value, "]") && strings.Contains(value, "]"):
		return "quote text that begins with ["
	case strings.Contains(value, ": ") && !strings.ContainsRune("[{|>", rune(value[0])):
		return `quote text that contains ": "`
	}
	return ""
}
