package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/yamlpos"

	"github.com/answerback/answerback/rules/expression"
)

// rule is a compiled rule. It is immutable.
type rule struct {
	settings
	name    string
	enabled bool
	when    *located // nil: always true
	unless  *located // nil: always false
	goesOn  bool
	actions
	about Rule
}

// located is a condition with where it stands.
type located struct {
	*expression.Condition
	key string
	at  yamlpos.Text
}

// source is the condition as it is written; empty if there is none.
func (x *located) source() string {
	if x == nil {
		return ""
	}
	return x.at.Value
}

// variant is one of a rule's replies, or what else it says, with where it stands.
type variant struct {
	*expression.Template
	id  string
	key string // reply, or the template that it belongs to
	at  yamlpos.Text
}

// variantID is what a reply is known by. It depends on its text alone, so that it stays when others are edited.
func variantID(written string) string {
	sum := sha256.Sum256([]byte(written))
	return hex.EncodeToString(sum[:6])
}

// reads lists the fields that the rule looks at.
func (r *rule) reads() []string {
	var reads []string
	for _, x := range []*located{r.when, r.unless} {
		if x != nil {
			reads = append(reads, x.Reads()...)
		}
	}
	for _, v := range r.texts() {
		reads = append(reads, v.Reads()...)
	}
	return reads
}

// kinds is a set of kinds, a bit for each in the order of platform.Kinds.
type kinds uint16

func kindsOf(list ...platform.Kind) kinds {
	var k kinds
	for _, kind := range list {
		if i := slices.Index(platform.Kinds(), kind); i >= 0 {
			k |= 1 << i
		}
	}
	return k
}

func (k kinds) has(kind platform.Kind) bool { return k&kindsOf(kind) != 0 }

// accounts are those that a rule applies to; empty: any.
type accounts []string // ids, and usernames in lower case

func (a accounts) take(account Account) bool {
	if len(a) == 0 || slices.Contains(a, account.ID) {
		return true
	}
	if account.Username == "" {
		return a.byUsername()
	}
	return slices.Contains(a, strings.ToLower(account.Username))
}

// byUsername is true if an entry can only be a username. One of digits alone may be an id as well, and an account's
// id is always known.
func (a accounts) byUsername() bool {
	return slices.ContainsFunc(a, func(entry string) bool { return !isID(entry) })
}

// isID tells ids as the platform gives them: runs of digits, of which there may be two with an underscore between.
func isID(s string) bool {
	if len(s) == 0 || len(s) > 32 {
		return false
	}
	head, tail, two := strings.Cut(s, "_")
	return digits(head) && (!two || digits(tail))
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// pick says which of several replies is given.
type pick string

const (
	pickRotate pick = "rotate" // drawn when it is entered, other than the last one
	pickRandom pick = "random" // drawn from the event
	pickFirst  pick = "first"
)

// rotates reports whether the reply is drawn when it is entered.
func (r *rule) rotates() bool { return r.pick == pickRotate && len(r.replies) > 1 }

// drawn is the number by which a reply is chosen. It depends on the event's id alone, so that a retry and a replay say
// the same, and on the rule's name, so that two rules don't always draw alike.
func (r *rule) drawn(event *Event) uint64 { return number(event.ID, r.name) }

// chosen is the reply to give, of those that stand there, as far as the event tells.
func (r *rule) chosen(from []variant, event *Event) *variant {
	if len(from) == 1 || r.pick == pickFirst {
		return &from[0]
	}
	return &from[r.drawn(event)%uint64(len(from))]
}

// applies tells why a rule isn't meant for an event, or not now; "" if it is.
func (r *rule) applies(event *Event, kind kinds, now time.Time) Because {
	switch {
	case !r.enabled:
		return BecauseDisabled
	case r.kinds&kind == 0:
		return BecauseKind
	case !r.accounts.take(event.Account):
		return BecauseAccount
	case len(r.media) > 0 && !r.takesMedia(event.Media):
		return BecauseMedia
	case r.active != nil && !r.active.Active(now):
		return BecauseInactive
	}
	return ""
}

func (r *rule) takesMedia(m Media) bool {
	return slices.Contains(r.media, m.ID) || m.OriginalID != "" && slices.Contains(r.media, m.OriginalID)
}
