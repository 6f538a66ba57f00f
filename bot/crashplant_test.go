package bot_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules/platform"
)

// lyingStore does as its slate, but for what is planted.
type lyingStore struct {
	*slate
	accept func([]inbox.Arrival) []inbox.Arrival
	finish func(*ledger.Fate) (write bool)
	settle func(*ledger.Fate)
	doubt  func(*ledger.Doubt)
	resend bool // what a crash left in sending is planned again
}

func (s *lyingStore) Accept(ctx context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	if s.accept != nil {
		arrivals = s.accept(slices.Clone(arrivals))
	}
	return s.slate.Accept(ctx, arrivals)
}

func (s *lyingStore) Finish(ctx context.Context, id int64, fate ledger.Fate) error {
	if s.finish != nil && !s.finish(&fate) {
		return nil
	}
	return s.slate.Finish(ctx, id, fate)
}

func (s *lyingStore) Settle(ctx context.Context, d ledger.Doubt, fate ledger.Fate) error {
	if s.settle != nil {
		s.settle(&fate)
	}
	return s.slate.Settle(ctx, d, fate)
}

func (s *lyingStore) TakeDoubts(ctx context.Context, room share.Room, now, until time.Time) ([]ledger.Doubt, error) {
	taken, err := s.slate.TakeDoubts(ctx, room, now, until)
	for i := range taken {
		if s.doubt != nil {
			s.doubt(&taken[i])
		}
	}
	return taken, err
}

func (s *lyingStore) Recover(ctx context.Context, now time.Time, settleAfter time.Duration) (ledger.Recovered, error) {
	if s.resend {
		for _, d := range s.deliveries {
			if d.State == ledger.Sending {
				d.State = ledger.Planned
			}
		}
	}
	return s.slate.Recover(ctx, now, settleAfter)
}

// lyingGraph is the platform as one sees it who says all twice, or is blind.
type lyingGraph struct {
	bot.Graph
	stutters, blind bool
}

func (g *lyingGraph) Write(ctx context.Context, a instagram.Account, r platform.Request) (string, error) {
	if g.stutters {
		_, _ = g.Graph.Write(ctx, a, r)
	}
	return g.Graph.Write(ctx, a, r)
}

func (g *lyingGraph) Replies(ctx context.Context, a instagram.Account, id string) (instagram.Thread, error) {
	thread, err := g.Graph.Replies(ctx, a, id)
	if g.blind {
		thread.Replies = nil
	}
	return thread, err
}

// Each invariant finds a bug that is planted for it.
func TestInvariantsFindPlantedBugs(t *testing.T) {
	for name, c := range map[string]struct {
		fate  string
		store lyingStore
		graph lyingGraph
		want  string
	}{
		"events that are known come in anew": {
			fate: "ok", want: saidTwice,
			store: lyingStore{accept: func(arrivals []inbox.Arrival) []inbox.Arrival {
				for i := range arrivals {
					arrivals[i].Key += fmt.Sprint(" at ", time.Now().UnixNano())
				}
				return arrivals
			}},
		},
		"events are lost":              {fate: "ok", want: unended, store: lyingStore{accept: func([]inbox.Arrival) []inbox.Arrival { return nil }}},
		"sending is forgotten":         {fate: "ok", want: saidTwice, store: lyingStore{resend: true}},
		"sending is forgotten, unsaid": {fate: "cut before the effect", want: withoutALook, store: lyingStore{resend: true}},
		"one look is taken for two":    {fate: "cut before the effect", want: withoutALook, store: lyingStore{doubt: func(d *ledger.Doubt) { d.Looks++ }}},
		"fates are lost":               {fate: "ok", want: onItsWay, store: lyingStore{finish: func(*ledger.Fate) bool { return false }}},
		"ids are lost":                 {fate: "ok", want: notInLedger, store: lyingStore{finish: func(f *ledger.Fate) bool { f.PostedID = ""; return true }}},
		"posted is taken for refused": {
			fate: "ok", want: notInLedger,
			store: lyingStore{finish: func(f *ledger.Fate) bool { f.State = ledger.Refused; return true }},
		},
		"doubts end as posted":   {fate: "cut before the effect", want: neverSaid, store: lyingStore{settle: func(f *ledger.Fate) { f.State = ledger.Posted }}},
		"doubts are given up":    {fate: "cut after the effect", want: needlessly, store: lyingStore{settle: func(f *ledger.Fate) { *f = ledger.Fate{State: ledger.Unknown} }}},
		"the unsaid is given up": {fate: "cut before the effect", want: needlessly, store: lyingStore{settle: func(f *ledger.Fate) { *f = ledger.Fate{State: ledger.Unknown} }}},
		"a wait is a refusal":    {fate: "wait", want: otherwise, store: lyingStore{finish: func(f *ledger.Fate) bool { f.State = ledger.Refused; return true }}},
		"everything twice":       {fate: "ok", want: saidTwice, graph: lyingGraph{stutters: true}},
		"blind":                  {fate: "cut after the effect", want: saidTwice, graph: lyingGraph{blind: true}},
	} {
		t.Run(name, func(t *testing.T) {
			inCrash(t, crashFates()[c.fate], false, func(w *crash) {
				c.store.slate, c.graph.Graph = w.true.(*slate), w.graph
				w.store, w.graph = &c.store, &c.graph
				violations, first := w.run()
				for _, doom := range dooms(first.crossed) {
					if slices.Contains(violations, c.want) {
						return
					}
					violations, _ = w.run(doom)
				}
				t.Errorf("nobody found it; the last violations are %q", violations)
			})
		})
	}
}
