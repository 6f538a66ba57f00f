package main

import (
	"bytes"
	"fmt"
	"slices"
)

// bareAccount is whose a change without its envelope is, where nobody says more: nobody's, and no author's either.
const bareAccount = "17841400000000000"

// enveloped puts a change, or a list of them, into the envelope that it lacks. Meta's dashboard shows a test as {"field": …, "value": …},
// though it posts more, and that is what people paste.
func enveloped(change []byte) []byte {
	const before = `{"object": "instagram", "entry": [{"id": "` + bareAccount + `", "changes": `
	if !bytes.HasPrefix(bytes.TrimSpace(change), []byte("[")) {
		change = slices.Concat([]byte("["), change, []byte("]"))
	}
	return slices.Concat([]byte(before), change, []byte("}]}"))
}

// address gives the changes of a bare sample the account that is known, if it is one alone, and says which it is.
func (d *dryRun) address(s sample) {
	account, known := bareAccount, map[string]bool{}
	for _, k := range d.known {
		known[k.ID] = true
	}
	hint := " (give --account ID=USERNAME for another)"
	if len(known) == 1 {
		hint = ""
		for account = range known {
		}
	}
	for i := range s.notification.Changes {
		s.notification.Changes[i].EntryID = account
	}
	fmt.Fprintf(d.stderr, "%s: a change without its envelope, as Meta's dashboard shows it; it is taken as one that came to account %s%s\n", s.name, account, hint)
}
