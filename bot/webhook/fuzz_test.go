package webhook_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/webhook"
)

// Whatever Meta signs is answered with 200, and what of it is stored names an account of ours and an event.
func FuzzSignedBody(f *testing.F) {
	for _, body := range []string{
		guideComment, guideCaption, "", "{}", "[]", "null", "[[]]", `{"object":"instagram","entry":null}`,
		notification(account, comment("5", "hi"), mention("8")),
		notification(alias, `{"field":"mentions","value":{"media_id":178}}`),
		notification("0", comment("5", "hi")),
		`{"object":"instagram","entry":[{"id":17841405726653026,"time":"1704110400000","field":"comments","value":{"id":5}}]}`,
		`{"object":"instagram","entry":[{"id":"1789","messaging":[{}],"standby":[1],"changed_fields":["x"]}]}`,
	} {
		f.Add([]byte(body))
	}
	shapes, err := filepath.Glob("../../testdata/notifications/*.json")
	if err != nil || len(shapes) == 0 {
		f.Fatalf("no shapes (%v)", err)
	}
	for _, path := range shapes {
		body, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d := newDoor(t)
		if w := d.post(string(body)); w.Code != 200 {
			t.Fatalf("status %d", w.Code)
		}
		if len(d.store.calls) > 1 {
			t.Fatal("more than one transaction")
		}
		for _, call := range d.store.calls {
			for _, a := range call {
				class, ours := strings.CutPrefix(a.Key, a.Account+"/")
				if !ours || a.Account != account && a.Account != "1789" || strings.HasSuffix(class, "/") || a.Thread == "" || a.Received != noon {
					t.Errorf("stored %+v", a)
				}
				if _, err := instagram.ParseChange(a.Change); err != nil {
					t.Errorf("the worker can't read %q: %v", a.Change, err)
				}
			}
		}
	})
}

// No value of the signature's header but the right one opens the door.
func FuzzSignature(f *testing.F) {
	body := notification(account, comment("5", "hi"))
	right := instagram.Sign([]byte(body), []byte(secret))
	for _, header := range []string{right, "", "sha256=", "sha1=" + right[7:], right[7:], right + " ", "sha256=" + strings.Repeat("0", 64)} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		d := newDoor(t)
		r := httptest.NewRequest(http.MethodPost, webhook.Path, strings.NewReader(body))
		r.Header[http.CanonicalHeaderKey(instagram.SignatureHeader)] = []string{header}
		want := 403
		if strings.EqualFold(header, right) && strings.HasPrefix(header, "sha256=") {
			want = 200
		}
		if w := d.send(r); w.Code != want {
			t.Errorf("%q: status %d, want %d", header, w.Code, want)
		}
	})
}

// FuzzHandshake tries what may stand in the query.
func FuzzHandshake(f *testing.F) {
	f.Add("hub.mode=subscribe&hub.challenge=1&hub.verify_token=" + verifyToken)
	f.Add("hub.mode=subscribe&hub.verify_token=" + verifyToken + "&hub.verify_token=x&hub.challenge=%00")
	f.Add("hub.mode=subscribe;hub.challenge=%zz")
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, webhook.Path, nil)
		r.URL.RawQuery = query
		w := newDoor(t).send(r)
		switch asked := r.URL.Query(); w.Code {
		case 200:
			if asked.Get("hub.verify_token") != verifyToken || w.Body.String() != asked.Get("hub.challenge") {
				t.Errorf("%q: answered %q", query, w.Body)
			}
		case 403:
		default:
			t.Errorf("%q: status %d", query, w.Code)
		}
	})
}
