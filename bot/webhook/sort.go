package webhook

import (
	"errors"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

// Why the door itself ignores a part of a notification; the other reasons are instagram's.
const (
	ignoredTest    = "test_event"
	ignoredAccount = "account"
)

// testEntry is the account's id in what the test button of Meta's dashboard sends. Source: captured notifications.
const testEntry = "0"

// sorted is a notification's content: events that are ours, with their kinds, and all else.
type sorted struct {
	arrivals []inbox.Arrival
	kinds    []platform.Kind
	ignored  []instagram.Ignored
}

func (h *Handler) sort(n instagram.Notification, received time.Time) sorted {
	s := sorted{
		arrivals: make([]inbox.Arrival, 0, len(n.Changes)),
		kinds:    make([]platform.Kind, 0, len(n.Changes)),
		ignored:  n.Ignored,
	}
	for i := range n.Changes {
		change := &n.Changes[i]
		account, known := h.accounts[change.EntryID]
		switch {
		case change.EntryID == testEntry:
			s.ignored = append(s.ignored, instagram.Ignored{Reason: ignoredTest, Name: change.Field})
		case !known:
			s.ignored = append(s.ignored, instagram.Ignored{Reason: ignoredAccount, Name: change.EntryID})
		default:
			s.arrivals = append(s.arrivals, arrival(change, account, received))
			s.kinds = append(s.kinds, change.Kind())
		}
	}
	return s
}

func arrival(change *instagram.Change, account string, received time.Time) inbox.Arrival {
	target := platform.Target{
		Kind:    change.Kind(),
		Account: account,
		Comment: change.Value.CommentID,
		Parent:  change.Value.ParentID,
		Media:   change.Value.MediaID,
	}
	return inbox.Arrival{
		Key:      change.Key(account),
		Rank:     change.Rank(),
		Account:  account,
		Thread:   target.Thread(),
		Media:    target.Media,
		Change:   change.Raw,
		Notified: change.Time,
		Received: received,
	}
}

// ignore counts what isn't ours, and says so where somebody can do something about it.
func (h *Handler) ignore(part instagram.Ignored) {
	h.observe.Ignored(part.Reason, part.Name)
	how := sayingOf(part.Reason)
	log, due := h.cry.due(part.Reason+" "+part.Name, how.every)
	if !due {
		return
	}
	log = log.WithField("reason", part.Reason).WithField("name", part.Name)
	if how.mend {
		log.Warn(how.say)
	} else {
		log.Info(how.say)
	}
}

// saying is how often something is said, in which words, and whether somebody should mend it.
type saying struct {
	every time.Duration
	say   string
	mend  bool
}

func sayingOf(reason string) saying {
	switch reason {
	case ignoredTest:
		return saying{every: time.Second,
			say: "Meta's test button: the notification came in and its signature is right. A test is never answered"}
	case ignoredAccount:
		return saying{every: time.Hour, mend: true,
			say: "notification ignored: its account is not among accounts; add its id there, or to the aliases of the account that it belongs to"}
	case instagram.IgnoredChangedFields:
		return saying{every: time.Hour, mend: true,
			say: `notification ignored: it bears only the names of what changed; turn "Include Values" on in the app's webhook settings`}
	case instagram.IgnoredJunk:
		return saying{every: sometimes, mend: true,
			say: "part of a notification ignored: it is signed, and nothing that Meta is known to send"}
	default:
		return saying{every: once, say: "part of a notification ignored: not ours to answer"}
	}
}

// junk counts a body that is signed and unreadable. To send it again would not mend it.
func (h *Handler) junk(err error) {
	name := "unreadable"
	switch {
	case errors.Is(err, instagram.ErrJSON):
		name = "not JSON"
	case errors.Is(err, instagram.ErrBare):
		name = "bare change"
	case errors.Is(err, instagram.ErrNotNotification):
		name = "not a notification"
	}
	h.observe.Ignored(instagram.IgnoredJunk, name)
	if log, due := h.cry.due("junk "+name, sometimes); due {
		log.WithError(err).WithField("name", name).Warn("notification ignored: it is signed, and can't be read")
	}
}
