package main

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// weather is how Instagram is in one cycle.
type weather struct {
	// trouble is the part of the calls that meet one.
	trouble float64
	// harsh: also such as stop an account, until the next start forgets it.
	harsh bool
	// blind: no thread is shown. Else what was said is shown after lag.
	blind bool
	lag   time.Duration
}

// drawWeather leaves a third of the cycles calm: what goes well has promises of its own, such as the order.
func drawWeather(chance *rand.Rand) weather {
	switch n := chance.IntN(20); {
	case n < 7:
		return weather{}
	case n < 14:
		return weather{trouble: 0.15, lag: between(chance, 0, maxLate)}
	case n < 18:
		return weather{trouble: 0.3, harsh: true, lag: between(chance, 0, maxLate)}
	default:
		return weather{trouble: 0.5, blind: true}
	}
}

// maxLate is how long anything at Instagram is late at most. It has to be well below settle_after.
const maxLate = 300 * time.Millisecond

// trouble is one way in which a call goes wrong.
type trouble struct {
	name  string
	fault instagramtest.Fault
	// doubt: nobody who sees this answer to a POST can tell whether it was done.
	doubt bool
	// done: the answer says that it was done, without an id.
	done bool
	// final: a read that is answered so is not tried again.
	final bool
	// stops the account.
	stops bool
}

type answered = instagramtest.Fault

const page = "<!DOCTYPE html><html><title>Sorry, something went wrong.</title></html>"

// writeTroubles are those of a POST: every class of errors, by its codes, and all that may happen to an answer.
func writeTroubles() []trouble {
	return append([]trouble{
		{name: "cut before", fault: answered{CutBefore: true}, doubt: true},
		{name: "cut after", fault: answered{CutAfter: true}, doubt: true},
		{name: "late", fault: answered{Delay: maxLate / 3}},
		{name: "late, whoever waits", fault: answered{Delay: maxLate, Deaf: true}},
		{name: "half an answer", fault: answered{Half: true}, doubt: true},
		{name: "200 without id", fault: answered{Status: 200, Body: `{"success":true}`, Effect: true}, doubt: true},
		{name: "200 without id or effect", fault: answered{Status: 200, Body: `{}`}, doubt: true},
		{name: "a page", fault: answered{Status: 502, Body: page}, doubt: true},
		{name: "a page and done", fault: answered{Status: 504, Body: page, Effect: true}, doubt: true},
		{name: "a page with 200", fault: answered{Status: 200, Body: page, Effect: true}, doubt: true},
		{name: "1", fault: answered{Code: 1, Status: 500}, doubt: true},
		{name: "1 and done", fault: answered{Code: 1, Effect: true}, doubt: true},
		{name: "2 and done", fault: answered{Code: 2, Status: 500, Effect: true}, doubt: true},
		{name: "-1/2207001", fault: answered{Code: -1, Subcode: 2207001}, doubt: true},
		{name: "-2/2207003 and done", fault: answered{Code: -2, Subcode: 2207003, Effect: true}, doubt: true},
		{name: "unlisted code", fault: answered{Code: 4711}, doubt: true},
		{name: "unlisted code and done", fault: answered{Code: 100, Subcode: 4711, Effect: true}, doubt: true},
		{name: "20/1772107", fault: answered{Code: 20, Subcode: 1772107, Effect: true}, done: true},
		{name: "506", fault: answered{Code: 506}, done: true},
		{name: "too long", fault: answered{Code: 100, Message: "The message is too long"}},
		{name: "1609005", fault: answered{Code: 1609005}},
		{name: "100/33", fault: answered{Code: 100, Subcode: 33}},
		{name: "24/2207006", fault: answered{Code: 24, Subcode: 2207006}},
		{name: "9009", fault: answered{Code: 9009}},
		{name: "4/2207051", fault: answered{Code: 4, Subcode: 2207051}, stops: true},
		{name: "368", fault: answered{Code: 368}, stops: true},
	}, stopTroubles()...)
}

// stopTroubles are about the account: nothing was done, and it goes on later.
func stopTroubles() []trouble {
	regain := http.Header{"X-Business-Use-Case-Usage": {`{"1":[{"type":"instagram","call_count":100,"total_cputime":5,"total_time":5,"estimated_time_to_regain_access":1}]}`}}
	var troubles []trouble
	for name, fault := range map[string]answered{
		"4":          {Code: 4},
		"17":         {Code: 17},
		"32":         {Code: 32},
		"341":        {Code: 341},
		"613":        {Code: 613},
		"80002":      {Code: 80002, Subcode: 2446079, Header: regain},
		"25/2207050": {Code: 25, Subcode: 2207050},
		"3":          {Code: 3},
		"10":         {Code: 10},
		"200":        {Code: 200},
		"102":        {Code: 102},
		"190/463":    {Code: 190, Subcode: 463, Status: 401},
		"proof":      {Code: 100, Message: "API calls from the server require an appsecret_proof argument"},
	} {
		troubles = append(troubles, trouble{name: name, fault: fault, stops: true})
	}
	slices.SortFunc(troubles, func(a, b trouble) int { return strings.Compare(a.name, b.name) })
	return troubles
}

func readTroubles() []trouble {
	return append([]trouble{
		{name: "cut", fault: answered{CutBefore: true}},
		{name: "late", fault: answered{Delay: maxLate / 3}},
		{name: "half an answer", fault: answered{Half: true}},
		{name: "nothing", fault: answered{Status: 200, Body: `{}`}},
		{name: "a page", fault: answered{Status: 503, Body: page}},
		{name: "1", fault: answered{Code: 1, Status: 500}},
		{name: "2", fault: answered{Code: 2}},
		{name: "unlisted code", fault: answered{Code: 4711, Status: 500}},
		{name: "100/33", fault: answered{Code: 100, Subcode: 33}, final: true},
		{name: "24", fault: answered{Code: 24}, final: true},
		{name: "2500", fault: answered{Code: 2500}, final: true},
	}, stopTroubles()...)
}

// sky draws the trouble of each call.
type sky struct {
	mu            sync.Mutex
	chance        *rand.Rand
	now           weather
	reads, writes []trouble
}

func newSky(seed uint64) *sky {
	return &sky{chance: rand.New(rand.NewPCG(seed, 2)), reads: readTroubles(), writes: writeTroubles()}
}

func (s *sky) become(w weather) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = w
}

func (s *sky) strike(write bool) (trouble, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.chance.Float64() >= s.now.trouble {
		return trouble{}, false
	}
	from := s.reads
	if write {
		from = s.writes
	}
	t := from[s.chance.IntN(len(from))]
	for t.stops && !s.now.harsh {
		t = from[s.chance.IntN(len(from))]
	}
	return t, true
}
