package instagram_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/google/go-cmp/cmp"
)

func TestRefreshToken(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	s.watchURLs(t)
	fresh, err := s.client.RefreshToken(t.Context(), s.account)
	if err != nil || fresh.Token != s.Token(s.account.ID) || fresh.Token == "EAAtoken" || fresh.Lasts != 5183944*time.Second {
		t.Fatalf("got %v, %v", fresh.Lasts, err)
	}
	if _, err := s.client.RefreshToken(t.Context(), s.account); err != nil {
		t.Errorf("the former token ends with its renewal: %v", err)
	}
	renewed := s.account
	renewed.AccessToken = fresh.Token
	if _, err := s.client.RefreshToken(t.Context(), renewed); err == nil {
		t.Error("a token of today is renewed")
	}
}

// Where Meta takes the token from a parameter only, it is sent in a body.
func TestRefreshTokenInTheBody(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	s.watchURLs(t)
	s.Fail(instagramtest.Match{Method: http.MethodGet}, instagramtest.Fault{Code: 104, Message: "An access token is required"})
	fresh, err := s.client.RefreshToken(t.Context(), s.account)
	if err != nil || fresh.Token == "" {
		t.Fatal(err)
	}
}

// Of two refusals that one is told that is about the token.
func TestRefusedRefresh(t *testing.T) {
	unsupported := instagramtest.Fault{Code: 100, Subcode: 33, Message: "Unsupported post request"}
	headerless := instagramtest.Fault{Code: 104, Message: "An access token is required"}
	for name, c := range map[string]struct {
		life      instagramtest.Life
		get, post instagramtest.Fault
		want      int
	}{
		"no such POST":   {life: instagramtest.Life{Expires: start}, post: unsupported, want: 463},
		"no such header": {life: instagramtest.Life{Expires: start}, get: headerless, want: 463},
	} {
		s := newStage(t, instagramtest.Options{})
		s.SetLife("EAAtoken", c.life)
		s.Fail(instagramtest.Match{Method: http.MethodGet}, c.get)
		s.Fail(instagramtest.Match{Method: http.MethodPost}, c.post)
		_, err := s.client.RefreshToken(t.Context(), s.account)
		var failed *instagram.Error
		if !errors.As(err, &failed) || failed.Subcode != c.want {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

// seesURLs keeps the URLs that go out.
type seesURLs struct {
	http.RoundTripper
	urls []string
}

func (s *seesURLs) RoundTrip(r *http.Request) (*http.Response, error) {
	s.urls = append(s.urls, r.URL.String())
	return s.RoundTripper.RoundTrip(r)
}

// app is an app with that id and the stage's secret.
func (s *stage) app(id string) instagram.App {
	return instagram.App{ID: id, Secret: s.account.AppSecret, GraphURL: s.account.GraphURL}
}

// watchURLs has the stage's client tell what URLs it asks, and the test end with a look for tokens in them.
func (s *stage) watchURLs(t *testing.T) {
	sees := &seesURLs{RoundTripper: &http.Transport{DisableKeepAlives: true}}
	s.client = instagram.NewClient(instagram.Options{Version: "v26.0", Transport: sees})
	t.Cleanup(func() {
		for _, url := range sees.urls {
			if strings.Contains(url, "token=") || strings.Contains(url, "EAAtoken") || strings.Contains(url, "s3cr3t") {
				t.Errorf("a secret is in the URL %s", url)
			}
		}
		if len(sees.urls) == 0 {
			t.Error("nothing was asked")
		}
	})
}

// Of the ends of a token Meta tells, of each as of the token's life.
func TestInspectedLives(t *testing.T) {
	s := newStage(t, instagramtest.Options{AppID: "5"})
	s.watchURLs(t)
	ends, dataEnds := start.Add(time.Hour), start.Add(2*time.Hour)
	for name, c := range map[string]struct {
		life instagramtest.Life
		want instagram.Token
	}{
		"never ends": {instagramtest.Life{}, instagram.Token{Valid: true}},
		"ends":       {instagramtest.Life{Expires: ends, DataEnds: dataEnds}, instagram.Token{Valid: true, Expires: ends, DataAccessExpires: dataEnds}},
		"has ended":  {instagramtest.Life{Expires: start}, instagram.Token{Expires: start}},
	} {
		s.SetLife("EAAtoken", c.life)
		got, err := s.client.InspectToken(t.Context(), s.app("5"), s.account.AccessToken)
		told := instagram.Token{Valid: got.Valid, Expires: got.Expires, DataAccessExpires: got.DataAccessExpires}
		if diff := cmp.Diff(c.want, told); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	if _, err := s.client.InspectToken(t.Context(), s.app("6"), s.account.AccessToken); err == nil {
		t.Error("another app is told")
	}
}

// What is answered about tokens may hold one, whatever is wrong with the answer.
func TestTokenErrorsTellNoToken(t *testing.T) {
	for name, fault := range map[string]instagramtest.Fault{
		"half a token":    {Status: 200, Body: `{"access_token":"IGAAfresh`},
		"no life":         {Status: 200, Body: `{"access_token":"IGAAfresh"}`},
		"no header's":     {Status: 200, Body: `{"access_token":"IGAAfresh\n","expires_in":9}`},
		"a page":          {Status: 502, Body: `<a href="?access_token=EAAtoken">IGAAfresh</a>`},
		"quoted":          {Code: 190, Message: "EAAtoken is s3cr3t"},
		"a broken answer": {Half: true},
	} {
		s := newStage(t, instagramtest.Options{AppID: "5"})
		s.Fail(instagramtest.Match{}, fault)
		_, refresh := s.client.RefreshToken(t.Context(), s.account)
		_, inspect := s.client.InspectToken(t.Context(), s.app("5"), s.account.AccessToken)
		var failed *instagram.Error
		if !errors.As(refresh, &failed) {
			t.Errorf("%s: got error %v", name, refresh)
		}
		for _, err := range []error{refresh, inspect} {
			if err != nil && (strings.Contains(err.Error(), "EAAtoken") || strings.Contains(err.Error(), "IGAA") || strings.Contains(err.Error(), "s3cr3t")) {
				t.Errorf("%s: told: %v", name, err)
			}
		}
	}
}

// answers is a transport that answers everything with one body.
type answers string

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(a))), Request: r}, nil
}

// Whatever is answered, what is taken for a token can be used as one, and lives.
func FuzzTokenAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"access_token":"IGAA1","token_type":"bearer","expires_in":5183944}`,
		`{"access_token":"IGAA1","expires_in":"5183944"}`,
		`{"access_token":"IGAA\u0000","expires_in":1e99}`,
		`{"access_token":["IGAA"],"expires_in":-1}`,
		`{"data":{"app_id":"5","is_valid":true,"expires_at":0,"data_access_expires_at":1795338000}}`,
		`{"data":{"is_valid":"true","expires_at":99999999999999999999}}`,
		`{"data":[{}]}`, `{"error":"no"}`, `{`, ``,
	} {
		f.Add(seed)
	}
	account := instagram.Account{ID: "1", AccessToken: "EAAtoken", AppSecret: "s3cr3t", GraphURL: "https://graph.example"}
	f.Fuzz(func(t *testing.T, body string) {
		client := instagram.NewClient(instagram.Options{Transport: answers(body)})
		fresh, err := client.RefreshToken(t.Context(), account)
		switch {
		case err != nil && fresh != (instagram.FreshToken{}):
			t.Errorf("got %v beside %v", fresh.Lasts, err)
		case err == nil && (fresh.Token == "" || strings.ContainsAny(fresh.Token, " \r\n\x00") || fresh.Lasts <= 0):
			t.Errorf("took %q, which lives %s", fresh.Token, fresh.Lasts)
		}
		app := instagram.App{ID: "5", Secret: account.AppSecret, GraphURL: account.GraphURL}
		if facts, err := client.InspectToken(t.Context(), app, account.AccessToken); err != nil && !cmp.Equal(facts, instagram.Token{}) {
			t.Errorf("got %+v beside %v", facts, err)
		}
	})
}
