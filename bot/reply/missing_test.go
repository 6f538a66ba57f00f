package reply_test

import (
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/reply"
	"github.com/google/go-cmp/cmp"
)

var nobodyThere = &instagram.Error{Class: instagram.ClassGone, Code: 100, Subcode: 33, Message: "Unsupported post request"}

// "It doesn't exist" may mean "you lack a permission" as well. Many in a row do, and somebody must be told, once.
func TestManyMissingInARowAreSuspect(t *testing.T) {
	p, told := going()
	miss := func(of reply.Call, n int) {
		for range n {
			p.Answered("1", of, nobodyThere, noon, noon)
		}
	}
	want := func(inARow int, suspect bool, changes ...reply.ChangeKind) {
		t.Helper()
		n, why := p.Missing("1")
		if n != inARow || (why != "") != suspect {
			t.Errorf("%d in a row, suspect %q", n, why)
		}
		if diff := cmp.Diff(changes, *told, cmp.Transformer("", func(c []reply.ChangeKind) int { return len(c) })); diff != "" {
			t.Errorf("told %v", *told)
		}
	}
	miss(reply.Reads, 9)
	want(9, false)
	p.Answered("1", reply.Reads, nil, noon, noon)
	miss(reply.Writes, 9)
	miss(reply.Reads, 9)
	p.Answered("1", reply.Reads, coded(instagram.ClassRetry, 2), noon, noon)
	want(9, false)
	miss(reply.Reads, 5)
	want(14, true, reply.Suspected)
	if p.Next("1", reply.Writes, noon).After(noon) || p.Read("1", 1, noon).After(noon) {
		t.Error("whoever deletes comments could silence the account")
	}
	p.Answered("1", reply.Reads, nil, noon, noon)
	want(9, false, reply.Suspected)
	p.Renewed("1", noon)
	want(0, false, reply.Suspected)
	if n, why := p.Missing("2"); n != 0 || why != "" {
		t.Errorf("an account that nobody knows: %d, %q", n, why)
	}
}

// A refusal of what was asked for shows that the token is good and no limit is reached. Whether Meta lets the account
// speak again only a reply can show that was said.
func TestARefusalOfTheThingEndsNoBlock(t *testing.T) {
	for name, c := range map[string]struct {
		met  error
		ends bool
	}{
		"token":      {coded(instagram.ClassHuman, 190), true},
		"limit":      {coded(instagram.ClassWait, 80002), true},
		"blocked":    {coded(instagram.ClassHuman, 368), false},
		"spam":       {&instagram.Error{Class: instagram.ClassHuman, Code: 4, Subcode: 2207051}, false},
		"restricted": {coded(instagram.ClassHuman, 25), false},
		"permission": {coded(instagram.ClassHuman, 10), false},
	} {
		for what, refusal := range map[string]error{"gone": nobodyThere, "too long": coded(instagram.ClassPermanent, 100)} {
			p, _ := going()
			for range 5 {
				p.Answered("1", reply.Writes, c.met, noon, noon)
			}
			over := noon.Add(24 * time.Hour)
			p.Reserve("1", reply.Writes, 1, over)
			p.Answered("1", reply.Writes, refusal, over, over)
			if ended := !p.Next("1", reply.Writes, over).After(over); ended != c.ends {
				t.Errorf("%s, then %s: ended %v", name, what, ended)
			}
			over = over.Add(time.Hour)
			p.Answered("1", reply.Writes, coded(instagram.ClassDone, 506), over, over)
			if stops := p.Stops("1", over); len(stops) != 0 {
				t.Errorf("%s, then %s, then said: %+v", name, what, stops)
			}
		}
	}
}
