package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/rogpeppe/go-internal/testscript"
)

// fail: fail METHOD STATUS TIMES has the fake answer so many calls of the method with a bare status.
func fail(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: fail METHOD STATUS TIMES")
	}
	script(ts).fake.Fail(instagramtest.Match{Method: args[0]}, instagramtest.Fault{Status: number(ts, args[1]), Times: number(ts, args[2])})
}

// refuse: refuse METHOD CODE SUBCODE TIMES has the fake answer so many calls of the method with Meta's error.
func refuse(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: refuse METHOD CODE SUBCODE TIMES")
	}
	script(ts).fake.Fail(instagramtest.Match{Method: args[0]}, instagramtest.Fault{
		Code: number(ts, args[1]), Subcode: number(ts, args[2]), Times: number(ts, args[3]), Message: "so it is",
	})
}

// lose: lose METHOD TIMES has the fake do what so many calls of the method ask, and answer none of them.
func lose(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lose METHOD TIMES")
	}
	script(ts).fake.Fail(instagramtest.Match{Method: args[0]}, instagramtest.Fault{CutAfter: true, Times: number(ts, args[1])})
}

// gate stands before the fake and can hold calls back, so that a script knows that one is on its way.
type gate struct {
	*httptest.Server
	mu     sync.Mutex
	holds  string // the method that is held back; "": none
	held   int    // how many calls wait, or gave up waiting
	opened chan struct{}
}

func newGate(fake string) (*gate, error) {
	address, err := url.Parse(fake)
	if err != nil {
		return nil, err
	}
	g := &gate{opened: make(chan struct{})}
	through := httputil.NewSingleHostReverseProxy(address)
	through.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !g.pass(r) {
			panic(http.ErrAbortHandler)
		}
		through.ServeHTTP(w, r)
	}))
	return g, nil
}

// pass waits as long as the call is held back, unless the caller gives up.
func (g *gate) pass(r *http.Request) bool {
	g.mu.Lock()
	opened, held := g.opened, g.holds == r.Method
	if held {
		g.held++
	}
	g.mu.Unlock()
	if !held {
		return true
	}
	select {
	case <-opened:
	case <-r.Context().Done():
	}
	return false
}

// hold: hold METHOD holds calls of the method back.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hold METHOD")
	}
	g := script(ts).gate
	g.mu.Lock()
	defer g.mu.Unlock()
	g.holds, g.held = args[0], 0
}

// held waits until a call is held back.
func held(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: held")
	}
	g := script(ts).gate
	err := await(func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.held > 0
	})
	ts.Check(err)
}

// release: release cuts off what is held back, and lets through what comes now.
func release(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: release")
	}
	script(ts).gate.open()
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.opened)
	g.opened, g.holds = make(chan struct{}), ""
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}
