package platform

// CanHide reports whether the comment of an event of the kind can be hidden: only one on media of the account's own, and
// not on a live broadcast. Source: reference "IG Comment", updating.
func (k Kind) CanHide() bool { return k == Comment }

// HideRequest is the call that hides a comment. To hide one that is hidden changes nothing.
func HideRequest(comment string) Request {
	return Request{Method: "POST", Path: "/" + comment, Form: map[string]string{"hide": "true"}}
}
