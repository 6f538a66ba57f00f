package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// people are who is told: a server that keeps what it gets.
type people struct {
	*httptest.Server
	mu    sync.Mutex
	notes []map[string]string
}

func newPeople(t *testing.T) *people {
	t.Helper()
	p := &people{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var note map[string]string
		_ = json.NewDecoder(r.Body).Decode(&note)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.notes = append(p.notes, note)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *people) told() []map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]map[string]string(nil), p.notes...)
}

const telling = `rules:
  - name: everything
    on: comment
    private_reply: Hi {{ from.username }}, look into our bio
    notify: {to: ops, text: "{{ from.username }} <wrote> {{ text }}"}
`

// A daemon tells people, answers privately, takes up another place by a reload, and refuses rules for places that it
// doesn't know. The place's URL is seen nowhere.
func TestPeopleAreTold(t *testing.T) {
	t.Parallel()
	s := newSite(t, telling)
	first, second := newPeople(t), newPeople(t)
	const secret = "/services/T000/s3same"
	place := filepath.Join(s.dir, "ops.url")
	write(t, place, first.URL+secret+"\n")
	config := filepath.Join(s.dir, "answerback.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, strings.Replace(string(text), `"http://127.0.0.1:9/"`, `{file: ops.url}`, 1))
	s.start(t)
	tell := func(n int) {
		t.Helper()
		if err := s.fake.Notify(t.Context(), s.daemon.webhook, s.comment(n)); err != nil {
			t.Fatal(err)
		}
	}
	tell(2)
	s.until(t, "people are told", func() bool { return len(first.told()) == 1 && len(s.fake.Messages()) == 1 })
	note := first.told()[0]
	if note["text"] != "guest2 &lt;wrote&gt; hello bluebottle" || note["rule"] != "everything" || note["event"] != "1" || note["id"] == "" {
		t.Errorf("told %v", note)
	}
	if got := s.fake.Messages()[0]; got.Text != "Hi guest2, look into our bio" || got.Node != "1755847768034402" {
		t.Errorf("sent %+v", got)
	}
	s.until(t, "the metric names the action", func() bool {
		return s.metric(`answerback_deliveries_total{action="notify",fate="posted"}`) == "1" &&
			s.metric(`answerback_deliveries_total{action="private_reply",fate="posted"}`) == "1"
	})

	write(t, place, second.URL+secret)
	if status, body, err := s.daemon.ask("POST", "/-/reload", nil); err != nil || status != 200 {
		t.Fatalf("reload: %d %s %v", status, body, err)
	}
	tell(4)
	s.until(t, "the other people are told", func() bool { return len(second.told()) == 1 })

	write(t, s.rules(), strings.Replace(telling, "to: ops", "to: opps", 1))
	status, body, err := s.daemon.ask("POST", "/-/reload", nil)
	if err != nil || status != 422 || !strings.Contains(body, `rules.yaml:5:18`) || !strings.Contains(body, `names no place`) {
		t.Errorf("rules for an unknown place: %d %s %v", status, body, err)
	}
	tell(6)
	s.until(t, "the last good rules go on", func() bool { return len(second.told()) == 2 })
	s.stop(t)
	if log := s.daemon.said(); strings.Contains(log, "s3same") || strings.Contains(log, first.URL) || strings.Contains(log, strings.TrimPrefix(second.URL, "http://")) {
		t.Errorf("the log tells the place's URL:\n%s", log)
	}
}
