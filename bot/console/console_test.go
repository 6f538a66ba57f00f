package console_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/console"
	"github.com/answerback/answerback/rules/problem"
	"github.com/google/go-cmp/cmp"
)

const token = "the-admin-token"

// well are the options of a console over a bot that is well.
func well() console.Options {
	return console.Options{
		Listen: "127.0.0.1:9090",
		Health: func(context.Context) (reasons, notes []string) { return nil, nil },
		Rules:  func() (string, int) { return "3f2a", 14 },
		Reload: func(context.Context) (problem.List, error) { return nil, nil },
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, "answerback_rules_active 14")
		}),
	}
}

// open makes a console over a bot that is well but for the change.
func open(t *testing.T, change func(*console.Options)) http.Handler {
	t.Helper()
	o := well()
	if change != nil {
		change(&o)
	}
	c, err := console.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ask(c http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Host = "127.0.0.1:9090"
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Add(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w
}

func TestEndpoints(t *testing.T) {
	c := open(t, nil)
	for _, test := range []struct {
		method, path string
		status       int
		says         string
	}{
		{"GET", "/healthz", 200, "ok\n"},
		{"HEAD", "/healthz", 200, ""},
		{"GET", "/readyz", 200, "ready\n"},
		{"GET", "/metrics", 200, "answerback_rules_active 14\n"},
		{"POST", "/-/reload", 200, "rules 3f2a are active: 14 rules\n"},
		{"GET", "/", 200, "/metrics"},
		{"GET", "/-/reload", 405, ""},
		{"PUT", "/-/reload", 405, ""},
		{"POST", "/metrics", 405, ""},
		{"POST", "/healthz", 405, ""},
		{"GET", "/nothing", 404, ""},
		{"GET", "/-/reload/", 404, ""},
		{"GET", "/webhooks/instagram", 404, ""},
	} {
		w := ask(c, test.method, test.path)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
			t.Errorf("%s %s: %d %q", test.method, test.path, w.Code, w.Body)
		}
	}
	if allow := ask(c, "GET", "/-/reload").Header().Get("Allow"); allow != "POST" {
		t.Errorf("Allow %q", allow)
	}
}

func TestReadiness(t *testing.T) {
	for name, test := range map[string]struct {
		reasons, notes []string
		status         int
		body           string
	}{
		"well":       {nil, nil, 200, "ready\n"},
		"one reason": {[]string{"the store is away"}, nil, 503, "not ready: the store is away\n"},
		"several":    {[]string{"the store is away", "draining"}, nil, 503, "not ready: the store is away\nnot ready: draining\n"},
		"notes don't count": {nil, []string{"edit of the rules rejected: a.yaml:3:1", "account 1784 stands still"}, 200,
			"ready\nnote: edit of the rules rejected: a.yaml:3:1\nnote: account 1784 stands still\n"},
		"both":          {[]string{"draining"}, []string{"n"}, 503, "not ready: draining\nnote: n\n"},
		"one line each": {[]string{"a\nready\r\n"}, []string{"b\n\nc"}, 503, "not ready: a ready\nnote: b c\n"},
	} {
		c := open(t, func(o *console.Options) {
			o.Health = func(context.Context) ([]string, []string) { return test.reasons, test.notes }
		})
		w := ask(c, "GET", "/readyz")
		if w.Code != test.status || w.Body.String() != test.body {
			t.Errorf("%s: %d %q, want %d %q", name, w.Code, w.Body, test.status, test.body)
		}
		if w := ask(c, "GET", "/healthz"); w.Code != 200 {
			t.Errorf("%s: healthz %d", name, w.Code)
		}
	}
}

func TestToken(t *testing.T) {
	reloads := 0
	c := open(t, func(o *console.Options) {
		o.Token = token
		o.Reload = func(context.Context) (problem.List, error) { reloads++; return nil, nil }
	})
	for _, test := range []struct {
		name, header string
		in           bool
	}{
		{"right", "Bearer " + token, true},
		{"in lower case", "bearer " + token, true},
		{"none", "", false},
		{"wrong", "Bearer guess", false},
		{"empty", "Bearer ", false},
		{"cut short", "Bearer " + token[:5], false},
		{"with more behind", "Bearer " + token + "x", false},
		{"twice", "Bearer " + token + " " + token, false},
		{"without the word", token, false},
		{"another scheme", "Basic " + token, false},
		{"in other case", "Bearer " + strings.ToUpper(token), false},
	} {
		var headers []string
		if test.header != "" {
			headers = []string{"Authorization", test.header}
		}
		for _, guarded := range [][2]string{{"GET", "/metrics"}, {"GET", "/"}, {"POST", "/-/reload"}} {
			w := ask(c, guarded[0], guarded[1], headers...)
			want := 401
			if test.in {
				want = 200
			}
			if w.Code != want {
				t.Errorf("%s: %s %s: %d", test.name, guarded[0], guarded[1], w.Code)
			}
			if challenge := w.Header().Get("WWW-Authenticate"); strings.HasPrefix(challenge, "Bearer") == test.in {
				t.Errorf("%s: %s: WWW-Authenticate %q", test.name, guarded[1], challenge)
			}
			if strings.Contains(w.Body.String(), token) {
				t.Errorf("%s: the token is in the answer", test.name)
			}
		}
		for _, path := range []string{"/healthz", "/readyz"} {
			if w := ask(c, "GET", path, headers...); w.Code != 200 {
				t.Errorf("%s: %s: %d", test.name, path, w.Code)
			}
		}
		if w := ask(c, "GET", "/nothing", headers...); (w.Code == 401) == test.in {
			t.Errorf("%s: what isn't there: %d", test.name, w.Code)
		}
	}
	if reloads != 2 {
		t.Errorf("%d reloads", reloads)
	}
	if w := ask(c, "GET", "/metrics?token="+token); w.Code != 401 {
		t.Errorf("a token in the address: %d", w.Code)
	}
}

func TestHost(t *testing.T) {
	for _, test := range []struct {
		listen string
		hosts  []string
		host   string
		in     bool
	}{
		{"127.0.0.1:9090", nil, "127.0.0.1:9090", true},
		{"127.0.0.1:9090", nil, "127.0.0.1", true},
		{"127.0.0.1:9090", nil, "localhost:9090", true},
		{"127.0.0.1:9090", nil, "LOCALHOST:9090", true},
		{"127.0.0.1:9090", nil, "localhost.:9090", true},
		{"127.0.0.1:9090", nil, "[::1]:9090", true},
		{"127.0.0.1:9090", nil, "[::1]", true},
		{"127.0.0.1:9090", nil, "localhost:8000", true}, // a tunnel
		{"localhost:9090", nil, "127.0.0.1:9090", true},
		{"[::1]:9090", nil, "[::1]:9090", true},
		{"127.0.0.1:9090", nil, "evil.example", false},
		{"127.0.0.1:9090", nil, "evil.example:9090", false},
		{"127.0.0.1:9090", nil, "localhost.evil.example:9090", false},
		{"127.0.0.1:9090", nil, "127.0.0.1.evil.example:9090", false},
		{"127.0.0.1:9090", nil, "evil.localhost:9090", false},
		{"127.0.0.1:9090", nil, "10.0.0.7:9090", false},
		{"127.0.0.1:9090", nil, "0.0.0.0:9090", false},
		{"127.0.0.1:9090", nil, "[::1", false},
		{"127.0.0.1:9090", nil, "", false},
		{"127.0.0.1:9090", nil, ":9090", false},
		{"127.0.0.1:9090", nil, "2130706433:9090", false},
		{"127.0.0.1:9090", []string{"Ops.example"}, "ops.example", true},
		{"127.0.0.1:9090", []string{"ops.example:443"}, "ops.example", true},
		{"127.0.0.1:9090", []string{"ops.example"}, "evil.example", false},
		{"0.0.0.0:9090", nil, "10.0.0.7:9090", true},
		{":9090", nil, "10.0.0.7:9090", true},
		{":9090", nil, "localhost:9090", true},
		{":9090", nil, "[2001:db8::1]:9090", true},
		{":9090", nil, "", false},
		{":9090", nil, "evil.example:9090", false},
		{"bot.internal:9090", nil, "bot.internal:9090", true},
		{"bot.internal:9090", nil, "evil.example:9090", false},
	} {
		c := open(t, func(o *console.Options) { o.Listen, o.Hosts, o.Token = test.listen, test.hosts, token })
		for _, path := range []string{"/healthz", "/metrics", "/nothing"} {
			w := ask(c, "GET", path, "Host", test.host, "Authorization", "Bearer "+token)
			if (w.Code != 403) != test.in {
				t.Errorf("listening on %s, known as %q: Host %q: %s: %d", test.listen, test.hosts, test.host, path, w.Code)
			}
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	reloads := 0
	c := open(t, func(o *console.Options) {
		o.Reload = func(context.Context) (problem.List, error) { reloads++; return nil, nil }
	})
	for _, test := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"no browser", nil, 200},
		{"own page", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"own page, old browser", []string{"Origin", "http://127.0.0.1:9090"}, 200},
		{"foreign page", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		{"foreign page, old browser", []string{"Origin", "https://evil.example"}, 403},
		{"another program of this machine", []string{"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:3000"}, 403},
		{"from a file", []string{"Origin", "null"}, 403},
	} {
		before := reloads
		w := ask(c, "POST", "/-/reload", test.headers...)
		if w.Code != test.status || (reloads > before) != (test.status == 200) {
			t.Errorf("%s: %d, %d reloads", test.name, w.Code, reloads-before)
		}
	}
}

func TestSecurityHeadersOnEveryAnswer(t *testing.T) {
	c := open(t, func(o *console.Options) { o.Token = token })
	for _, w := range []*httptest.ResponseRecorder{
		ask(c, "GET", "/healthz"), ask(c, "GET", "/metrics"), ask(c, "GET", "/"), ask(c, "GET", "/healthz", "Host", "evil.example"),
		ask(c, "GET", "/metrics", "Authorization", "Bearer "+token), ask(c, "POST", "/-/reload", "Origin", "https://evil.example"),
	} {
		for name, want := range map[string]string{
			"X-Content-Type-Options":  "nosniff",
			"X-Frame-Options":         "DENY",
			"Cache-Control":           "no-store",
			"Referrer-Policy":         "no-referrer",
			"Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%d: %s is %q", w.Code, name, got)
			}
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for listen, token := range map[string]string{
		":9090": "", "0.0.0.0:9090": "", "[::]:9090": "", "10.0.0.7:9090": "", "bot.internal:9090": "",
		"127.0.0.1": token, "": token,
	} {
		o := well()
		o.Listen, o.Token = listen, token
		if _, err := console.New(o); err == nil {
			t.Errorf("taken: %q with the token %q", listen, token)
		}
	}
	for name, forget := range map[string]func(*console.Options){
		"health":  func(o *console.Options) { o.Health = nil },
		"rules":   func(o *console.Options) { o.Rules = nil },
		"reload":  func(o *console.Options) { o.Reload = nil },
		"metrics": func(o *console.Options) { o.Metrics = nil },
	} {
		o := well()
		forget(&o)
		if _, err := console.New(o); err == nil {
			t.Errorf("taken: without %s", name)
		}
	}
}

func TestReload(t *testing.T) {
	const text, asJSON = "text/plain; charset=utf-8", "application/json"
	warning := problem.Problem{File: "a.yaml", Line: 2, Column: 5, Severity: problem.Warning, Code: "W001", Message: "raw"}
	bad := problem.Problem{File: "a.yaml", Line: 3, Column: 1, Severity: problem.Error, Code: "E001", Rule: "challenge", Message: "unknown key"}
	const good, kept = "rules 3f2a are active: 14 rules\n", "rules 3f2a go on, nothing was reloaded: 14 rules\n"
	for _, test := range []struct {
		name     string
		problems problem.List
		err      error
		accept   string
		status   int
		kind     string
		body     string
	}{
		{"good", nil, nil, "", 200, text, good},
		{"curl", nil, nil, "*/*", 200, text, good},
		{"with a warning", problem.List{warning}, nil, "", 200, text, "a.yaml:2:5: warning W001: raw\n" + good},
		{"rejected", problem.List{warning, bad}, nil, "", 422, text,
			"a.yaml:2:5: warning W001: raw\na.yaml:3:1: error E001: rule \"challenge\": unknown key\n" + kept},
		{"unreadable", nil, errors.New("rules/: no such folder"), "", 422, text, "error: rules/: no such folder\n" + kept},
		{"stopped", nil, fmt.Errorf("reload: %w", context.Canceled), asJSON, 503, text, "the rules were not reloaded in time\n"},
		{"good, in JSON", nil, nil, "application/json", 200, asJSON, `{"ok":true,"rules":14,"problems":[]}` + "\n"},
		{"rejected, in JSON", problem.List{bad}, nil, "application/json, */*;q=0.1", 422, asJSON,
			`{"ok":false,"rules":14,"problems":[{"file":"a.yaml","line":3,"column":1,"severity":"error","code":"E001","rule":"challenge","message":"unknown key","hint":""}]}` + "\n"},
		{"unreadable, in JSON", nil, errors.New("gone"), "text/plain;q=0.5, application/json", 422, asJSON,
			`{"ok":false,"rules":14,"problems":[{"file":"","line":0,"column":0,"severity":"error","code":"","rule":"","message":"gone","hint":""}]}` + "\n"},
		{"text rather than JSON", nil, nil, "text/plain, application/json;q=0.9", 200, text, good},
		{"anything but JSON", nil, nil, "application/json;q=0", 200, text, good},
		{"a broken Accept", nil, nil, ";;;,/,json", 200, text, good},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := open(t, func(o *console.Options) {
				o.Reload = func(context.Context) (problem.List, error) { return test.problems, test.err }
			})
			w := ask(c, "POST", "/-/reload", "Accept", test.accept)
			if w.Code != test.status || w.Header().Get("Content-Type") != test.kind {
				t.Errorf("%d, %s", w.Code, w.Header().Get("Content-Type"))
			}
			if diff := cmp.Diff(test.body, w.Body.String()); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if test.kind == "application/json" && !json.Valid(w.Body.Bytes()) {
				t.Error("not JSON")
			}
		})
	}
}

func TestReloadThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, func(o *console.Options) {
			o.Reload = func(ctx context.Context) (problem.List, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		})
		start := time.Now()
		if w := ask(c, "POST", "/-/reload"); w.Code != 503 || time.Since(start) != 30*time.Second {
			t.Errorf("%d after %v", w.Code, time.Since(start))
		}
	})
}

func FuzzRequest(f *testing.F) {
	f.Add("GET", "/metrics", "127.0.0.1:9090", "Bearer x", "application/json")
	f.Add("POST", "/-/reload", "[::1]", "", ",;q=,")
	f.Add("POST", "/healthz/../-/reload", "localhost", "bearer", "")
	f.Fuzz(func(t *testing.T, method, path, host, authorization, accept string) {
		c := open(t, func(o *console.Options) {
			o.Token = token
			o.Reload = func(context.Context) (problem.List, error) {
				t.Error("reloaded without the token")
				return nil, nil
			}
			o.Metrics = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("metrics without the token") })
		})
		if _, shown, _ := strings.Cut(authorization, " "); shown == token {
			return
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.Method, r.URL.Path, r.Host = method, path, host
		r.Header.Set("Authorization", authorization)
		r.Header.Set("Accept", accept)
		c.ServeHTTP(httptest.NewRecorder(), r)
	})
}
