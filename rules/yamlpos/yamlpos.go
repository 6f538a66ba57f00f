// Package yamlpos is strict YAML that remembers where each value stood. It decodes a document into structs by their
// yaml tags and reports everything that is wrong at once, each problem with line and column: syntax, unknown keys
// (with the nearest known one), duplicate keys, wrong kinds of values, values that are missing, merge keys, several
// documents.
//
// Words keep the form in which they were written: `on`, `no`, `007` and `1e3` are the texts "on", "no", "007" and
// "1e3" where text is wanted. Only a bare `null`, `~` or nothing at all is no value.
//
// The package knows shapes, not meanings: which keys are required and which words are allowed is the caller's
// business, who gets with every value the means to complain about it in its place.
package yamlpos

import "github.com/answerback/answerback/rules/problem"

// The codes of the problems found here.
const (
	CodeUnreadable   = "E101" // not UTF-8, or with control characters in it
	CodeSyntax       = "E102" // not YAML
	CodeDocuments    = "E103" // several documents in a file
	CodeUnsupported  = "E104" // merge keys, tags, aliases that grow without bound, keys that aren't words
	CodeUnknownKey   = "E105"
	CodeDuplicateKey = "E106"
	CodeKind         = "E107" // a list where text is wanted, and the like
	CodeNoValue      = "E108" // nothing, or an empty text
)

// Parse reads one YAML document in UTF-8, with or without a byte order mark, with lines that end in LF or CR LF. file
// is the name that problems bear. The Doc is never nil; a part of which a problem was reported is left out of it, so
// that decoding it adds what else is wrong.
func Parse(file string, src []byte) (*Doc, problem.List) {
	d := &Doc{source: newSource(file, src)}
	if found := d.source.unreadable(); found != nil {
		return d, found
	}
	root, found := d.read()
	if root == nil {
		return d, found
	}
	found = append(found, d.inspect(root)...)
	return d, found
}
