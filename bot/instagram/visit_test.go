package instagram_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

func TestVisitor(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/elsewhere?"+r.URL.RawQuery, http.StatusFound)
		case r.URL.Path == "/lost":
			w.Header().Set("Location", "https://me:sesame@[")
			w.WriteHeader(http.StatusFound)
		case r.Method == http.MethodPost:
			if err := instagram.Verify(body, r.Header.Get(instagram.SignatureHeader), [][]byte{[]byte("k")}); err != nil {
				w.WriteHeader(http.StatusForbidden)
			}
		case r.URL.Query().Get("hub.mode") == "subscribe" && r.URL.Query().Get("hub.verify_token") == "a b&c" && r.URL.Query().Get("kept") == "1":
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		default:
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
		}
	}))
	defer server.Close()
	v := instagram.NewVisitor(time.Minute, nil)
	got, err := v.Handshake(t.Context(), server.URL+"/w?kept=1", "a b&c", "158")
	if want := (instagram.Reception{Status: 200, ContentType: "text/plain", Body: "158"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := v.Look(t.Context(), server.URL+"/moved"); err != nil || got.Status != http.StatusFound || got.Location != "/elsewhere" {
		t.Errorf("a redirect is followed: %+v, %v", got, err)
	}
	if got, err := v.Handshake(t.Context(), server.URL+"/moved", "sesame", "158"); err != nil || got.Location != "/elsewhere" {
		t.Errorf("a redirect repeats the query: %+v, %v", got, err)
	}
	if got, err := v.Look(t.Context(), server.URL+"/lost"); err != nil || got.Status != http.StatusFound || got.Location != "" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := v.Look(t.Context(), server.URL); err != nil || len(got.Body) != 64<<10 {
		t.Errorf("%d bytes are read, %v", len(got.Body), err)
	}
	for signature, want := range map[string]int{instagram.Sign([]byte("{}"), []byte("k")): 200, instagram.Sign([]byte("{}"), []byte("j")): 403} {
		if got, err := v.Deliver(t.Context(), server.URL, "{}", signature); err != nil || got.Status != want {
			t.Errorf("%s: %+v, %v", signature, got, err)
		}
	}
	refusing := instagram.NewVisitor(time.Minute, canned{err: errors.New("no way")})
	if _, err := refusing.Handshake(t.Context(), server.URL, "sesame", "1"); err == nil || strings.Contains(err.Error(), "sesame") || !strings.Contains(err.Error(), "no way") {
		t.Errorf("%v", err)
	}
}
