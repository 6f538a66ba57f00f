package doctor_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"go.uber.org/goleak"

	"github.com/answerback/answerback/bot/doctor"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/webhook"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	appID, secret, verify = "400500600", "app-secret", "verify-token"
	facebookID, pageID    = "17841405726653026", "1755847768034402"
	instagramID, scopedID = "17841400000000003", "25000000000000001"
)

var now = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// ward is a chain without a fault, and all that can be broken in it.
type ward struct {
	doctor.Options
	fake    *instagramtest.Fake
	facing  http.Handler      // what answers at the public address
	ready   http.HandlerFunc  // what answers at the admin address
	meta    time.Duration     // by how much Meta's clock runs ahead
	headers http.Header       // of Meta's answers
	carry   http.RoundTripper // to Meta; nil: the fake
	trust   bool              // the public address' certificate
	noPorts bool              // the configuration leaves the ports open
}

func (w *ward) facebook() *instagram.Account  { return &w.Accounts[0] }
func (w *ward) instagram() *instagram.Account { return &w.Accounts[1] }

// tie changes how an account is tied to the app.
func (w *ward) tie(id string, change func(*instagramtest.Tie)) {
	t := w.fake.TieOf(id)
	change(&t)
	w.fake.Tie(id, t)
}

// hook sets up the app's webhook, but for a change as it should be, beside that of another object.
func (w *ward) hook(change func(*instagram.Webhook)) {
	hook := instagram.Webhook{Object: "instagram", Callback: "https://bot.example" + webhook.Path, Active: true}
	for _, name := range []string{"comments", "live_comments", "mentions"} {
		hook.Fields = append(hook.Fields, instagram.WebhookField{Name: name, Version: "v26.0"})
	}
	change(&hook)
	w.fake.TieWebhooks(instagram.Webhook{Object: "page", Callback: "https://other.example/", Active: true}, hook)
}

func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{trust: true}
	w.fake = instagramtest.New(instagramtest.Options{
		Accounts:  []instagramtest.Account{{ID: facebookID, Username: "bluebottle", Token: "EAAtoken"}, {ID: instagramID, Username: "redbottle", Token: "IGAAtoken"}},
		AppSecret: secret, RequireProof: true, Now: func() time.Time { return now.Add(w.meta) },
	})
	t.Cleanup(w.fake.Close)
	w.fake.TieApp(appID)
	w.fake.Tie(facebookID, instagramtest.Tie{
		Login: platform.FacebookLogin, PageID: pageID, PageAccount: facebookID, PageToken: "EAApage", Subscribed: []string{"feed"},
		Scopes: []string{"instagram_basic", "instagram_manage_comments", "instagram_manage_messages", "pages_manage_metadata", "pages_read_engagement", "pages_show_list"},
	})
	w.fake.Tie(instagramID, instagramtest.Tie{
		Login: platform.InstagramLogin, ScopedID: scopedID, Subscribed: []string{"comments", "live_comments", "mentions"},
	})
	w.hook(func(*instagram.Webhook) {})
	w.facing = door(t, verify, secret)
	w.ready = func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "ready\n") }
	w.Options = doctor.Options{
		Now:           func() time.Time { return now },
		Configuration: doctor.Configuration{Path: "answerback.yaml", Usable: true, Mode: 0o600},
		Rules:         load(t, "rules:\n  - name: a\n    on: [comment, mention]\n    reply: hello\n"),
		Database: func(context.Context) (doctor.Database, error) {
			return doctor.Database{Path: "answerback.db", Exists: true, Mode: 0o600, Current: 9, Known: 9, Free: 1 << 40, Told: true}, nil
		},
		Version: "v26.0", AppID: appID, VerifyToken: verify, Challenge: "1158201444",
		Accounts: []instagram.Account{
			{ID: facebookID, Username: "bluebottle", AccessToken: "EAAtoken", AppSecret: secret, Login: platform.FacebookLogin, PageID: pageID, GraphURL: "https://graph.example"},
			{ID: instagramID, Username: "redbottle", AccessToken: "IGAAtoken", AppSecret: secret, Login: platform.InstagramLogin, GraphURL: "https://graph.example"},
		},
	}
	return w
}

// door is the real one, with a store that keeps nothing.
func door(t *testing.T, token string, secrets ...string) http.Handler {
	t.Helper()
	silent := logrus.New()
	silent.SetOutput(io.Discard)
	var app [][]byte
	for _, s := range secrets {
		app = append(app, []byte(s))
	}
	h, err := webhook.New(webhook.Options{
		Secrets: webhook.Secrets{VerifyToken: token, App: app}, Accounts: []webhook.Account{{ID: facebookID}},
		Store: noStore{t}, Observe: deaf{}, Log: silent, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

type noStore struct{ t *testing.T }

func (s noStore) Accept(_ context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	s.t.Errorf("the doctor's notification became %d events", len(arrivals))
	return inbox.Accepted{}, nil
}

type deaf struct{}

func (deaf) Answered(int, time.Duration) {}
func (deaf) Received(string)             {}
func (deaf) Duplicates(int)              {}
func (deaf) Ignored(string, string)      {}

func load(t *testing.T, text string) doctor.Rules {
	t.Helper()
	set, problems := rules.Compile(rules.Source{{Name: "rules.yaml", Text: []byte(text)}})
	if set == nil {
		return doctor.Rules{Problems: problems}
	}
	return doctor.Rules{Loaded: true, Count: set.Len(), Needs: set.Needs()}
}

// examine runs the real client and the real visitor against the ward.
func (w *ward) examine(t *testing.T) doctor.Report {
	t.Helper()
	public := httptest.NewTLSServer(w.facing)
	defer public.Close()
	admin := httptest.NewServer(w.ready)
	defer admin.Close()
	w.Calls = doctor.NewCalls(w.Now)
	carry := w.carry
	if carry == nil {
		carry = marked{w}
	}
	w.Graph = instagram.NewClient(instagram.Options{Version: w.Version, Transport: carry, Observe: w.Calls.Add, Now: w.Now})
	visits := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		switch { // the public name leads to the test's own server
		case strings.HasPrefix(address, "bot.example:"):
			address = public.Listener.Addr().String()
		case strings.HasPrefix(address, "gone.example:"):
			return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}}
	if w.trust {
		visits.TLSClientConfig = &tls.Config{RootCAs: public.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "example.com"}
	}
	w.Visit = instagram.NewVisitor(time.Minute, visits)
	if w.URL == "" {
		w.URL = "https://bot.example" + webhook.Path
	} else if w.URL == "none" {
		w.URL = ""
	}
	w.Webhook = "https://bot.example" + webhook.Path
	if w.Ready == "" {
		w.Ready = admin.URL + "/readyz"
	}
	if w.noPorts {
		w.Webhook, w.Ready = "", ""
	}
	return doctor.Examine(t.Context(), w.Options)
}

// marked carries calls to the fake and adds headers to its answers.
type marked struct{ w *ward }

func (m marked) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.String(), "EAA") || strings.Contains(r.URL.String(), "IGAA") || strings.Contains(r.URL.String(), secret) {
		return nil, errors.New("a secret stands in a URL")
	}
	resp, err := m.w.fake.Transport().RoundTrip(r)
	if err == nil {
		for key, values := range m.w.headers {
			resp.Header[key] = values
		}
	}
	return resp, err
}

func TestSound(t *testing.T) {
	w := newWard(t)
	report := w.examine(t)
	for _, l := range report.Links {
		if l.State != doctor.OK || l.Do != "" || l.Seen == "" {
			t.Errorf("%+v", l)
		}
	}
	if !report.OK() || len(report.Links) != 4+2*7+5 {
		t.Errorf("ok %v, %d links", report.OK(), len(report.Links))
	}
}

// seen gives the links that are not sound, and holds the others to being sound, or unknown because of one of these, or for
// want of a setting, which they name.
func seen(t *testing.T, report doctor.Report) []doctor.Link {
	t.Helper()
	var bad []doctor.Link
	for _, l := range report.Links {
		if l.State == doctor.Broken || l.State == doctor.Warning {
			bad = append(bad, l)
		}
	}
	for _, l := range report.Links {
		if l.State != doctor.Unknown || strings.HasPrefix(l.Do, "write ") {
			continue
		}
		explained := slices.ContainsFunc(bad, func(b doctor.Link) bool {
			return strings.HasSuffix(l.Seen, "because of "+b.Name) && (b.Account == "" || b.Account == l.Account || l.Account == "")
		})
		if !explained {
			t.Errorf("%s (%s) is unknown, and nothing that is broken says why: %s", l.Name, l.Account, l.Seen)
		}
	}
	return bad
}
