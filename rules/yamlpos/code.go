package yamlpos

// Codes are the codes of problems that this package reports, with their meanings.
func Codes() map[string]string {
	return map[string]string{
		CodeUnreadable:   "a file is not plain text in UTF-8",
		CodeSyntax:       "a file is not YAML",
		CodeDocuments:    "a file holds several documents",
		CodeUnsupported:  "a file uses what is left out of YAML here: merge keys, tags, aliases without bound",
		CodeUnknownKey:   "there is no such key here",
		CodeDuplicateKey: "a key stands there twice",
		CodeKind:         "a value is not of the sort that its key needs, as a list in place of a text",
		CodeNoValue:      "a key has no value",
	}
}
