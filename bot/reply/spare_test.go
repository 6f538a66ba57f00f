package reply_test

import (
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/reply"
)

func TestRoomForWhatCanWait(t *testing.T) {
	percent := func(n float64) func(*reply.Pace) {
		return func(p *reply.Pace) { p.Told("1", instagram.Usage{Calls: n}, true, noon, noon) }
	}
	sent := func(n int) func(*reply.Pace) {
		return func(p *reply.Pace) {
			for i := range n {
				p.Reserve("1", reply.Writes, int64(i), noon)
			}
		}
	}
	refused := func(of reply.Call, class instagram.Class, code, times int) func(*reply.Pace) {
		return func(p *reply.Pace) {
			for range times {
				p.Answered("1", of, coded(class, code), noon, noon)
			}
		}
	}
	for name, c := range map[string]struct {
		before func(*reply.Pace)
		after  time.Duration
		want   bool
	}{
		"nothing known":             {func(*reply.Pace) {}, 0, true},
		"half of the limit":         {percent(50), 0, true},
		"over half of the limit":    {percent(51), 0, false},
		"and the figure is old":     {percent(99), time.Hour, true},
		"half of the cap":           {sent(5), 0, true},
		"over half of the cap":      {sent(6), 0, false},
		"an hour later":             {sent(6), time.Hour, true},
		"over the cap":              {sent(20), time.Hour, false},
		"throttled":                 {refused(reply.Reads, instagram.ClassWait, 80002, 1), 9 * time.Second, false},
		"throttled no more":         {refused(reply.Reads, instagram.ClassWait, 80002, 1), 10 * time.Second, true},
		"a dead token":              {refused(reply.Writes, instagram.ClassHuman, 190, 1), 9 * time.Minute, false},
		"a token to be tried again": {refused(reply.Writes, instagram.ClassHuman, 190, 1), 10 * time.Minute, true},
		"blocked":                   {refused(reply.Writes, instagram.ClassHuman, 368, 1), 30 * time.Hour, false},
		"no permission to read":     {refused(reply.Reads, instagram.ClassHuman, 10, 5), 30 * time.Hour, false},
		"a refusal of something":    {refused(reply.Reads, instagram.ClassHuman, 10, 4), 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := reply.NewPace()
			p.Add("1", 10, nil)
			c.before(p)
			if got := p.Spare("1", noon.Add(c.after)); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
			if p.Spare("2", noon) {
				t.Error("an account that nobody knows has room")
			}
		})
	}
}

// A call that can wait tells of what concerns every call, and of nothing else.
func TestWhatACallThatCanWaitTells(t *testing.T) {
	for name, c := range map[string]struct {
		class instagram.Class
		code  int
		stops bool
	}{
		"throttled":     {instagram.ClassWait, 80002, true},
		"dead token":    {instagram.ClassHuman, 190, true},
		"restricted":    {instagram.ClassHuman, 25, true},
		"no permission": {instagram.ClassHuman, 10, false},
		"gone":          {instagram.ClassGone, 100, false},
		"no answer":     {instagram.ClassRetry, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := reply.NewPace()
			p.Add("1", 0, nil)
			for range 20 {
				p.Spend("1", noon)
				p.Spent("1", coded(c.class, c.code), noon, noon)
			}
			if got := p.Read("1", 1, noon).After(noon); got != c.stops {
				t.Errorf("events wait: %v, want %v", got, c.stops)
			}
			if inARow, _ := p.Missing("1"); inARow > 0 {
				t.Errorf("%d counted as missing", inARow)
			}
			later := noon.Add(time.Hour)
			p.Spend("1", later)
			if tried := p.Read("1", 1, later).After(later); tried != c.stops {
				t.Errorf("while one tries events wait: %v, want %v", tried, c.stops)
			}
			p.Spent("1", nil, later, later)
			if p.Read("1", 1, later).After(later) || len(p.Stops("1", later)) > 0 {
				t.Error("the account doesn't go on when it was served")
			}
		})
	}
}

// What was refused for want of a permission isn't made good by a call that may need none.
func TestACallThatCanWaitEndsNobodyElsesStop(t *testing.T) {
	p := reply.NewPace()
	p.Add("1", 0, nil)
	for range 5 {
		p.Answered("1", reply.Reads, coded(instagram.ClassHuman, 10), noon, noon)
	}
	p.Answered("1", reply.Writes, coded(instagram.ClassHuman, 368), noon, noon)
	later := noon.Add(30 * time.Hour)
	p.Spent("1", nil, later, later)
	if stops := p.Stops("1", later); len(stops) != 2 {
		t.Errorf("%+v", stops)
	}
	p.Answered("1", reply.Reads, coded(instagram.ClassHuman, 190), later, later)
	p.Renewed("1", later.Add(time.Second))
	p.Spent("1", coded(instagram.ClassHuman, 190), later, later.Add(2*time.Second))
	for _, stop := range p.Stops("1", later.Add(2*time.Second)) {
		if stop.Trouble == instagram.TroubleToken {
			t.Error("the former token's refusal stops the account")
		}
	}
}
