package instagramtest_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// TestChance: what was asked to fail comes before what fails by chance.
func TestChance(t *testing.T) {
	f := newFake(t, instagramtest.Options{Chance: func(r instagramtest.Request) (instagramtest.Fault, bool) {
		return instagramtest.Fault{Status: 503}, r.Method == "POST" && r.Account == account
	}})
	reply := url.Values{"message": {"hi"}}
	if status, answer := ask(t, f, "GET", "/600", nil, "T"); status != 200 {
		t.Error("a read was struck:", answer)
	}
	if status, _ := ask(t, f, "POST", "/600/replies", reply, "T"); status != 503 || len(f.Replies()) != 0 {
		t.Errorf("a write was answered with %d", status)
	}
	f.Fail(instagramtest.Match{Method: "POST"}, instagramtest.Fault{Status: 502})
	if status, _ := ask(t, f, "POST", "/600/replies", reply, "T"); status != 502 {
		t.Errorf("a write that was to be answered with 502 was answered with %d", status)
	}
}

// TestHalfAnAnswer: the reply is made, and its id is cut in two.
func TestHalfAnAnswer(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	f.Fail(instagramtest.Match{Method: "POST"}, instagramtest.Fault{Half: true})
	resp, err := post(t.Context(), f, "/600/replies")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil || len(body) == 0 || resp.StatusCode != http.StatusOK {
		t.Errorf("%d, %q, %v", resp.StatusCode, body, err)
	}
	if n := len(f.Replies()); n != 1 {
		t.Errorf("%d replies", n)
	}
}

// TestDeaf: what was asked is done though nobody waits for the answer.
func TestDeaf(t *testing.T) {
	struck := make(chan struct{}, 1)
	f := newFake(t, instagramtest.Options{Chance: func(instagramtest.Request) (instagramtest.Fault, bool) {
		struck <- struct{}{}
		return instagramtest.Fault{Delay: 20 * time.Millisecond, Deaf: true}, true
	}})
	ctx, hangUp := context.WithCancel(t.Context())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if resp, err := post(ctx, f, "/600/replies"); err == nil {
			resp.Body.Close()
		}
	}()
	<-struck
	hangUp()
	<-gone
	if _, err := f.WaitReplies(t.Context(), 1); err != nil {
		t.Error("nothing was said:", err)
	}
}

// TestSetToken: the former token is refused, the new one and its proof are taken.
func TestSetToken(t *testing.T) {
	f := newFake(t, instagramtest.Options{RequireProof: true})
	f.SetToken(account, "N")
	f.SetToken("nobody", "X")
	for token, want := range map[string]int{"T": 401, "N": 200, "X": 401, "U": 400} {
		if status, answer := ask(t, f, "GET", "/600?appsecret_proof="+proof(token), nil, token); status != want {
			t.Errorf("%s is answered with %d: %s", token, status, answer)
		}
	}
}

func post(ctx context.Context, f *instagramtest.Fake, path string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, "POST", f.URL()+path, strings.NewReader("message=hi"))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer T")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return client.Do(req)
}
