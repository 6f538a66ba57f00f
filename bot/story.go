package bot

import (
	"sync"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules/platform"
)

// stories remembers the events whose figures were told though a rule failed: they are all that a person may have judged
// again, and the story ended once.
type stories struct {
	mu     sync.Mutex
	failed map[int64]bool
}

// first reports whether the figures of an event, which was decided now, are still to be told.
func (s *stories) first(seq int64, failed bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	told := s.failed[seq]
	switch {
	case !failed:
		delete(s.failed, seq)
	case s.failed == nil:
		s.failed = map[int64]bool{seq: true}
	default:
		s.failed[seq] = true
	}
	return !told
}

// tellStory has the figures of a story that has ended counted, once its event is decided.
func (b *Bot) tellStory(item *inbox.Item, record *ledger.Record) {
	event := &record.Event
	if event.Kind == platform.StoryInsights && b.stories.first(item.Seq, record.Verdict == ledger.VerdictError) {
		b.Observe.Story(event.Account.ID, event.Story.Figures())
	}
}
