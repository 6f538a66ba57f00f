package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/notify"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const path = "/services/T000/s3cret"

// place is a server that answers in one way and keeps the last request.
func place(t *testing.T, answer http.HandlerFunc) (*notify.Client, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	client := notify.New(notify.Options{Places: map[string]string{"ops": server.URL + path}})
	t.Cleanup(client.Close)
	return client, server
}

func TestPost(t *testing.T) {
	var got map[string]string
	var header http.Header
	var raw string
	client, _ := place(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		raw, header = string(body), r.Header
		if err := json.Unmarshal(body, &got); err != nil || r.Method != http.MethodPost || r.URL.Path != path {
			t.Errorf("%v, %s %s", err, r.Method, r.URL.Path)
		}
	})
	note := notify.Note{Text: `<!channel> & "ä" 😀` + "\n", Rule: `a "rule" <b>`, Event: "17", ID: "275"}
	if err := client.Post(context.Background(), "ops", note); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"text": `&lt;!channel&gt; &amp; "ä" 😀` + "\n", "rule": `a "rule" <b>`, "event": "17", "id": "275"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if header.Get("Content-Type") != "application/json" || header.Get("Idempotency-Key") != "275" || !strings.Contains(raw, "&lt;!channel&gt;") {
		t.Errorf("%v %s", header, raw)
	}
	if err := client.Post(context.Background(), "elsewhere", note); !errors.Is(err, notify.ErrNoPlace) {
		t.Error(err)
	}
	client.SetPlaces(nil)
	if err := client.Post(context.Background(), "ops", note); !errors.Is(err, notify.ErrNoPlace) {
		t.Error(err)
	}
}

func TestWhatAPlaceAnswers(t *testing.T) {
	for status, want := range map[int]struct{ ok, refused bool }{
		200: {ok: true}, 204: {ok: true}, 400: {refused: true}, 401: {refused: true}, 404: {refused: true}, 410: {refused: true},
		301: {refused: true}, 307: {refused: true}, 408: {}, 425: {}, 429: {}, 500: {}, 503: {},
	} {
		var calls atomic.Int32
		client, server := place(t, func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			w.Header().Set("Location", "/elsewhere")
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "cannot POST "+r.URL.Path)
		})
		err := client.Post(context.Background(), "ops", notify.Note{Text: "x"})
		if calls.Load() != 1 {
			t.Errorf("%d: %d calls", status, calls.Load())
		}
		if want.ok {
			if err != nil {
				t.Errorf("%d: %v", status, err)
			}
			continue
		}
		var e *notify.Error
		if !errors.As(err, &e) || e.Status != status || e.Refused != want.refused {
			t.Errorf("%d: %#v", status, err)
			continue
		}
		if after := e.RetryAfter; !e.Refused && after != 7*time.Second || e.Refused && after != 0 {
			t.Errorf("%d: retry after %v", status, after)
		}
		unseen(t, err, server.URL, "s3cret")
	}
}

// unseen holds an error to it that it tells nothing of the URL.
func unseen(t *testing.T, err error, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), strings.TrimPrefix(secret, "http://")) {
			t.Errorf("%q tells %q", err, secret)
		}
	}
}

func TestNoAnswerTellsNoURL(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	_ = closed.Close()
	for name, target := range map[string]string{
		"nobody listens": "http://" + address + path,
		"no such host":   "http://s3cret.invalid" + path,
		"no URL":         "http://s3cret\x7f",
		"odd":            "s3cret:opaque",
	} {
		client := notify.New(notify.Options{Places: map[string]string{"ops": target}})
		err := client.Post(context.Background(), "ops", notify.Note{})
		var e *notify.Error
		if !errors.As(err, &e) || e.Status != 0 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		unseen(t, err, address, "s3cret")
		client.Close()
	}
}

func TestASlowPlaceIsCutOff(t *testing.T) {
	stuck := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stuck }))
	defer server.Close()
	defer close(stuck)
	client := notify.New(notify.Options{Places: map[string]string{"ops": server.URL}, Timeout: time.Millisecond})
	defer client.Close()
	var e *notify.Error
	if err := client.Post(context.Background(), "ops", notify.Note{}); !errors.As(err, &e) || e.Refused || !strings.Contains(err.Error(), "too long") {
		t.Error(err)
	}
}
