// Package instagram is the platform as it speaks: the shapes of notifications, the Graph API client, its errors by
// class, its usage headers. It is the only code that talks to Meta. What the platform can do, without talking to it,
// stands in rules/platform.
package instagram

import (
	"encoding/json"
	"errors"
	"time"
)

// Change is one change of a notification: what happened once, on one account.
type Change struct {
	// EntryID is entry.id: the account that it came to, as Meta names it. "0" is the dashboard's test button.
	EntryID string
	// Time is entry.time: when the notification was sent, not when it happened. Zero if it is missing.
	Time time.Time
	// Field is what was subscribed to: "comments", "live_comments", "mentions" or "story_insights".
	Field string
	Value Value
	// Raw is the change as it came, as {"field": …, "value": …} without white space; [ParseChange] reads it again.
	Raw json.RawMessage
}

// Value is what changed. Every key may lack. Ids are digits, at most 32, with one "_" between two runs allowed: they
// go into Graph paths.
type Value struct {
	CommentID        string // id or comment_id, whichever is not empty
	Text             string // cut at 10,000 code points
	HasText          bool   // whether there was one, be it empty
	FromID           string
	FromUsername     string
	ParentID         string
	MediaID          string // media.id or media_id
	MediaProductType string
	AdID             string
	OriginalMediaID  string
}

// Ignored is a part of a notification that is not ours to act on.
type Ignored struct {
	Reason string // one of the reasons below
	Name   string // what Meta called it, at most 64 characters: the object's or field's name; the defect, for junk
}

// Why a part is ignored.
const (
	IgnoredObject        = "object"         // about a page, a user …
	IgnoredField         = "field"          // a field that we don't act on
	IgnoredMessaging     = "messaging"      // a direct message, or something about one
	IgnoredChangedFields = "changed_fields" // the app's "Include Values" is off: there is nothing to act on
	IgnoredEmpty         = "empty"          // nothing in it
	IgnoredJunk          = "junk"           // not what Meta is known to send
)

// Notification is one POST of Meta's, read tolerantly.
type Notification struct {
	Changes []Change
	Ignored []Ignored
}

// What Parse and ParseChange may fail with.
var (
	ErrJSON            = errors.New("not JSON")
	ErrNotNotification = errors.New("not a notification: neither object nor entry")
	// ErrBare is the form that Meta's dashboard shows, {"field": …, "value": …}. It doesn't say which account it is
	// about, and it is never posted so.
	ErrBare = errors.New("not a notification: a change without the envelope of object and entry")
)

// Parse reads the body of a notification in every shape that Meta is known to use: one envelope or an array of them,
// changes in a list or flat in the entry, ids as strings or numbers, keys in any order. Every change that it gives is
// of a known [Change.Kind], with the ids that its kind needs. Of two equal keys the last one counts.
//
// An error means that nothing of it could be read as a notification; it never means that some part of it was odd.
// Sources: Meta's guides "Webhooks, getting started" and "Webhooks for Instagram", and bodies that were captured.
func Parse(body []byte) (Notification, error) {
	text, err := validText(body)
	if err != nil {
		return Notification{}, err
	}
	p := parser{walker: walker{s: text}, raws: make([]byte, 0, len(body))}
	switch p.at() {
	case '{':
		p.envelope()
	case '[':
		for range p.elements() {
			p.envelope()
		}
	}
	switch {
	case p.envelopes > 0:
		return p.n, nil
	case p.bare:
		return Notification{}, ErrBare
	default:
		return Notification{}, ErrNotNotification
	}
}

// ParseChange reads [Change.Raw] again. EntryID and Time are not part of it. The error says what is wrong with it.
func ParseChange(raw []byte) (Change, error) {
	text, err := validText(raw)
	if err != nil {
		return Change{}, err
	}
	p := parser{walker: walker{s: text}}
	p.change()
	if len(p.n.Changes) == 1 {
		return p.n.Changes[0], nil
	}
	return Change{}, &changeError{p.n.Ignored[0]}
}

// changeError tells why a change can't be read.
type changeError struct{ Ignored }

func (e *changeError) Error() string {
	return "not a change of ours: " + e.Reason + " " + e.Name
}
