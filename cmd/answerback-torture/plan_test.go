package main

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// TestPlanComesOfTheSeed: the same seed gives the same plan, another one another.
func TestPlanComesOfTheSeed(t *testing.T) {
	if !reflect.DeepEqual(draw(5, 500, 20), draw(5, 500, 20)) {
		t.Error("two plans of one seed differ")
	}
	if reflect.DeepEqual(draw(5, 500, 20), draw(6, 500, 20)) {
		t.Error("two seeds have one plan")
	}
}

// TestPlanSendsAll: every event is sent, some more than once, and all is within its cycle.
func TestPlanSendsAll(t *testing.T) {
	p := draw(5, 2000, 50)
	sent := map[int]int{}
	batches := p.epilogue
	for _, c := range p.cycles {
		batches = append(batches, c.batches...)
		for _, b := range c.batches {
			if b.at < 0 || b.at > c.life {
				t.Errorf("a notification comes after %s of %s", b.at, c.life)
			}
		}
	}
	most := 0
	for _, b := range batches {
		for _, n := range b.events {
			sent[n]++
			most = max(most, sent[n])
		}
	}
	if len(sent) != len(p.events) || most < 2 {
		t.Errorf("%d of %d events are sent, at most %d times", len(sent), len(p.events), most)
	}
}

// TestPlanHasEverything: what the test is about comes in a plan of the full form.
func TestPlanHasEverything(t *testing.T) {
	p := draw(5, 20_000, 500)
	seen := map[string]bool{}
	for _, e := range p.events {
		seen[string(e.form)], seen[string(e.subject)] = true, true
		seen["burst"] = seen["burst"] || e.burst
	}
	for _, c := range p.cycles {
		for _, d := range c.deeds {
			seen[string(d.kind)] = true
		}
		seen["early"] = seen["early"] || c.early
		seen["gentle"] = seen["gentle"] || c.gentle > 0
		seen["calm"] = seen["calm"] || c.weather == (weather{})
		seen["harsh"] = seen["harsh"] || c.weather.harsh
		seen["blind"] = seen["blind"] || c.weather.blind
	}
	wanted := []string{"burst", "early", "gentle", "calm", "harsh", "blind"}
	for _, f := range []form{comment, both, mention, caption} {
		wanted = append(wanted, string(f))
	}
	for _, s := range []subject{hello, thanks, ask, quiet} {
		wanted = append(wanted, string(s))
	}
	for _, c := range chances() {
		wanted = append(wanted, string(c.kind))
	}
	for _, w := range wanted {
		if !seen[w] {
			t.Errorf("the plan lacks %s", w)
		}
	}
}

// TestTaken: what the rules say can be taken apart, and nothing else.
func TestTaken(t *testing.T) {
	for text, want := range map[string]string{
		"r7 hello @u12":               "7 hello 12 true",
		"r12 thanks to all of you":    "12 thanks -1 true",
		"r7 a person agreed, @u3":     "7 ask 3 true",
		"r7 hello @u12!":              "0  -1 false",
		"bad":                         "0  -1 false",
		"r7 thanks to all of you @u1": "0  -1 false",
	} {
		revision, about, named, ok := taken(text)
		if got := fmt.Sprintf("%d %s %d %v", revision, about, named, ok); got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
}

// TestTroublesDiffer: every trouble has a name of its own, and none takes longer than the promise of maxLate.
func TestTroublesDiffer(t *testing.T) {
	for _, all := range [][]trouble{readTroubles(), writeTroubles()} {
		names := map[string]bool{}
		for _, tr := range all {
			if names[tr.name] {
				t.Errorf("two are called %s", tr.name)
			}
			names[tr.name] = true
			if tr.fault.Delay > maxLate {
				t.Errorf("%s takes %s", tr.name, tr.fault.Delay)
			}
			if reflect.DeepEqual(tr.fault, instagramtest.Fault{}) {
				t.Errorf("%s is none", tr.name)
			}
		}
	}
	if maxLate*3 > settleAfter {
		t.Errorf("what comes %s late may be missed by looks after %s", maxLate, settleAfter)
	}
}
