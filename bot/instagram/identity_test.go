package instagram_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// TestNoTokenInURLs watches what really goes over the wire.
func TestNoTokenInURLs(t *testing.T) {
	var seen []*http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		seen = append(seen, r)
		_, _ = w.Write([]byte(`{"id":"1"}`))
	}))
	defer server.Close()
	account := someAccount
	account.GraphURL = server.URL + "/gateway/"
	client := instagram.NewClient(instagram.Options{Version: "v26.0"})
	defer client.Close()
	if _, err := client.Media(context.Background(), account, "1", []string{"caption"}); err != nil {
		t.Error(err)
	}
	if _, err := client.Write(context.Background(), account, someReply); err != nil {
		t.Error(err)
	}
	// echo -n EAAtoken | openssl dgst -sha256 -hmac s3cr3t
	const proof = "ee779e67f7e0968ae86cd4ea00dee39b6a2a011cfafc6d4cbb6b6bd77dcbe345"
	for _, r := range seen {
		if strings.Contains(r.RequestURI, "EAAtoken") || r.Header.Get("Authorization") != "Bearer EAAtoken" || r.Form.Has("access_token") {
			t.Errorf("the token travels wrongly: %s %v", r.RequestURI, r.Header)
		}
		if !strings.HasPrefix(r.URL.Path, "/gateway/v26.0/1") || r.Header.Get("Idempotency-Key") != "" {
			t.Errorf("asked %s", r.RequestURI)
		}
		if got := r.Form.Get("appsecret_proof"); got != proof {
			t.Errorf("the proof is %s", got)
		}
	}
	if r := seen[1]; r.URL.RawQuery != "" || r.PostForm.Get("message") != "hi" || len(r.PostForm) != 2 || r.Method != "POST" {
		t.Errorf("wrote %s %s %v", r.Method, r.RequestURI, r.PostForm)
	}
}

func TestProofIsRenewedWithTheToken(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	if _, err := s.client.Media(context.Background(), s.account, "500", nil); err != nil {
		t.Error(err)
	}
	for _, change := range []func(*instagram.Account){
		func(a *instagram.Account) { a.AccessToken = "EAAold" },
		func(a *instagram.Account) { a.AppSecret = "another" },
		func(a *instagram.Account) { a.AppSecret = "" },
	} {
		account := s.account
		change(&account)
		if _, err := s.client.Media(context.Background(), account, "500", nil); !is(err, instagram.ClassHuman) {
			t.Error(err)
		}
	}
}

func TestAccountsThatCannotWork(t *testing.T) {
	client := instagram.NewClient(instagram.Options{Transport: canned{status: 200, body: `{"id":"1"}`}})
	for name, change := range map[string]func(*instagram.Account){
		"no token":            func(a *instagram.Account) { a.AccessToken = "" },
		"a header in a token": func(a *instagram.Account) { a.AccessToken = "a\r\nX: y" },
		"no URL":              func(a *instagram.Account) { a.GraphURL = "" },
		"a file":              func(a *instagram.Account) { a.GraphURL = "file:///etc/passwd" },
		"a bad URL":           func(a *instagram.Account) { a.GraphURL = "http://[" },
	} {
		account := someAccount
		change(&account)
		_, err := client.Media(context.Background(), account, "1", nil)
		_, werr := client.Write(context.Background(), account, someReply)
		if !is(err, instagram.ClassHuman) || !is(werr, instagram.ClassHuman) {
			t.Errorf("%s: %v, %v", name, err, werr)
		}
		if account.AccessToken != "" && strings.Contains(err.Error(), account.AccessToken) {
			t.Errorf("%s: the token is told: %v", name, err)
		}
	}
	if _, err := client.Media(context.Background(), someAccount, "../me", nil); !is(err, instagram.ClassPermanent) {
		t.Error(err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	account := someAccount
	account.GraphURL = server.URL
	client := instagram.NewClient(instagram.Options{})
	defer client.Close()
	if _, err := client.Media(context.Background(), account, "1", nil); !is(err, instagram.ClassHuman) {
		t.Error(err)
	}
	if _, err := client.Write(context.Background(), account, someReply); !is(err, instagram.ClassUnknown) {
		t.Error(err)
	}
}
