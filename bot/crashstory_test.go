package bot_test

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
)

// story is what several lives did to the platform, and learned from it.
type story struct {
	mu    sync.Mutex
	facts []fact
}

type fact struct{ what, of string }

func (s *story) tell(what, of string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.facts = append(s.facts, fact{what, of})
}

// looked tells of a thread that could be read.
func (s *story) looked(of string, thread instagram.Thread, err error) (instagram.Thread, error) {
	if err == nil {
		s.tell("look", of)
	}
	return thread, err
}

// The invariants, each with the word that a violation begins with.
const (
	saidTwice    = "said twice"
	unended      = "has not one end"
	onItsWay     = "still on its way"
	notInLedger  = "a reply that the ledger doesn't know"
	neverSaid    = "a reply that was never made"
	needlessly   = "unknown though it could be told"
	withoutALook = "sent again without two looks"
	otherwise    = "ends otherwise, and nobody died"
)

// examine looks for violations in what became of the events, each known by what it is about.
func (c *crash) examine(ctx context.Context, targets []string, seqs []int64) (violations []string) {
	for i, target := range targets {
		var replies []instagramtest.Reply
		for _, r := range c.fake.Replies() {
			if r.Comment == target || r.Comment == "" && r.Media == target {
				replies = append(replies, r)
			}
		}
		if len(replies) > 1 {
			violations = append(violations, saidTwice)
		}
		deliveries, err := c.true.Deliveries(ctx, seqs[i])
		if _, noEntry := c.true.Record(ctx, seqs[i]); err != nil || noEntry != nil || len(deliveries) != 1 {
			violations = append(violations, unended)
			continue
		}
		if v := c.judge(deliveries[0], replies); v != "" {
			violations = append(violations, v)
		}
		if !c.died && (deliveries[0].State != c.fate.state || c.story.posts(target) != c.fate.posts) {
			violations = append(violations, otherwise)
		}
		if !c.story.looksBefore(target, deliveries[0].ID) {
			violations = append(violations, withoutALook)
		}
	}
	return violations
}

// judge compares a delivery's end with what the platform has.
func (c *crash) judge(d ledger.Settled, replies []instagramtest.Reply) string {
	has := len(replies) > 0
	switch {
	case !d.State.Ended() && d.State != ledger.Unknown:
		return onItsWay
	case d.State == ledger.Posted && !has:
		return neverSaid
	case d.State == ledger.Posted && d.Fate.PostedID != replies[0].ID && !(c.fate.unnamed && d.Fate.PostedID == ""):
		return notInLedger
	case d.State != ledger.Posted && d.State != ledger.Unknown && has:
		return notInLedger
	case d.State == ledger.Unknown && has && !c.fate.hidden:
		return needlessly
	case d.State == ledger.Unknown && !has && !c.fate.hidden && !c.fate.unheard && d.Attempts < 2:
		return needlessly // of two tries that both failed nothing more is known than that nothing was said
	default:
		return ""
	}
}

// looksBefore reports whether between two POSTs for one event either Meta's answer told that nothing was done, or the
// thread was read twice.
func (s *story) looksBefore(target string, delivery int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	posted, looks := false, 0
	for _, f := range s.facts {
		switch f {
		case fact{"unsent", fmt.Sprint("delivery ", delivery)}:
			posted = false
		case fact{"look", target}:
			looks++
		case fact{"post", target}:
			if posted && looks < 2 {
				return false
			}
			posted, looks = true, 0
		}
	}
	return true
}

// posts counts those for an event.
func (s *story) posts(target string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(s.facts), func(f fact) bool { return f != fact{"post", target} }))
}
