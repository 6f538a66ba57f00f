package main

import (
	"strings"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// witness is what was seen from outside of the daemon: what it took, what it called, what it said, and what was done
// to it.
type witness struct {
	// expected are the events that were answered with 200, by the ledger's key.
	expected map[string]expected
	// said is what stands at Instagram, in the order in which it came there.
	said []said
	// tried are the calls that met a trouble, by the group of what they were about.
	tried map[string][]tried
	// refused are the ids of what a read was refused for good.
	refused map[string]bool
	upsets  []upset
	// revisions are those that were ever good.
	revisions map[int]bool
	// ends are those of the daemon that nobody asked for.
	ends []string
}

// expected is an event that was taken, as its sender knows it.
type expected struct {
	key, group, account, media, thread string
	number                             int // of the event; -1 for an echo
	subject                            subject
	taken                              time.Time // when it was first sent
}

// said is a public reply.
type said struct {
	id, account, media, group, text string
	at                              time.Time
}

// tried is a call that met a trouble.
type tried struct {
	at   time.Time
	what string
	trouble
}

// upset is that something failed: for one account, or for all.
type upset struct {
	at      time.Time
	account string
	what    string
}

// scribe writes down what is witnessed. It is told by many.
type scribe struct {
	mu   sync.Mutex
	seen witness
	now  func() time.Time
}

func newScribe(now func() time.Time) *scribe {
	return &scribe{now: now, seen: witness{
		expected: map[string]expected{}, tried: map[string][]tried{}, refused: map[string]bool{}, revisions: map[int]bool{},
	}}
}

// took notes that an event was answered with 200.
func (s *scribe) took(e expected) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.seen.expected[e.key]; !known {
		s.seen.expected[e.key] = e
	}
}

func (s *scribe) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen.expected)
}

// upset notes that something failed; an empty account stands for all.
func (s *scribe) upset(account, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.upsets = append(s.seen.upsets, upset{s.now(), account, what})
}

func (s *scribe) good(revision int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.revisions[revision] = true
}

func (s *scribe) ended(how string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.ends = append(s.seen.ends, how)
}

// called notes a call with the trouble that it meets.
func (s *scribe) called(r instagramtest.Request, t trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.upsets = append(s.seen.upsets, upset{s.now(), r.Account, r.Method + " " + t.name})
	if r.Method == "POST" {
		group := groupOf(r.Path, flat(r.Form.Get("comment_id"), r.Form.Get("media_id")), r.Form.Get("message"))
		s.seen.tried[group] = append(s.seen.tried[group], tried{s.now(), "POST " + r.Path, t})
		return
	}
	id := idIn(r)
	s.seen.tried[id] = append(s.seen.tried[id], tried{s.now(), "GET " + r.Edge + " " + id, t})
	if t.final {
		s.seen.refused[id] = true
	}
}

// replied notes a reply.
func (s *scribe) replied(r instagramtest.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	group := groupOf(r.Path, flat(r.Form["comment_id"], r.Form["media_id"]), r.Text)
	s.seen.said = append(s.seen.said, said{r.ID, r.Account, r.Media, group, r.Text, s.now()})
}

// groupOf is the group of events that a reply is one of: it goes by where it is said, and by whom it names.
func groupOf(path, target, text string) string {
	thread, onOwn := strings.CutSuffix(strings.TrimPrefix(path, "/"), "/replies")
	if !onOwn {
		return target
	}
	_, about, named, ok := taken(text)
	switch {
	case !ok:
		return "?/" + thread
	case about == thanks:
		return "thanks/" + thread
	default:
		return commentID(named)
	}
}

func flat(comment, media string) string {
	if comment != "" {
		return comment
	}
	return media
}

// idIn is what a read is about.
func idIn(r instagramtest.Request) string {
	fields := r.Query.Get("fields")
	for _, parameter := range []string{".comment_id(", ".media_id("} {
		if _, rest, found := strings.Cut(fields, parameter); found {
			id, _, _ := strings.Cut(rest, ")")
			return id
		}
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/")
	return id
}
