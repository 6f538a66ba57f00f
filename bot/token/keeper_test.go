package token_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

// in runs a test in a bubble, on a stage whose keeper is stopped at the end.
func in(t *testing.T, age time.Duration, test func(s *stage)) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, age)
		defer func() {
			if s.Keeper != nil {
				s.stop()
			}
		}()
		test(s)
	})
}

// A daemon that runs for years never lets a token end, and asks about once a month.
func TestTokensLiveOn(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.start()
		for range 365 {
			s.pass(day)
			s.meta.mu.Lock()
			issued := s.meta.issued[s.Token("1")]
			s.meta.mu.Unlock()
			if left := instagram.TokenLife - time.Since(issued); left < 29*day {
				t.Fatalf("a token has %s left", left)
			}
		}
		s.renewals(1 + 365/30)
		if s.changed != s.meta.gifts() {
			t.Errorf("told of %d changes of %d", s.changed, s.meta.gifts())
		}
	})
}

// Tokens that live shorter than they used to are renewed once a day, and not more often.
func TestShortLives(t *testing.T) {
	in(t, 5*day, func(s *stage) {
		s.meta.lasts = 10 * day
		s.start()
		s.pass(20 * day)
		if n := s.meta.renewals(); n < 19 || n > 21 || n != s.meta.gifts() {
			t.Errorf("%d renewals were asked for in 20 days, %d given", n, s.meta.gifts())
		}
	})
}

// A token of today can't be renewed; that is tried again in a day, and not more often.
func TestTokenOfToday(t *testing.T) {
	in(t, time.Hour, func(s *stage) {
		s.start()
		s.renewals(1)
		s.said(1, "level=warning", "was not renewed", "first day")
		s.uses(first)
		s.pass(day - time.Minute)
		s.renewals(1)
		s.pass(time.Hour)
		s.renewals(2)
		s.uses("IGAArenewed1")
	})
}

func TestKeptInItsFile(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		path := s.inFile()
		s.key = ""
		s.start()
		s.uses("IGAArenewed1")
		if got := s.read(path); got != "IGAArenewed1\n" {
			t.Errorf("the file has %q", got)
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != 0o640 {
			t.Errorf("the file has another mode: %v, %v", info.Mode(), err)
		}
		if others, err := os.ReadDir(path[:strings.LastIndexByte(path, '/')]); err != nil || len(others) != 1 {
			t.Errorf("left behind: %v, %v", others, err)
		}
		s.configure("IGAArenewed1") // as the daemon does when it sees the file
		s.uses("IGAArenewed1")
		s.said(0, "taken up")
		s.restart()
		s.pass(29 * day)
		s.renewals(1)
		s.pass(2 * day)
		s.renewals(2)
		if got := s.read(path); got != "IGAArenewed2\n" {
			t.Errorf("the file has %q", got)
		}
	})
}

// A link is followed, as people link to where their secrets are.
func TestKeptInALinkedFile(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		path := s.inFile()
		if err := os.Symlink(path, path+".link"); err != nil {
			t.Fatal(err)
		}
		s.account.File = path + ".link"
		s.start()
		if info, err := os.Lstat(path + ".link"); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link is gone: %v", err)
		}
		if got := s.read(path); got != "IGAArenewed1\n" {
			t.Errorf("the file has %q", got)
		}
	})
}

func TestKeptInTheStore(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.start()
		s.uses("IGAArenewed1")
		s.restart()
		s.uses("IGAArenewed1")
		s.renewals(1)
		if want := time.Now().Add(instagram.TokenLife); s.Ends()["1"].After(want) || s.Ends()["1"].Before(want.Add(-time.Minute)) {
			t.Errorf("ends at %s", s.Ends()["1"])
		}
		t.Run("is void where another token is configured", func(t *testing.T) {
			s.meta.set(func() { s.meta.issued["IGAAoperator"] = time.Now() })
			s.account.AccessToken = "IGAAoperator"
			s.restart()
			s.uses("IGAAoperator")
		})
	})
}

func TestKeptWithAnotherKey(t *testing.T) {
	for name, spoil := range map[string]func(s *stage){
		"another key": func(s *stage) { s.key = otherKey },
		"no key":      func(s *stage) { s.key = "" },
		"spoiled":     func(s *stage) { s.spoil(func(b []byte) []byte { b[len(b)-1]++; return b }) },
		"cut":         func(s *stage) { s.spoil(func(b []byte) []byte { return b[:20] }) },
		"empty":       func(s *stage) { s.spoil(func([]byte) []byte { return []byte{} }) },
	} {
		t.Run(name, func(t *testing.T) {
			in(t, 50*day, func(s *stage) {
				s.start()
				s.meta.fails(errNetwork)
				s.log.take()
				spoil(s)
				s.restart()
				s.uses(first)
				s.said(1, "level=error", "can't be opened")
				s.notes("can't be opened")
				s.pass(day + 2*time.Hour)
				s.said(1, "level=error", "can't be opened")
			})
		})
	}
}

// A start with a wrong key, or with none, doesn't cost the token that the right one opens.
func TestKeptThroughAStartWithoutItsKey(t *testing.T) {
	for _, wrong := range []string{otherKey, ""} {
		in(t, 50*day, func(s *stage) {
			s.start()
			s.meta.fails(errNetwork)
			s.key = wrong
			s.restart()
			s.uses(first)
			s.key = theKey
			s.restart()
			s.uses("IGAArenewed1")
			s.notes("")
		})
	}
}

// The right key may be put in its place while the daemon runs.
func TestTheRightKeyTakenUp(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.start()
		s.meta.fails(errNetwork)
		s.key = otherKey
		s.restart()
		s.key = theKey
		s.configure(first)
		s.uses("IGAArenewed1")
		s.notes("")
	})
}

func (s *stage) spoil(how func([]byte) []byte) {
	kept := s.store.kept["1"]
	kept.Sealed = how(kept.Sealed)
	s.store.kept["1"] = kept
}

// A key that is changed while the daemon runs encrypts what the former one did.
func TestAnotherKeyTakenUp(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.start()
		s.key = otherKey
		s.configure(first)
		s.pass(time.Second)
		s.restart()
		s.uses("IGAArenewed1")
	})
}

// Where a renewed token could not be kept, nothing is renewed, and it is said at the start and two weeks ahead.
func TestNoPlaceToKeepIt(t *testing.T) {
	for name, file := range map[string]string{"no file": "", "no folder": "/proc/version"} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(file); file != "" && err != nil {
				t.Skip("there is no folder here that can't be written to by anyone")
			}
			in(t, 0, func(s *stage) {
				s.key, s.account.File = "", file
				s.start()
				s.said(1, "level=warning", "60 days", "is not renewed", "token_key is not set")
				s.notes("")
				s.pass(45 * day)
				s.said(0, "known since")
				s.pass(day + 2*time.Hour)
				s.said(1, "level=warning", "known since", "in 13 days at the latest", "is not renewed")
				s.notes("in 13 days at the latest")
				s.pass(3 * day)
				s.said(3, "known since")
				s.renewals(0)
			})
		})
	}
}

// What can't be renewed in time is said every day, and that it has ended every day too.
func TestEndsAfterAll(t *testing.T) {
	in(t, 30*day, func(s *stage) {
		s.start()
		s.uses("IGAArenewed1")
		s.meta.fails(errNetwork)
		s.pass(45*day + time.Hour)
		s.notes("")
		s.log.take()
		s.pass(2*day + 3*time.Hour)
		s.said(2, "level=warning", "the access token ends in 1", "could not be renewed: graph: connection refused")
		s.pass(13 * day)
		s.notes("can't be renewed any more")
		s.log.take()
		asked := s.meta.renewals()
		s.pass(3 * day)
		s.said(3, "level=error", "can't be renewed any more: put a new one")
		s.renewals(asked)
		s.meta.fails(nil)
		s.meta.set(func() { s.meta.issued["IGAAoperator"] = time.Now().Add(-day) })
		s.configure("IGAAoperator")
		s.pass(time.Second)
		s.uses("IGAArenewed2")
		s.notes("")
	})
}

func TestTriedAgainSoonAfterTrouble(t *testing.T) {
	in(t, 40*day, func(s *stage) {
		s.meta.fails(errNetwork)
		s.start()
		s.pass(time.Hour)
		if n := s.meta.renewals(); n < 5 || n > 8 {
			t.Errorf("%d tries in the first hour", n)
		}
		s.pass(10 * day)
		if n := s.meta.renewals(); n < 40 || n > 70 {
			t.Errorf("%d tries in ten days", n)
		}
		s.meta.fails(&instagram.Error{Class: instagram.ClassWait, Code: 4, RetryAfter: 20 * time.Hour})
		s.pass(day)
		before := s.meta.renewals()
		s.meta.fails(nil)
		s.pass(time.Hour)
		s.uses(first)
		s.pass(20 * time.Hour)
		s.uses("IGAArenewed1")
		s.renewals(before + 1)
	})
}

// A dead token is said to be dead.
func TestRefusedForGood(t *testing.T) {
	in(t, 70*day, func(s *stage) {
		s.start()
		s.said(1, "level=error", "refuses the access token itself", "#190/463")
		s.said(0, "level=error")
		s.notes("account 1 (bluebottle): Meta refuses the access token: graph: (#190/463) Session has expired; put a new one into the configuration")
		if ends := s.Ends()["1"]; ends.IsZero() || ends.After(time.Now()) {
			t.Errorf("it ends at %s", ends)
		}
		s.pass(3 * day)
		s.renewals(4)
		s.said(3, "level=error")
	})
}

// What was refused for a reason that is over lives on.
func TestRefusedAndTakenAgain(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		checkpoint := &instagram.Error{Class: instagram.ClassHuman, Code: 190, Subcode: 459, Message: "checkpoint"}
		s.meta.fails(checkpoint)
		s.start()
		s.notes("checkpoint")
		s.meta.fails(errNetwork)
		s.pass(day + time.Minute)
		s.notes("checkpoint")
		s.meta.fails(checkpoint)
		s.pass(6 * time.Hour)
		s.meta.fails(nil)
		s.account.AppSecret = "another" // which is a reason to ask again at once
		s.configure(first)
		s.pass(time.Minute)
		s.notes("")
		s.uses("IGAArenewed1")
		if ends := s.Ends()["1"]; time.Until(ends) < 58*day {
			t.Errorf("it ends at %s", ends)
		}
	})
}

// An operator's token that is put into the file while a renewal is under way stays there.
func TestReplacedMeanwhile(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		path := s.inFile()
		s.meta.before = func() { s.write(path, "IGAAoperator") }
		s.start()
		if got := s.read(path); got != "IGAAoperator" {
			t.Errorf("the file has %q", got)
		}
		s.uses(first)
		s.said(1, "level=info", "is dropped")
	})
}

// Before anybody has read the file again, the daemon's configuration still has the former token. Another secret that is
// taken up then doesn't bring it back.
func TestTheFormerTokenIsNotAnother(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		path := s.inFile()
		s.start()
		s.log.take()
		s.configure(first)
		s.uses("IGAArenewed1")
		s.said(0, "another access token")
		s.pass(31 * day)
		s.uses("IGAArenewed2")
		if got := s.read(path); got != "IGAArenewed2\n" {
			t.Errorf("the file has %q", got)
		}
		s.configure("IGAArenewed2")
		s.configure(first) // which a person must have put there
		s.uses(first)
		s.said(1, "another access token")
	})
}

func TestConfiguredMeanwhile(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.meta.before = func() {
			s.meta.before = nil
			s.meta.set(func() { s.meta.issued["IGAAoperator"] = time.Now() })
			s.configure("IGAAoperator")
		}
		s.start()
		s.uses("IGAAoperator")
		if s.changed > 0 {
			t.Error("a renewal of the former token is told of")
		}
		s.restart()
		s.uses("IGAAoperator")
	})
}

// A token that can't be kept just now is used, and kept later.
func TestKeptLater(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.store.fails(os.ErrClosed)
		s.start()
		s.uses("IGAArenewed1")
		s.said(1, "level=error", "can't be kept")
		s.notes("stands nowhere")
		s.store.fails(nil)
		s.pass(2 * time.Hour)
		s.notes("")
		s.restart()
		s.uses("IGAArenewed1")
	})
}

// While a token is being kept on a disk that hangs, readiness, metrics and replies go on with what is known.
func TestToldWhileTheStoreHangs(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.store.hang = true
		s.start()
		s.uses(first)
		s.notes("")
		if ends := s.Ends(); len(ends) > 1 {
			t.Error(ends)
		}
		ctx, cancel := context.WithTimeout(s.t.Context(), time.Second)
		defer cancel()
		s.Stop(ctx)
	})
}

func TestStopFinishesARenewal(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.meta.before = func() { time.Sleep(10 * time.Second) }
		s.start()
		s.restart()
		s.uses("IGAArenewed1")
		s.renewals(1)
	})
}

// A stop that can't wait cuts a call off, and the former token goes on.
func TestStopCutsOff(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.meta.hangs = true
		s.start()
		ctx, cancel := context.WithTimeout(s.t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		s.Stop(ctx)
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("took %s", took)
		}
		s.said(1, "level=warning", "is cut off")
		s.meta.set(func() { s.meta.hangs = false })
		s.restart()
		s.uses("IGAArenewed1")
	})
}

func TestFacebookTokens(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.account.Login, s.appID = platform.FacebookLogin, "5"
		now := time.Now()
		s.meta.facts = instagram.Token{Valid: true, Expires: now.Add(20 * day), DataAccessExpires: now.Add(16 * day)}
		s.start()
		if s.meta.asker() != "5" || !s.Ends()["1"].Equal(now.Add(20*day)) || !s.DataEnds()["1"].Equal(now.Add(16*day)) {
			t.Errorf("asked for app %q; ends %s, data ends %s", s.meta.asker(), s.Ends(), s.DataEnds())
		}
		s.notes("")
		s.pass(3 * day)
		s.notes("access to the account's data ends in 12 days")
		s.pass(5 * day)
		s.notes("the access token ends in 11 days")
		s.said(2, "level=warning", "put a new one into the configuration")
		s.renewals(0)
		if s.meta.looks() < 8 || s.meta.looks() > 10 {
			t.Errorf("looked %d times in 8 days", s.meta.looks())
		}
		s.meta.set(func() { s.meta.facts = instagram.Token{} })
		s.pass(day + time.Hour)
		s.notes("Meta refuses the access token: it says that it is not valid")
		if ends := s.Ends()["1"]; ends.IsZero() || ends.After(time.Now()) {
			t.Errorf("it ends at %s", ends)
		}
		s.meta.set(func() { s.meta.facts.Reason = "the password was changed" })
		s.pass(day)
		s.notes("Meta refuses the access token: the password was changed; put")
		s.meta.set(func() { s.meta.facts = instagram.Token{Valid: true} })
		s.pass(day)
		s.notes("")
	})
}

// Without the app's id nothing is asked of a Facebook token and nothing is said: most of them don't end.
func TestFacebookTokensOfAnUnknownApp(t *testing.T) {
	in(t, 0, func(s *stage) {
		s.account.Login, s.key = platform.FacebookLogin, ""
		s.start()
		s.pass(100 * day)
		s.notes("")
		s.said(0, "token")
		if s.meta.looks() > 0 || len(s.Ends()) > 0 || s.store.kept["1"].Account != "" {
			t.Errorf("looked %d times, ends %v", s.meta.looks(), s.Ends())
		}
	})
}

// With a clock that was never set nothing is known of time.
func TestClockThatWasNeverSet(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.notBefore = time.Now().Add(5 * day)
		s.start()
		s.pass(4 * day)
		s.renewals(0)
		if kept, err := s.store.KeptToken(s.t.Context(), "1"); err != nil || kept.Account != "" {
			t.Error("remembers a wrong time")
		}
		s.pass(day)
		s.uses("IGAArenewed1")
	})
}

// What was kept while the clock was far ahead says that the token lives for long after its real end.
func TestClockThatWasFarAhead(t *testing.T) {
	in(t, 50*day, func(s *stage) {
		s.start()
		s.stop()
		kept := s.store.kept["1"]
		kept.Since, kept.Expires = kept.Since.Add(365*day), kept.Expires.Add(365*day)
		s.store.kept["1"] = kept
		s.pass(2 * day)
		s.restart()
		s.uses("IGAArenewed2")
		s.pass(day)
		s.renewals(2)
	})
}
