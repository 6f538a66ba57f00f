package sweep_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/sweep"
	"github.com/sirupsen/logrus"
)

// Without room nothing is read and nothing fed, not even what was read already; with it the work goes on.
func TestWithoutRoomNothingIsDone(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		for i, id := range numbered(500, 25) {
			y.comment(id, "1", time.Hour-time.Duration(i)*time.Second)
		}
		left := 3 // the list, the comments, one batch of ten
		y.room = func() bool { left--; return left >= 0 }
		s := y.start()
		time.Sleep(every)
		y.expect(numbered(500, 10)...)
		if y.calls("") != 2 {
			t.Errorf("%d calls", y.calls(""))
		}
		y.mu.Lock()
		y.room = func() bool { return true }
		y.mu.Unlock()
		time.Sleep(every)
		s.Stop()
		y.expect(numbered(500, 25)...)
		y.ended(sweep.NoRoom, sweep.Done)
	})
}

// What had to wait for room is read again before it is fed: somebody may have answered it by hand meanwhile.
func TestWhatWaitedIsReadAgain(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.newer(6) // so that it isn't read again for its own sake
		y.comment("500", "1", 2*time.Hour)
		y.comment("501", "1", time.Hour)
		left := 8 // the list, and the comments of six media, and on to feeding
		y.room = func() bool { left--; return left > 0 }
		s := y.start()
		time.Sleep(time.Hour)
		y.expect()
		y.reply("600", "500", instagramtest.GuideUsername, "by hand", time.Minute)
		y.mu.Lock()
		y.room = func() bool { return true }
		y.mu.Unlock()
		time.Sleep(2 * every)
		s.Stop()
		y.expect("501")
	})
}

// What is fed takes room until it is worked off, and the round waits for that.
func TestARoundWaitsForWhatItFed(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		for i, id := range numbered(500, 50) {
			y.comment(id, "1", time.Hour-time.Duration(i)*time.Second)
		}
		fed, worked := 0, time.Now()
		y.room = func() bool {
			if len(y.fed) > fed {
				fed, worked = len(y.fed), time.Now().Add(9*time.Second)
			}
			return !time.Now().Before(worked)
		}
		y.rounds(1)
		y.expect(numbered(500, 50)...)
		y.ended(sweep.Done)
	})
}

// Rounds that fail are followed by longer and longer waits, up to an hour, and by the usual ones when it goes again.
func TestFailuresAreNotRepeatedInAStorm(t *testing.T) {
	for name, fault := range map[string]instagramtest.Fault{
		"server":     {Status: 503},
		"token":      {Code: 190, Message: "expired"},
		"permission": {Code: 10, Message: "no permission"},
		"throttled":  {Code: 80002, Message: "too many calls"},
	} {
		t.Run(name, func(t *testing.T) {
			inYard(t, instagramtest.Options{}, func(y *yard) {
				y.comment("500", "1", time.Hour)
				y.fake.Fail(instagramtest.Match{}, fault)
				s := y.start()
				defer s.Stop()
				time.Sleep(12 * time.Hour)
				if n := y.calls(""); n < 12 || n > 24 {
					t.Errorf("%d calls in 12 hours", n)
				}
				warned := 0
				for _, e := range y.hook.AllEntries() {
					if e.Level == logrus.WarnLevel {
						warned++
					}
				}
				if ends := y.ends(); warned != len(ends) || ends[0] != sweep.Failed {
					t.Errorf("%d warnings of %v", warned, ends)
				}
				y.fake.Mend()
				time.Sleep(time.Hour + every)
				y.expect("500")
				before := y.calls("")
				time.Sleep(every)
				if y.calls("") == before {
					t.Error("it goes on no more often than while it failed")
				}
			})
		})
	}
}

func TestMetasWordOfWhenToComeAgainHolds(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.fake.Fail(instagramtest.Match{}, instagramtest.Fault{Code: 80002, Message: "too many calls", Header: http.Header{"Retry-After": {"18000"}}, Times: 1})
		s := y.start()
		defer s.Stop()
		time.Sleep(5 * time.Hour)
		if n := y.calls(""); n != 1 {
			t.Errorf("%d calls", n)
		}
		time.Sleep(2 * time.Minute)
		if y.calls("") == 1 {
			t.Error("never tried again")
		}
	})
}

// Media that can't be read keep nobody else's comments from being found, and aren't asked for again and again.
func TestAMediaThatIsGoneIsPassedOver(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.media("2")
		y.comment("500", "1", time.Hour)
		y.comment("501", "2", time.Hour)
		y.fake.Fail(instagramtest.Match{Path: "/2/comments"}, instagramtest.Fault{Code: 100, Subcode: 33, Message: "does not exist"})
		y.rounds(2)
		y.expect("500")
		y.ended(sweep.Done, sweep.Done)
		if n := y.calls("/2/comments"); n != 2 {
			t.Errorf("%d calls", n)
		}
	})
}

// Where the rest of a thread isn't shown, nobody knows whether somebody has answered in it already.
func TestAThreadThatIsNotShownIsLeftAlone(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.comment("500", "1", 10*time.Hour)
		for i, id := range numbered(1000, 30) {
			y.reply(id, "500", "bob", "hi", 9*time.Hour-time.Duration(i)*time.Minute)
		}
		y.reply("1100", "500", instagramtest.GuideUsername, "by hand", time.Hour)
		y.comment("501", "1", time.Hour)
		y.fake.Fail(instagramtest.Match{Path: "/500/replies"}, instagramtest.Fault{Code: 100, Subcode: 33, Message: "does not exist"})
		y.rounds(2)
		y.expect("501")
		y.ended(sweep.Done, sweep.Done)
	})
}

// A cursor that doesn't hold any more has the comments be read from the top.
func TestACursorThatIsRefused(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		for i, id := range numbered(500, 60) {
			y.comment(id, "1", time.Hour-time.Duration(i)*time.Second)
		}
		y.newer(6) // so that it isn't read again for its own sake
		y.fake.Fail(instagramtest.Match{Path: "/1/comments"}, instagramtest.Fault{Header: http.Header{}, Times: 1})
		y.fake.Fail(instagramtest.Match{Path: "/1/comments"}, instagramtest.Fault{Code: 100, Message: "Invalid cursors values", Times: 1})
		y.rounds(2)
		if y.found != 60 {
			t.Errorf("%d of 60 were found", y.found)
		}
	})
}

func TestAnInboxThatTakesNothing(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.comment("500", "1", time.Hour)
		y.refuse = errFull
		s := y.start()
		defer s.Stop()
		time.Sleep(2 * time.Minute)
		y.ended(sweep.Failed)
		y.mu.Lock()
		y.refuse = nil
		y.mu.Unlock()
		time.Sleep(3 * every)
		y.expect("500")
	})
}

func TestAPanicIsThatRoundsError(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.comment("500", "1", time.Hour)
		y.panics = true
		y.rounds(3)
		y.expect("500")
		if e := y.hook.AllEntries()[0]; !strings.Contains(e.Data[logrus.ErrorKey].(error).Error(), "a bug") {
			t.Errorf("said %v", e.Data)
		}
	})
}

// A stop waits for no answer, and no round begins after it.
func TestAStopCutsACall(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.comment("500", "1", time.Hour)
		y.hangs = true
		s := y.start()
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		began := time.Now()
		s.Stop()
		if took := time.Since(began); took > 0 {
			t.Errorf("the stop took %v", took)
		}
		calls := y.calls("")
		time.Sleep(time.Hour)
		if y.calls("") != calls {
			t.Error("it goes on after the stop")
		}
		y.expect()
		y.ended()
	})
}

func TestAStopWithoutAStart(t *testing.T) {
	sweep.New(sweep.Options{}).Stop()
}

// Nobody reads in a log what people wrote.
func TestTheLogTellsNumbers(t *testing.T) {
	inYard(t, instagramtest.Options{}, func(y *yard) {
		y.comment("500", "1", time.Hour)
		y.rounds(2)
		told := 0
		for _, e := range y.hook.AllEntries() {
			line, err := e.String()
			if err != nil || strings.Contains(line, "how much") {
				t.Errorf("%v: %s", err, line)
			}
			if e.Level == logrus.InfoLevel {
				told++
			}
		}
		if told != 1 {
			t.Errorf("told %d times", told)
		}
	})
}
