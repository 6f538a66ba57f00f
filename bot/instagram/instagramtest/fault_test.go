package instagramtest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

func TestFaults(t *testing.T) {
	reply := url.Values{"message": {"hi"}}
	for name, c := range map[string]struct {
		fault   instagramtest.Fault
		status  int // 0: no answer
		replies int
	}{
		"an error":             {instagramtest.Fault{Code: 190, Subcode: 463, Message: "dead", Status: 401}, 401, 0},
		"a code alone":         {instagramtest.Fault{Code: 4}, 400, 0},
		"a page":               {instagramtest.Fault{Status: 502, Body: "<html>"}, 502, 0},
		"done, yet an error":   {instagramtest.Fault{Status: 500, Code: 2, Effect: true}, 500, 1},
		"cut before":           {instagramtest.Fault{CutBefore: true}, 0, 0},
		"cut after":            {instagramtest.Fault{CutAfter: true}, 0, 1},
		"late":                 {instagramtest.Fault{Delay: time.Millisecond}, 200, 1},
		"with a header":        {instagramtest.Fault{Header: http.Header{"X-App-Usage": {"{}"}}}, 200, 1},
		"late and then an end": {instagramtest.Fault{Delay: time.Millisecond, CutBefore: true}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, instagramtest.Options{})
			c.fault.Times = 1
			f.Fail(instagramtest.Match{Method: "POST", Edge: "replies", Account: account, Path: "600", Message: "h"}, c.fault)
			if status, answer := ask(t, f, "GET", "/600", nil, "T"); status != 200 {
				t.Error("what doesn't match was struck:", answer)
			}
			if status, answer := ask(t, f, "POST", "/600/replies", reply, "T"); status != c.status || len(f.Replies()) != c.replies {
				t.Errorf("%d %s, %d replies", status, answer, len(f.Replies()))
			}
			if got := f.Requests()[1].Status; got != c.status {
				t.Errorf("the log has %d", got)
			}
			if status, answer := ask(t, f, "POST", "/600/replies", reply, "T"); status != 200 {
				t.Error("it struck twice:", answer)
			}
		})
	}
}

func TestFaultsInOrder(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	f.Fail(instagramtest.Match{}, instagramtest.Fault{Status: 501, Times: 2})
	f.Fail(instagramtest.Match{}, instagramtest.Fault{Status: 502})
	var got []int
	for range 4 {
		status, _ := ask(t, f, "GET", "/600", nil, "T")
		got = append(got, status)
	}
	f.Mend()
	status, _ := ask(t, f, "GET", "/600", nil, "T")
	got = append(got, status)
	for i, want := range []int{501, 501, 502, 502, 200} {
		if got[i] != want {
			t.Fatalf("got %v", got)
		}
	}
}

// TestCloseEndsDelays: a fake that is closed keeps nobody waiting.
func TestCloseEndsDelays(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	f.Fail(instagramtest.Match{}, instagramtest.Fault{Delay: time.Hour})
	ended := make(chan int)
	started := make(chan struct{})
	go func() {
		close(started)
		status, _ := ask(t, f, "GET", "/600", nil, "T")
		ended <- status
	}()
	<-started
	f.Close()
	if status := <-ended; status != 0 {
		t.Errorf("answered with %d", status)
	}
}
