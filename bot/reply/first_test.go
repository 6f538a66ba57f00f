package reply_test

import (
	"errors"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/reply"
)

// After a start one reply goes first; whatever came of it, the others then follow.
func TestTheFirstReplyGoesAlone(t *testing.T) {
	for name, answer := range map[string]error{
		"served":       nil,
		"gone":         nobodyThere,
		"unknown":      coded(instagram.ClassUnknown, 1),
		"not sent":     coded(instagram.ClassRetry, 0),
		"never before": errors.New("surprise"),
	} {
		p, told := going()
		p.Careful("1")
		if at := p.Reserve("1", reply.Writes, 1, noon); at.After(noon) {
			t.Fatalf("%s: the first waits until %v", name, at)
		}
		if at, want := p.Reserve("1", reply.Writes, 2, noon), noon.Add(time.Minute); !at.Equal(want) || !p.Next("1", reply.Writes, noon).Equal(want) {
			t.Errorf("%s: the second may go at %v, want %v", name, at, want)
		}
		if p.Read("1", 1, noon).After(noon) {
			t.Errorf("%s: reads wait for it", name)
		}
		p.Answered("1", reply.Reads, nil, noon, noon)
		p.Answered("1", reply.Writes, answer, noon, noon)
		if at := p.Reserve("1", reply.Writes, 2, noon); at.After(noon) || len(*told) != 1 || (*told)[0] != reply.Eased {
			t.Errorf("%s: the second waits until %v, told %v", name, at, *told)
		}
	}
	p, _ := going()
	p.Careful("1")
	p.Careful("2") // nobody's
	p.Reserve("1", reply.Writes, 1, noon)
	if later := noon.Add(time.Minute); p.Reserve("1", reply.Writes, 2, later).After(later) {
		t.Error("a first one of which nothing is heard keeps the others back for ever")
	}
}
