package reply_test

import (
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/reply"
)

func coded(class instagram.Class, code int) error { return &instagram.Error{Class: class, Code: code} }

// going is a pace whose one account goes, and what it tells.
func going() (*reply.Pace, *[]reply.ChangeKind) {
	p, told := reply.NewPace(), &[]reply.ChangeKind{}
	p.Add("1", 0, nil)
	p.Watch(func(c reply.Change) { *told = append(*told, c.Kind) })
	return p, told
}

func TestWhatATroubleHoldsBack(t *testing.T) {
	for name, c := range map[string]struct {
		err           error
		reads, writes bool // held back
	}{
		"token":      {coded(instagram.ClassHuman, 190), true, true},
		"limit":      {coded(instagram.ClassWait, 80002), true, true},
		"restricted": {coded(instagram.ClassHuman, 25), true, true},
		"blocked":    {coded(instagram.ClassHuman, 368), false, true},
		"a write with 503 and a dead token's code": {coded(instagram.ClassUnknown, 190), true, true},
		"fate unknown": {coded(instagram.ClassUnknown, 1), false, false},
		"gone":         {coded(instagram.ClassGone, 100), false, false},
		"permission":   {coded(instagram.ClassHuman, 10), false, false},
	} {
		p, _ := going()
		p.Answered("1", reply.Writes, c.err, noon, noon)
		if got := p.Next("1", reply.Writes, noon).After(noon); got != c.writes {
			t.Errorf("%s: writes held back: %v", name, got)
		}
		if got := p.Read("1", 1, noon).After(noon); got != c.reads {
			t.Errorf("%s: reads held back: %v", name, got)
		}
	}
}

// Who isn't even shown what others say is left alone by us altogether, and may try again as seldom as who may not speak.
func TestABlockThatAReadMeetsHoldsEverythingBack(t *testing.T) {
	for _, subcode := range []int{0, 2207051} {
		blocked := &instagram.Error{Class: instagram.ClassHuman, Code: 368}
		if subcode != 0 {
			blocked = &instagram.Error{Class: instagram.ClassHuman, Code: 4, Subcode: subcode}
		}
		p, _ := going()
		p.Answered("1", reply.Reads, blocked, noon, noon)
		soon := noon.Add(2*time.Hour - time.Second)
		for _, call := range []reply.Call{reply.Writes, reply.Messages, reply.Hides} {
			if !p.Next("1", call, soon).After(soon) {
				t.Errorf("%v: a %s may go", blocked, call)
			}
		}
		if !p.Read("1", 1, soon).After(soon) {
			t.Errorf("%v: reads go on", blocked)
		}
		later := noon.Add(5 * time.Hour)
		p.Answered("1", reply.Reads, nil, later, later)
		if stops := p.Stops("1", later); len(stops) != 0 {
			t.Errorf("%v: a read was served, and still %+v", blocked, stops)
		}
	}
}

// One refused permission may be about one thing; several in a row are the account's.
func TestPermissionsRefusedInARowStop(t *testing.T) {
	p, _ := going()
	refuse := func(n int) {
		for range n {
			p.Answered("1", reply.Writes, coded(instagram.ClassHuman, 10), noon, noon)
		}
	}
	refuse(4)
	p.Answered("1", reply.Writes, nil, noon, noon)
	refuse(4)
	if p.Next("1", reply.Writes, noon).After(noon) {
		t.Error("stopped though a reply went well in between")
	}
	refuse(1)
	if !p.Next("1", reply.Writes, noon).After(noon) || p.Read("1", 1, noon).After(noon) {
		t.Error("not stopped, or also from reading")
	}
}

func TestWhatWasOnItsWayIsNoNews(t *testing.T) {
	p, told := going()
	dead := coded(instagram.ClassHuman, 190)
	for range 16 {
		p.Answered("1", reply.Writes, dead, noon, noon.Add(time.Second))
	}
	p.Answered("1", reply.Reads, nil, noon, noon.Add(2*time.Second))
	if stops := p.Stops("1", noon.Add(time.Minute)); len(stops) != 1 || stops[0].Times != 1 || len(*told) != 1 {
		t.Errorf("%+v, told %v", stops, *told)
	}
	// The former token's refusal says nothing of the new one.
	p.Renewed("1", noon.Add(time.Minute))
	p.Answered("1", reply.Writes, dead, noon.Add(30*time.Second), noon.Add(61*time.Second))
	if stops := p.Stops("1", noon.Add(2*time.Minute)); len(stops) != 0 {
		t.Errorf("stopped again: %+v", stops)
	}
}

// A try that never tells what came of it must not keep the account stopped for ever, nor let everybody through.
func TestALostTryIsFollowedByAnother(t *testing.T) {
	p, _ := going()
	p.Answered("1", reply.Writes, coded(instagram.ClassHuman, 368), noon, noon)
	over := noon.Add(2 * time.Hour)
	if at := p.Reserve("1", reply.Writes, 1, over); !at.Equal(over) {
		t.Fatalf("the try waits until %v", at)
	}
	if at := p.Reserve("1", reply.Writes, 2, over); !at.Equal(over.Add(time.Minute)) {
		t.Errorf("another beside it: %v", at)
	}
	if at := p.Reserve("1", reply.Writes, 2, over.Add(time.Minute)); !at.Equal(over.Add(time.Minute)) {
		t.Errorf("another after it: %v", at)
	}
}

// A block that comes back soon after is the next of a row.
func TestABlockThatComesBackIsLonger(t *testing.T) {
	p, _ := going()
	blocked := coded(instagram.ClassHuman, 368)
	p.Answered("1", reply.Writes, blocked, noon, noon)
	at := noon.Add(3 * time.Hour)
	p.Answered("1", reply.Writes, nil, at, at)
	at = at.Add(time.Hour)
	p.Answered("1", reply.Writes, blocked, at, at)
	if stops := p.Stops("1", at); len(stops) != 1 || stops[0].Times != 2 || !stops[0].Until.Equal(at.Add(4*time.Hour)) {
		t.Errorf("%+v", stops)
	}
}
