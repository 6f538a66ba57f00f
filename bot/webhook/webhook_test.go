package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/webhook"
	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"
)

// The two notifications of Meta's guide "Webhooks for Instagram", in its array form.
const (
	guideComment = `[{"entry":[{"changes":[{"field":"mentions","value":{"comment_id":"17894227972186120","media_id":"17918195224117851"}}],"id":"17841405726653026","time":1520622968}],"object":"instagram"}]`
	guideCaption = `[{"entry":[{"changes":[{"field":"mentions","value":{"media_id":"17918195224117851"}}],"id":"17841405726653026","time":1520622968}],"object":"instagram"}]`
)

func TestNotification(t *testing.T) {
	many := make([]string, 1000)
	for i := range many {
		many[i] = comment(fmt.Sprint(i+1), "hi")
	}
	for _, test := range []struct {
		name    string
		body    string
		status  int
		keys    []string // what is stored
		ignored []string
	}{
		{"mention in a comment", guideComment, 200, []string{account + "/comment/17894227972186120"}, nil},
		{"mention in a caption", guideCaption, 200, []string{account + "/caption/17918195224117851"}, nil},
		{"comment", notification(account, comment("5", "hi")), 200, []string{account + "/comment/5"}, nil},
		{"live comment", notification(account, `{"field":"live_comments","value":{"id":"6","text":"hi","media":{"id":"179"}}}`), 200,
			[]string{account + "/comment/6"}, nil},
		{"story insights", notification(account, `{"field":"story_insights","value":{"media_id":"7","reach":17}}`), 200,
			[]string{account + "/insights/7"}, nil},
		{"account by an alias", notification(alias, comment("5", "hi")), 200, []string{account + "/comment/5"}, nil},
		{"account by a number", `{"object":"instagram","entry":[{"id":1789,"changes":[` + comment("5", "hi") + `]}]}`, 200,
			[]string{"1789/comment/5"}, nil},
		{"without changes[]", `{"object":"instagram","entry":[{"id":"1789","time":1,"field":"comments","value":{"id":"5","text":"hi"}}]}`, 200,
			[]string{"1789/comment/5"}, nil},
		{"two accounts", `{"object":"instagram","entry":[{"id":"1789","changes":[` + comment("5", "a") + `]},{"id":"` + account + `","changes":[` + comment("5", "a") + `]}]}`, 200,
			[]string{"1789/comment/5", account + "/comment/5"}, nil},
		{"a thousand", notification(account, many...), 200, nil, nil},
		{"twice in one body", notification(account, comment("5", "hi"), comment("5", "hi")), 200,
			[]string{account + "/comment/5", account + "/comment/5"}, nil},
		{"some ours, some not", notification(account, comment("5", "hi"), `{"field":"message_edit","value":{}}`, mention("8")), 200,
			[]string{account + "/comment/5", account + "/comment/8"}, []string{"field message_edit"}},

		{"unknown field", notification(account, `{"field":"message_edit","value":{}}`), 200, nil, []string{"field message_edit"}},
		{"unknown account", notification("99", comment("5", "hi")), 200, nil, []string{"account 99"}},
		{"unknown object", `{"object":"page","entry":[{"id":"` + account + `","changes":[` + comment("5", "hi") + `]}]}`, 200, nil, []string{"object page"}},
		{"test button", notification("0", comment("17865799348089039", "This is an example.")), 200, nil, []string{"test_event comments"}},
		{"broken JSON", `{"object":"instagram","entry":[`, 200, nil, []string{"junk not JSON"}},
		{"empty body", "", 200, nil, []string{"junk not JSON"}},
		{"the form that the dashboard shows", comment("5", "hi"), 200, nil, []string{"junk bare change"}},
		{"other JSON", `{"hello":"world"}`, 200, nil, []string{"junk not a notification"}},
		{"an id that isn't one", notification(account, comment("../me", "hi")), 200, nil, []string{"junk *"}},
		{"no id at all", notification(account, comment("", "hi")), 200, nil, []string{"junk *"}},
		{"a direct message", `{"object":"instagram","entry":[{"id":"` + account + `","messaging":[{"message":{"mid":"m"}}]}]}`, 200, nil, []string{"messaging *"}},
		{"values are off", `{"object":"instagram","entry":[{"id":"` + account + `","changed_fields":["comments"]}]}`, 200, nil, []string{"changed_fields *"}},
		{"over the limit", strings.Repeat(" ", 8<<20+1), 413, nil, nil},
		{"at the limit", notification(account, comment("5", "hi")) + strings.Repeat(" ", 8<<20-len(notification(account, comment("5", "hi")))), 200,
			[]string{account + "/comment/5"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDoor(t)
			w := d.post(test.body)
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			want, got := test.keys, d.store.keys()
			if test.name == "a thousand" {
				for i := range many {
					want = append(want, fmt.Sprintf("%s/comment/%d", account, i+1))
				}
			}
			if !slices.Equal(want, got) {
				t.Errorf("stored %q, want %q", got, want)
			}
			if len(d.store.calls) > 1 {
				t.Errorf("stored in %d transactions", len(d.store.calls))
			}
			if parts := d.observed.parts(); !slices.EqualFunc(parts, test.ignored, named) {
				t.Errorf("ignored %q, want %q", parts, test.ignored)
			}
			if !slices.Equal(d.observed.statuses, []int{test.status}) {
				t.Errorf("observed %d, want one %d", d.observed.statuses, test.status)
			}
			if test.status == 200 && w.Body.Len() > 0 {
				t.Errorf("body %q with a 200", w.Body)
			}
		})
	}
}

// named reports whether an ignored part is the one that is wanted; where the name is *, only the reason counts.
func named(part, want string) bool {
	reason, any := strings.CutSuffix(want, "*")
	return part == want || any && strings.HasPrefix(part, reason)
}

func TestSignature(t *testing.T) {
	body := notification(account, comment("5", "hi"))
	right := instagram.Sign([]byte(body), []byte(secret))
	for _, test := range []struct {
		name   string
		header []string
		status int
	}{
		{"right", []string{right}, 200},
		{"in capitals", []string{"sha256=" + strings.ToUpper(right[7:])}, 200},
		{"missing", nil, 403},
		{"empty", []string{""}, 403},
		{"with another secret", []string{instagram.Sign([]byte(body), []byte("another"))}, 403},
		{"with an empty secret", []string{instagram.Sign([]byte(body), nil)}, 403},
		{"with the verify token", []string{instagram.Sign([]byte(body), []byte(verifyToken))}, 403},
		{"of another body", []string{instagram.Sign([]byte(body+" "), []byte(secret))}, 403},
		{"without its prefix", []string{right[7:]}, 403},
		{"cut short", []string{right[:len(right)-2]}, 403},
		{"too long", []string{right + "00"}, 403},
		{"not hexadecimal", []string{"sha256=" + strings.Repeat("zz", 32)}, 403},
		{"called SHA-1", []string{"sha1=" + right[7:]}, 403},
		{"first of two", []string{"sha256=00", right}, 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDoor(t)
			r := httptest.NewRequest(http.MethodPost, webhook.Path, strings.NewReader(body))
			for _, value := range test.header {
				r.Header.Add("X-Hub-Signature-256", value)
			}
			w := d.send(r)
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			if stored := len(d.store.calls) > 0; stored != (test.status == 200) {
				t.Errorf("stored: %v", stored)
			}
			if test.status == 403 {
				if got := w.Body.String(); got != "Forbidden\n" {
					t.Errorf("told the sender %q", got)
				}
				if log := d.logged(t); strings.Contains(log, right[7:]) || strings.Contains(log, secret) {
					t.Errorf("a secret in the log:\n%s", log)
				}
			}
		})
	}
}

func TestOldSignatureHeaderIsNotEnough(t *testing.T) {
	d := newDoor(t)
	body := notification(account, comment("5", "hi"))
	r := httptest.NewRequest(http.MethodPost, webhook.Path, strings.NewReader(body))
	r.Header.Set("X-Hub-Signature", instagram.Sign([]byte(body), []byte(secret)))
	if w := d.send(r); w.Code != 403 {
		t.Errorf("status %d", w.Code)
	}
}

func TestRotation(t *testing.T) {
	d := newDoor(t)
	body := notification(account, comment("5", "hi"))
	status := func(with string) int { return d.send(signed(body, with)).Code }
	rotate := func(app ...string) {
		t.Helper()
		secrets := webhook.Secrets{VerifyToken: "next token"}
		for _, s := range app {
			secrets.App = append(secrets.App, []byte(s))
		}
		if err := d.Rotate(secrets); err != nil {
			t.Fatal(err)
		}
	}
	rotate(secret, "next")
	if old, next := status(secret), status("next"); old != 200 || next != 200 {
		t.Errorf("with both secrets: %d and %d", old, next)
	}
	rotate("next")
	if old, next := status(secret), status("next"); old != 403 || next != 200 {
		t.Errorf("with the next one only: %d and %d", old, next)
	}
	for _, bad := range []webhook.Secrets{
		{},
		{VerifyToken: "t"},
		{VerifyToken: "t", App: [][]byte{[]byte("a"), nil}},
		{App: [][]byte{[]byte("a")}},
	} {
		if d.Rotate(bad) == nil {
			t.Errorf("took %+v", bad)
		}
	}
	if next := status("next"); next != 200 {
		t.Errorf("after refused ones: %d", next)
	}
	if w := d.send(handshakeRequest("subscribe", "next token", "1")); w.Code != 200 {
		t.Errorf("the verify token was not rotated: %d", w.Code)
	}
}

func TestArrival(t *testing.T) {
	d := newDoor(t)
	d.clock.pass(time.Minute)
	d.post(`{"object":"instagram","entry":[{"id":"` + alias + `","time":1704110400,"changes":[
		{"field":"comments", "value":{"id":"5","text":"hi","parent_id":"4","media":{"id":"179"}}},
		{"value":{"comment_id":"8","media_id":"178"}, "field":"mentions"},
		{"field":"mentions","value":{"media_id":"178"}},
		{"field":"comments","value":{"id":"9","parent_id":"179","media":{"id":"179"}}}]}]}`)
	d.post(`{"object":"instagram","entry":[{"id":"1789","changes":[{"field":"mentions","value":{"media_id":"178"}}]}]}`)

	sent, got := time.Unix(1704110400, 0).UTC(), noon.Add(time.Minute)
	want := [][]inbox.Arrival{{
		{Key: account + "/comment/5", Rank: 1, Account: account, Thread: "4", Media: "179", Notified: sent, Received: got,
			Change: []byte(`{"field":"comments","value":{"id":"5","text":"hi","parent_id":"4","media":{"id":"179"}}}`)},
		{Key: account + "/comment/8", Rank: 0, Account: account, Thread: "8", Media: "178", Notified: sent, Received: got,
			Change: []byte(`{"field":"mentions","value":{"comment_id":"8","media_id":"178"}}`)},
		{Key: account + "/caption/178", Rank: 0, Account: account, Thread: "178", Media: "178", Notified: sent, Received: got,
			Change: []byte(`{"field":"mentions","value":{"media_id":"178"}}`)},
		{Key: account + "/comment/9", Rank: 1, Account: account, Thread: "9", Media: "179", Notified: sent, Received: got,
			Change: []byte(`{"field":"comments","value":{"id":"9","parent_id":"179","media":{"id":"179"}}}`)},
	}, {
		{Key: "1789/caption/178", Rank: 0, Account: "1789", Thread: "178", Media: "178", Received: got,
			Change: []byte(`{"field":"mentions","value":{"media_id":"178"}}`)},
	}}
	if diff := cmp.Diff(want, d.store.calls); diff != "" {
		t.Errorf("arrivals (-want +got):\n%s", diff)
	}
}

func TestCounts(t *testing.T) {
	d := newDoor(t)
	d.post(notification(account, comment("5", "hi"), comment("5", "hi"), mention("8")))
	d.post(notification(account, comment("5", "hi")))
	if diff := cmp.Diff(map[string]int{"comment": 3, "comment_mention": 1}, d.observed.received); diff != "" {
		t.Errorf("received (-want +got):\n%s", diff)
	}
	if d.observed.duplicates != 2 {
		t.Errorf("%d duplicates, want 2", d.observed.duplicates)
	}
}

// Nothing says that a notification bears the same time, or comes in the same company, when it is sent again.
func TestSentAgainItIsTheSameEvent(t *testing.T) {
	d := newDoor(t)
	for _, entry := range []string{
		`{"id":"` + account + `","time":1785412106,"changes":[` + comment("5", "hi") + `]}`,
		`{"id":"` + account + `","time":1785412107,"changes":[` + mention("8") + `,` + comment("5", "hi") + `]}`,
		`{"id":"` + account + `","time":"1785498506000","changes":[` + comment("5", "hi, edited") + `]}`,
		`{"id":"` + alias + `","changes":[` + comment("5", "hi") + `]}`,
	} {
		d.post(`{"object":"instagram","entry":[` + entry + `]}`)
	}
	if keys := d.store.keys(); len(keys) != 5 || d.observed.duplicates != 3 {
		t.Errorf("%d duplicates in %q, want 3", d.observed.duplicates, keys)
	}
}

func TestAnswerTimeIsObserved(t *testing.T) {
	d := newDoor(t)
	d.store.first = func(context.Context) error { d.clock.pass(7 * time.Millisecond); return nil }
	d.post(notification(account, comment("5", "hi")))
	if !slices.Equal(d.observed.took, []time.Duration{7 * time.Millisecond}) {
		t.Errorf("took %v", d.observed.took)
	}
}

func TestStoreFails(t *testing.T) {
	d := newDoor(t)
	body := notification(account, comment("5", "hi"), `{"field":"message_edit","value":{}}`)
	d.store.fail = errors.New("disk full: /var/lib/secret-place")
	w := d.post(body)
	if w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
	if strings.Contains(w.Body.String(), "disk") {
		t.Errorf("told the sender %q", w.Body)
	}
	if !strings.Contains(d.logged(t), "disk full") {
		t.Errorf("not in the log:\n%s", d.logged(t))
	}
	d.store.fail = nil
	if w := d.post(body); w.Code != 200 {
		t.Errorf("status %d when it came again", w.Code)
	}
	if n := d.observed.received["comment"]; n != 1 {
		t.Errorf("counted %d times", n)
	}
	if parts := d.observed.parts(); !slices.Equal(parts, []string{"field message_edit"}) {
		t.Errorf("ignored %q", parts)
	}
}

func TestNothingOfOursNeedsNoStore(t *testing.T) {
	d := newDoor(t)
	d.store.fail = errors.New("away")
	if w := d.post(notification("99", comment("5", "hi"))); w.Code != 200 {
		t.Errorf("status %d", w.Code)
	}
}

// What is stored must not change when the buffer that the body was read into is used again.
func TestArrivalsOutliveTheirBody(t *testing.T) {
	d := newDoor(t)
	for i := range 50 {
		d.post(notification(account, comment(fmt.Sprint(100+i), strings.Repeat(fmt.Sprint(i%10), 50))))
	}
	for i, call := range d.store.calls {
		want := comment(fmt.Sprint(100+i), strings.Repeat(fmt.Sprint(i%10), 50))
		if got := string(call[0].Change); got != want || call[0].Key != fmt.Sprintf("%s/comment/%d", account, 100+i) {
			t.Errorf("arrival %d became %s %s", i, call[0].Key, got)
		}
	}
}

func TestMethods(t *testing.T) {
	for _, test := range []struct {
		method, path string
		status       int
	}{
		{"PUT", webhook.Path, 405}, {"HEAD", webhook.Path, 405}, {"DELETE", webhook.Path, 405}, {"OPTIONS", webhook.Path, 405}, {"PATCH", webhook.Path, 405},
		{"GET", "/", 404}, {"POST", "/", 404}, {"POST", webhook.Path + "/", 404}, {"POST", "/webhooks", 404},
	} {
		d := newDoor(t)
		body := notification(account, comment("5", "hi"))
		r := httptest.NewRequest(test.method, test.path, strings.NewReader(body))
		r.Header.Set(instagram.SignatureHeader, instagram.Sign([]byte(body), []byte(secret)))
		w := d.send(r)
		if w.Code != test.status {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, w.Code, test.status)
		}
		if allow := w.Header().Get("Allow"); (allow == "GET, POST") != (test.status == 405) {
			t.Errorf("%s %s: Allow %q", test.method, test.path, allow)
		}
		if len(d.store.calls) > 0 || len(d.observed.statuses) > 0 {
			t.Errorf("%s %s: stored %d, observed %d", test.method, test.path, len(d.store.calls), d.observed.statuses)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	good := webhook.Secrets{VerifyToken: "v", App: [][]byte{[]byte("s")}}
	for name, o := range map[string]webhook.Options{
		"no secret":                    {Secrets: webhook.Secrets{VerifyToken: "v"}},
		"an empty secret":              {Secrets: webhook.Secrets{VerifyToken: "v", App: [][]byte{[]byte("s"), {}}}},
		"no verify token":              {Secrets: webhook.Secrets{App: [][]byte{[]byte("s")}}},
		"an account without an id":     {Secrets: good, Accounts: []webhook.Account{{}}},
		"an empty alias":               {Secrets: good, Accounts: []webhook.Account{{ID: "1", Aliases: []string{""}}}},
		"an alias of two accounts":     {Secrets: good, Accounts: []webhook.Account{{ID: "1", Aliases: []string{"3"}}, {ID: "2", Aliases: []string{"3"}}}},
		"an alias that is another one": {Secrets: good, Accounts: []webhook.Account{{ID: "1", Aliases: []string{"2"}}, {ID: "2"}}},
	} {
		o.Log, o.Now = logrus.New(), time.Now
		if _, err := webhook.New(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestSecretsAreTheDoorsOwn(t *testing.T) {
	d := newDoor(t)
	mine := []byte("mine")
	if err := d.Rotate(webhook.Secrets{VerifyToken: "v", App: [][]byte{mine}}); err != nil {
		t.Fatal(err)
	}
	copy(mine, bytes.Repeat([]byte{0}, len(mine)))
	if w := d.send(signed("{}", "mine")); w.Code != 200 {
		t.Errorf("status %d after the caller wiped its copy", w.Code)
	}
}

func TestManyAtOnceWhileSecretsChange(t *testing.T) {
	d := newDoor(t)
	both := webhook.Secrets{VerifyToken: verifyToken, App: [][]byte{[]byte("next"), []byte(secret), []byte("next")}}
	var senders sync.WaitGroup
	for g := range 8 {
		senders.Go(func() {
			for i := range 50 {
				if w := d.post(notification(account, comment(fmt.Sprint(1000*(g+1)+i), "hi"))); w.Code != 200 {
					t.Errorf("status %d", w.Code)
				}
			}
		})
	}
	for range 50 {
		if err := d.Rotate(both); err != nil {
			t.Error(err)
		}
	}
	senders.Wait()
	keys := d.store.keys()
	slices.Sort(keys)
	if n := len(slices.Compact(keys)); n != 400 {
		t.Errorf("%d events stored, want 400", n)
	}
}
