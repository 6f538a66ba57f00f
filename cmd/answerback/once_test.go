package main

import (
	"fmt"
	"sync"
	"testing"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

const onceRules = `rules:
  - name: welcome
    once_per: [user, ever]
    reply: "Welcome @{{ from.username }}!"
`

// fromAda is a comment of always the same author. Elsewhere than on own media her id isn't told, only her name.
func (s *site) fromAda(n int) instagramtest.Change {
	c := instagramtest.Comment{ID: commentID(n), MediaID: ownMedia, FromID: "917", Username: "ada", Text: fmt.Sprint("hello @bluebottle ", n)}
	if n%2 == 0 {
		s.fake.AddComment(c)
		return s.fake.CommentChange(instagramtest.GuideAccountID, c.ID)
	}
	c.MediaID = instagramtest.GuideMediaID
	s.fake.AddComment(c)
	return instagramtest.MentionChange(instagramtest.GuideAccountID, c.MediaID, c.ID)
}

// crowd sends as many notifications at once, of the comments from a number on, each once.
func (s *site) crowd(t *testing.T, from, n int) {
	t.Helper()
	var changes []instagramtest.Change
	for i := range n {
		changes = append(changes, s.fromAda(from+i))
	}
	var senders sync.WaitGroup
	for _, change := range changes {
		senders.Go(func() {
			if err := s.fake.Notify(t.Context(), s.daemon.webhook, change); err != nil {
				t.Error(err)
			}
		})
	}
	senders.Wait()
}

// A rule answers a person once, whatever comes: a hundred comments at the same time, a crash, a restart.
func TestOncePerUser(t *testing.T) {
	t.Parallel()
	const crowd = 100
	s := newSite(t, onceRules)
	s.start(t)
	s.crowd(t, 0, crowd)
	s.until(t, "events stay open", func() bool { return s.metric("answerback_inbox_backlog") == "0" })
	s.until(t, "she is answered", func() bool { return s.fake.ReplyCount() > 0 })
	s.stop(t)

	s.start(t)
	s.crowd(t, crowd, crowd)
	if err := s.daemon.kill(); err != nil { // with some of them in work
		t.Fatal(err)
	}
	s.start(t)
	s.crowd(t, crowd, crowd) // Meta sends them again
	s.until(t, "events stay open", func() bool { return s.metric("answerback_inbox_backlog") == "0" })
	s.stop(t)

	found, counts := s.ledger(t)
	if len(found) != 2*crowd || counts.Verdicts[ledger.VerdictReply] != 1 || counts.Verdicts[ledger.VerdictSkipped] != 2*crowd-1 {
		t.Errorf("%d events: %+v", len(found), counts)
	}
	for _, v := range found {
		if v.Verdict == ledger.VerdictSkipped && v.Because != rules.BecauseOncePer {
			t.Errorf("event %s is skipped because %s", v.Event.ID, v.Because)
		}
	}
	if n := s.fake.ReplyCount(); n != 1 {
		t.Errorf("she got %d replies", n)
	}
}
