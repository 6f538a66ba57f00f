package webhook_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/webhook"
)

func handshakeRequest(mode, token, challenge string) *http.Request {
	query := url.Values{"hub.mode": {mode}, "hub.verify_token": {token}, "hub.challenge": {challenge}}
	return httptest.NewRequest(http.MethodGet, webhook.Path+"?"+query.Encode(), nil)
}

func TestHandshake(t *testing.T) {
	for _, test := range []struct {
		name, mode, token, challenge string
		status                       int
	}{
		{"right", "subscribe", verifyToken, "1158201444", 200},
		{"a challenge that isn't a number", "subscribe", verifyToken, "<script>alert(1)</script>", 200},
		{"a leading zero stays", "subscribe", verifyToken, "007", 200},
		{"wrong token", "subscribe", "guess", "1", 403},
		{"token cut short", "subscribe", verifyToken[:5], "1", 403},
		{"empty token", "subscribe", "", "1", 403},
		{"other mode", "unsubscribe", verifyToken, "1", 403},
		{"no mode", "", verifyToken, "1", 403},
		{"no challenge", "subscribe", verifyToken, "", 403},
		{"endless challenge", "subscribe", verifyToken, strings.Repeat("1", 5000), 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDoor(t)
			w := d.send(handshakeRequest(test.mode, test.token, test.challenge))
			if w.Code != test.status {
				t.Fatalf("status %d, want %d", w.Code, test.status)
			}
			if w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Error("a browser may guess what this is")
			}
			if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/plain") {
				t.Errorf("content type %q", got)
			}
			if got := w.Body.String(); test.status == 200 && got != test.challenge {
				t.Errorf("answered %q", got)
			}
			if strings.Contains(d.logged(t), verifyToken) {
				t.Error("the verify token is in the log")
			}
		})
	}
}

func TestHandshakeWithoutAQuery(t *testing.T) {
	for _, query := range []string{"", "?", "?hub.mode=subscribe", "?%zz", "?hub.mode=subscribe;hub.challenge=1"} {
		if w := newDoor(t).send(&http.Request{Method: "GET", URL: &url.URL{Path: webhook.Path, RawQuery: strings.TrimPrefix(query, "?")}}); w.Code != 403 {
			t.Errorf("%q: status %d", query, w.Code)
		}
	}
}
