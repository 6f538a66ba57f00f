package bot_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/sweep"
	logtest "github.com/sirupsen/logrus/hooks/test"
)

// swept counts the rounds that have ended, and what they found.
type swept struct {
	mu            sync.Mutex
	ended         *sync.Cond
	rounds, found int
}

func (s *swept) Swept(_ string, _ sweep.Result, found int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rounds++
	s.found += found
	s.ended.Broadcast()
}

// until waits until so many more rounds have ended, and so many comments were found in all. It gives how many were.
func (s *swept) until(more, found int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for end := s.rounds + more; s.rounds < end || s.found < found; {
		s.ended.Wait()
	}
	return s.found
}

// sweeping looks for missed comments all the time, until the test has its rounds.
func (d *daemon) sweeping() (*sweep.Sweep, *swept) {
	d.t.Helper()
	client := instagram.NewClient(instagram.Options{Version: "v26.0", Timeout: 5 * time.Second})
	d.t.Cleanup(client.Close)
	log, _ := logtest.NewNullLogger()
	rounds := &swept{}
	rounds.ended = sync.NewCond(&rounds.mu)
	s := sweep.New(sweep.Options{
		Accounts: []sweep.Account{{ID: account, Username: instagramtest.GuideUsername, Every: time.Millisecond, Since: 24 * time.Hour}},
		Graph:    d.bot.Leisure(client), Inbox: d.bot, Observe: rounds, Log: log, Now: time.Now,
	})
	s.Start(d.t.Context())
	return s, rounds
}

// asked puts a comment in that was written some minutes ago, and gives the notification of it.
func (d *daemon) asked(id string) instagramtest.Change {
	d.fake.AddMedia(instagramtest.Media{ID: "21", Owner: instagramtest.GuideUsername})
	d.fake.AddComment(instagramtest.Comment{ID: id, MediaID: "21", FromID: "77", Username: "ada", Text: "how much?", Timestamp: time.Now().Add(-5 * time.Minute)})
	return d.fake.CommentChange(account, id)
}

// A comment of which no notification came is found and answered once, though the notification comes after all; and our
// own reply, which is on the same media, is found by nobody.
func TestALostNotification(t *testing.T) {
	d := newDaemon(t)
	late := d.asked("501")
	d.start()
	defer d.stop()
	s, rounds := d.sweeping()
	defer s.Stop()
	rounds.until(1, 1)
	d.settled(1)
	d.notify(late, late)
	found := rounds.until(3, 1)
	counts := d.settled(1)
	if replies := d.fake.Replies(); found != 1 || decided(counts) != 1 || len(replies) != 1 || replies[0].Comment != "501" {
		t.Errorf("found %d, %+v, replies %+v", found, counts, replies)
	}
}

// The notification and the sweep tell of the same comments at the same time: one answer each.
func TestASweepAndNotificationsAtOnce(t *testing.T) {
	d := newDaemon(t)
	all := ids(60)
	var changes []instagramtest.Change
	for _, id := range all {
		changes = append(changes, d.asked(id))
	}
	d.start()
	defer d.stop()
	s, rounds := d.sweeping()
	defer s.Stop()
	var senders sync.WaitGroup
	for _, change := range changes {
		senders.Go(func() {
			if err := d.fake.Notify(t.Context(), d.url(), change); err != nil {
				t.Error(err)
			}
		})
	}
	senders.Wait()
	counts := d.settled(len(all))
	rounds.until(3, 0)
	answered := map[string]int{}
	for _, r := range d.fake.Replies() {
		answered[r.Comment]++
	}
	for _, id := range all {
		if answered[id] != 1 {
			t.Errorf("comment %s was answered %d times", id, answered[id])
		}
	}
	if decided(counts) != len(all) || counts.Verdicts[ledger.VerdictReply] != len(all) {
		t.Errorf("%+v", counts)
	}
}

// What the door and the sweep make of one comment differs in nothing but when it came.
func TestTheSweepIsADoorLikeTheOther(t *testing.T) {
	var facts []string
	for _, way := range []string{"door", "sweep"} {
		d := newDaemon(t)
		change := d.asked("501")
		d.fake.AddComment(instagramtest.Comment{ID: "502", MediaID: "21", ParentID: "501", FromID: "78", Username: "bob", Text: "how much?", Timestamp: time.Now().Add(-5 * time.Minute)})
		d.start()
		if way == "door" {
			d.notify(change, d.fake.CommentChange(account, "502"))
		} else {
			s, rounds := d.sweeping()
			rounds.until(1, 2)
			s.Stop()
		}
		d.settled(2)
		told := ""
		for seq := int64(1); seq <= 2; seq++ {
			record, err := d.store.Record(t.Context(), seq)
			if err != nil {
				t.Fatal(err)
			}
			event := record.Event
			event.Time = time.Time{}
			told += fmt.Sprintf("%+v %s %s\n", event, record.Verdict, record.Rule)
		}
		facts = append(facts, told)
		d.stop()
	}
	if facts[0] != facts[1] {
		t.Errorf("the door: %s\nthe sweep: %s", facts[0], facts[1])
	}
}

// Nothing is read at leisure while something waits, the account is to be spared, or the bot can't work.
func TestNoLeisure(t *testing.T) {
	d := newDaemon(t)
	d.start()
	leisure := d.bot.Leisure(nil)
	room := func(account string) bool { return leisure.Room(t.Context(), account) }
	if !room(account) || room("1") {
		t.Error("an idle account has no room, or an unknown one has")
	}
	d.bot.Called(instagram.Call{Account: account, Class: instagram.ClassOK, Usage: instagram.Usage{Calls: 60}})
	if room(account) {
		t.Error("there is room though most of the limit is used up")
	}
	d.bot.Drain()
	if room(account) {
		t.Error("there is room while the daemon stops")
	}
	d.stop()
}
