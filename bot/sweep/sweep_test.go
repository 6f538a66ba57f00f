package sweep_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/sweep"
)

func TestWhatNothingToldOfIsFedOnce(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.comment("500", "1", time.Hour)
		y.reply("501", "500", "bob", "me too", 30*time.Minute)
		y.keys[account+"/comment/502"] = true
		y.comment("502", "1", time.Hour)
		y.rounds(4)
		y.expect("500", "501")
		y.ended(sweep.Done, sweep.Done, sweep.Done, sweep.Done)
		reply := y.fed[1]
		if reply.Thread != "500" || reply.Media != "1" || reply.Account != account || reply.Rank != 1 {
			t.Errorf("%+v", reply)
		}
		if ago := reply.Received.Sub(reply.Notified); ago < 30*time.Minute || ago > 35*time.Minute {
			t.Errorf("it is told to be of %v ago", ago)
		}
	})
}

// The first round too feeds nothing that is too old, and a comment may come to be too old while it waits.
func TestWhatIsTooOldIsNeverFed(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.comment("500", "1", 25*time.Hour)
		y.comment("501", "1", 24*time.Hour)
		y.comment("502", "1", 24*time.Hour-2*time.Minute)
		y.reply("503", "500", "bob", "hi", 2*time.Hour)
		y.comment("504", "1", 24*time.Hour-20*time.Minute)
		y.refuse = errFull
		s := y.start()
		time.Sleep(4 * time.Minute)
		y.mu.Lock()
		y.refuse = nil
		y.mu.Unlock()
		time.Sleep(30 * time.Minute)
		s.Stop()
		y.expect("504", "503")
	})
}

func TestWhatIsNobodyElsesToAnswerIsPassed(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.terms.Aliases = []string{"4711"}
		own := instagramtest.GuideUsername
		y.comment("500", "1", 5*time.Hour) // answered by hand
		y.reply("501", "500", own, "it is 5", 4*time.Hour)
		y.reply("502", "500", "bob", "thanks", 3*time.Hour) // after the answer
		y.comment("510", "1", 5*time.Hour)
		y.reply("511", "510", "bob", "and for me?", 4*time.Hour)
		y.reply("512", "510", "bobby", "and me?", 4*time.Hour)
		y.reply("513", "510", own, "@bob 6", 3*time.Hour)
		y.fake.AddComment(instagramtest.Comment{ID: "520", MediaID: "1", Username: "eve", Text: "spam", Hidden: true, Timestamp: time.Now().Add(-time.Hour)})
		y.fake.AddComment(instagramtest.Comment{ID: "521", MediaID: "1", FromID: "4711", Text: "ours", Timestamp: time.Now().Add(-time.Hour)})
		y.fake.AddComment(instagramtest.Comment{ID: "522", MediaID: "1", Username: strings.ToUpper(own), Text: "ours", Timestamp: time.Now().Add(-time.Hour)})
		y.rounds(2)
		y.expect("512", "502")
	})
}

// What was just written is left to its notification for a minute, and not forgotten.
func TestWhatIsFreshWaitsForItsNotification(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.newer(6) // so that it isn't read again for its own sake
		s := y.start()
		time.Sleep(30 * time.Second)
		y.comment("500", "1", 0) // the first round is 30 s later
		time.Sleep(time.Minute)
		y.expect()
		time.Sleep(every)
		s.Stop()
		y.expect("500")
	})
}

func TestALongThreadIsReadOn(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.comment("500", "1", 10*time.Hour)
		want := []string{"600", "1200", "500"} // what is read later is fed later
		for i, id := range numbered(1000, 130) {
			y.reply(id, "500", "bob", "hi", 9*time.Hour-time.Duration(i)*time.Minute)
			want = append(want, id)
		}
		y.comment("600", "1", 11*time.Hour)
		y.reply("1200", "600", "bob", "hi", time.Hour) // a short thread needs no call
		y.rounds(1)
		y.expect(want...)
		if n := y.calls("/500/replies"); n != 3 || y.calls("") != 5 {
			t.Errorf("%d calls for the thread of %d", n, y.calls(""))
		}
	})
}

// Of a thread that never ends four pages are read besides the replies that come along, and nothing of it is fed: somebody
// may have answered further on.
func TestAThreadWithoutEnd(t *testing.T) {
	inYard(t, instagramtest.Options{RefuseFields: []string{"parent_id"}}, func(y *yard) {
		y.comment("500", "1", 10*time.Hour)
		y.comment("501", "1", 10*time.Hour)
		for i, id := range numbered(1000, 400) {
			y.reply(id, "500", "bob", "hi", 9*time.Hour-time.Duration(i)*time.Minute)
		}
		for i, id := range numbered(2000, 200) {
			y.reply(id, "501", "bob", "hi", 9*time.Hour-time.Duration(i)*time.Minute)
		}
		y.rounds(3)
		if n := y.calls("/500/replies"); n > 3*(4+1) { // one is refused for a field
			t.Errorf("%d calls", n)
		}
		if len(y.fed) != 1+200 {
			t.Errorf("%d were fed", len(y.fed))
		}
		for _, a := range y.fed {
			if a.Thread != "501" {
				t.Errorf("%s is of thread %s, which has no end", a.Key, a.Thread)
			}
		}
	})
}

// Where more media change than a round can read, each has its turn.
func TestMediaTakeTurns(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.newer(40)
		s := y.start()
		for n := range 3 {
			for i := range 40 {
				y.comment(fmt.Sprint(1000*(n+1)+i), fmt.Sprint(100+i), 2*time.Minute)
			}
			time.Sleep(every)
		}
		s.Stop()
		for i := range 40 {
			if y.calls(fmt.Sprintf("/%d/comments", 100+i)) == 0 {
				t.Errorf("media %d was never read", 100+i)
			}
		}
	})
}

// A round makes 25 calls at most, 8 of them for one media; the next ones go on where it ended.
func TestARoundIsBoundedAndTheNextGoesOn(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		var want []string
		for i, id := range numbered(10_000, 1100) {
			y.comment(id, "1", 20*time.Hour-time.Duration(i)*time.Minute)
			want = append(want, id)
		}
		y.newer(30)
		for _, id := range numbered(100, 30) {
			y.comment("9"+id, id, time.Hour)
			want = append(want, "9"+id)
		}
		s := y.start()
		calls, ofOne := 0, 0
		for n := range 8 {
			time.Sleep(every)
			synctest.Wait()
			if made := y.calls("") - calls; made > 25 {
				t.Errorf("round %d made %d calls", n, made)
			}
			if made := y.calls("/1/comments") - ofOne; made > 8 {
				t.Errorf("round %d made %d calls for one media", n, made)
			}
			calls, ofOne = y.calls(""), y.calls("/1/comments")
		}
		s.Stop()
		var got []string
		for _, a := range y.fed {
			got = append(got, strings.TrimPrefix(a.Key, account+"/comment/"))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%d of %d comments were found", len(got), len(want))
		}
		if y.results[0] != sweep.Unfinished || y.results[len(y.results)-1] != sweep.Done {
			t.Errorf("%v", y.results)
		}
	})
}

// At rest a round costs a call for the list and one for each of the five newest media.
func TestWhatARoundCosts(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.newer(30)
		for _, id := range numbered(100, 25) { // the others are the newest, and have none
			y.comment("9"+id, id, 30*time.Hour)
		}
		y.media("2") // has none either, and is old
		s := y.start()
		defer s.Stop()
		time.Sleep(20 * time.Minute)
		if y.calls("/2/comments") > 0 {
			t.Error("where no comments are they are read")
		}
		before := y.calls("")
		time.Sleep(every)
		if made := y.calls("") - before; made != 6 {
			t.Errorf("%d calls", made)
		}
		y.comment("700", "1", 2*time.Minute) // on the oldest of all
		before = y.calls("")
		time.Sleep(every)
		if made := y.calls("") - before; made != 7 {
			t.Errorf("%d calls where one media has changed", made)
		}
		y.expect("700")
	})
}

// Where Meta doesn't tell how many comments there are, only the newest media are read again and again.
func TestUnknownNumbersOfComments(t *testing.T) {
	inYard(t, instagramtest.Options{RefuseFields: []string{"media.comments_count"}}, func(y *yard) {
		y.newer(9)
		y.comment("500", "1", time.Hour)
		s := y.start()
		defer s.Stop()
		time.Sleep(2*time.Minute + every)
		before := y.calls("")
		time.Sleep(every)
		if made := y.calls("") - before; made != 6 {
			t.Errorf("%d calls", made)
		}
		y.expect("500")
	})
}

func TestBeforeTheAppIsLiveNothingIsFound(t *testing.T) {
	inYard(t, instagramtest.Options{InDevelopment: true}, func(y *yard) {
		y.comment("500", "1", time.Hour)
		y.rounds(2)
		y.expect()
		y.ended(sweep.Done, sweep.Done)
	})
}
