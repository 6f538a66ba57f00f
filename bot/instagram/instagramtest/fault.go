package instagramtest

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Match says which requests a fault strikes. What is empty matches all.
type Match struct {
	Method  string // "GET", "POST"
	Edge    string // as in [Request]
	Account string
	Path    string // a part of the path, such as an id
	Message string // a part of the form's message
}

func (m Match) matches(r *Request) bool {
	return (m.Method == "" || m.Method == r.Method) &&
		(m.Edge == "" || m.Edge == r.Edge) &&
		(m.Account == "" || m.Account == r.Account) &&
		strings.Contains(r.Path, m.Path) &&
		strings.Contains(r.Form.Get("message"), m.Message)
}

// Fault is what goes wrong. With nothing but Delay or Header the request is served all the same.
type Fault struct {
	// Status is answered with Meta's envelope of Code, Subcode and Message; 400 if only a code is given. Without a code
	// it is answered with Body.
	Status, Code, Subcode int
	Message               string
	Body                  string
	// Header is added to the answer, such as a usage header.
	Header http.Header
	// Delay comes before anything else.
	Delay time.Duration
	// Deaf has what was asked be done after Delay though the caller has hung up meanwhile, as a server does that has read
	// the request.
	Deaf bool
	// Half ends the connection in the middle of the answer's body.
	Half bool
	// Effect does what was asked before it answers the error.
	Effect bool
	// CutBefore ends the connection without doing anything, CutAfter after doing what was asked, both without an answer.
	CutBefore, CutAfter bool
	// Times is how often it strikes; 0: always.
	Times int
}

// faults are those that wait to strike.
type faults struct {
	mu   sync.Mutex
	list []*planned
}

type planned struct {
	match Match
	fault Fault
	left  int
}

// Fail has requests fail. Of several faults that match a request the one that was given first strikes.
func (f *Fake) Fail(m Match, fault Fault) {
	f.faults.mu.Lock()
	defer f.faults.mu.Unlock()
	f.faults.list = append(f.faults.list, &planned{m, fault, fault.Times})
}

// Mend takes all faults away.
func (f *Fake) Mend() {
	f.faults.mu.Lock()
	defer f.faults.mu.Unlock()
	f.faults.list = nil
}

// strike takes the fault for a request, if there is one.
func (s *faults) strike(r *Request) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, p := range s.list {
		if !p.match.matches(r) {
			continue
		}
		if p.fault.Times > 0 {
			if p.left--; p.left == 0 {
				s.list = append(s.list[:i:i], s.list[i+1:]...)
			}
		}
		return p.fault, true
	}
	return Fault{}, false
}

// fault is what goes wrong with a request: what was asked for, else what chance has it.
func (f *Fake) fault(r *Request) (Fault, bool) {
	if fault, struck := f.faults.strike(r); struck || f.o.Chance == nil {
		return fault, struck
	}
	return f.o.Chance(*r)
}

// answers reports whether the fault takes the place of the answer.
func (f *Fault) answers() bool { return f.Status != 0 || f.Code != 0 }

// answer is what is answered in place of the real one.
func (f *Fault) answer(trace string) answer {
	status := f.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	if f.Code == 0 {
		return answer{status: status, body: []byte(f.Body)}
	}
	a := refusal{f.Code, f.Subcode, f.Message, "OAuthException"}.answer(trace)
	a.status = status
	return a
}
