package instagramtest_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

func TestWithoutANetworkTheFakeAnswersTheSame(t *testing.T) {
	fake := instagramtest.New(instagramtest.Options{Accounts: []instagramtest.Account{{ID: "1", Username: "bluebottle", Token: "token"}}})
	defer fake.Close()
	fake.AddMedia(instagramtest.Media{ID: "800", Owner: "bluebottle"})
	ask := func(carrier http.RoundTripper) (string, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fake.URL()+"/v26.0/800?fields=id", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer token")
		answer, err := carrier.RoundTrip(r)
		if err != nil {
			return "", err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		return answer.Status[strings.Index(answer.Status, " ")+1:] + " " + answer.Header.Get("Content-Type") + " " + string(body), err
	}
	network := &http.Transport{}
	defer network.CloseIdleConnections()
	want, err := ask(network)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ask(fake.Transport()); err != nil || got != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	fake.Fail(instagramtest.Match{}, instagramtest.Fault{CutAfter: true})
	if _, err := ask(fake.Transport()); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut: %v", err)
	}
}
