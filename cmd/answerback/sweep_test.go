package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

const sweepRules = `rules:
  - name: welcome
    max_age: 2h
    reply: "Welcome @{{ from.username }}!"
`

// missed puts a comment in of which nobody is told, written some time ago.
func (s *site) missed(id string, ago time.Duration) instagramtest.Change {
	s.fake.AddComment(instagramtest.Comment{ID: id, MediaID: ownMedia, FromID: "917", Username: "ada", Text: "hello", Timestamp: time.Now().Add(-ago)})
	return s.fake.CommentChange(instagramtest.GuideAccountID, id)
}

// What no notification told of is answered, once, whatever comes later: the notification, the next rounds, a restart.
func TestMissedComments(t *testing.T) {
	t.Parallel()
	s := newSite(t, sweepRules)
	config, err := os.ReadFile(filepath.Join(s.dir, "answerback.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.dir, "answerback.yaml"), string(config)+"sweep: {every: 1s, since: 24h}\n")
	late := s.missed(commentID(1), 10*time.Minute)
	s.missed(commentID(2), 3*time.Hour)  // too old for the rule
	s.missed(commentID(3), 25*time.Hour) // and for the sweep
	s.start(t)
	found := fmt.Sprintf("answerback_sweep_found_total{account=%q}", instagramtest.GuideAccountID)
	done := fmt.Sprintf("answerback_sweep_rounds_total{account=%q,result=\"done\"}", instagramtest.GuideAccountID)
	s.until(t, "the missed comments are found and answered", func() bool { return s.metric(found) == "2" && s.fake.ReplyCount() == 1 })
	if err := s.fake.Notify(t.Context(), s.daemon.webhook, late); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the notification that comes late is known", func() bool { return s.metric("answerback_events_duplicate_total") == "1" })
	s.stop(t)

	s.start(t)
	s.until(t, "a whole round is made after the restart", func() bool { return s.metric(done) != "0" && s.metric(done) != "" })
	if got := s.metric(found); got != "0" {
		t.Errorf("%s comments were found again", got)
	}
	s.stop(t)
	events, counts := s.ledger(t)
	if len(events) != 2 || s.fake.ReplyCount() != 1 || s.fake.Replies()[0].Comment != commentID(1) {
		t.Errorf("%+v, replies %+v", counts, s.fake.Replies())
	}
}
