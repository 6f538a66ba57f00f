package instagramtest_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
)

// The edges about an account's ties are as strict as Meta's: whose token, which names, what replaces what.
func TestTies(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	f := instagramtest.New(instagramtest.Options{
		Accounts:  []instagramtest.Account{{ID: "17841405726653026", Username: "bluebottle", Token: "EAAtoken"}, {ID: "17841400000000003", Username: "redbottle", Token: "IGAAtoken"}},
		AppSecret: "s", Now: func() time.Time { return now },
	})
	defer f.Close()
	f.TieApp("400")
	f.Tie("17841405726653026", instagramtest.Tie{Login: platform.FacebookLogin, PageID: "77", PageToken: "EAApage"})
	f.Tie("17841400000000003", instagramtest.Tie{Login: platform.InstagramLogin, ScopedID: "25"})
	f.SetLife("IGAAtoken", instagramtest.Life{Expires: now.Add(time.Hour)})
	steps := []struct {
		method, path, token string
		form                url.Values
		status              int
		has                 string
	}{
		{"GET", "/77/subscribed_apps", "EAAtoken", nil, 401, "Page access token"},
		{"POST", "/77/subscribed_apps", "EAApage", url.Values{"subscribed_fields": {"comments"}}, 400, "must be one of {feed, mention"},
		{"POST", "/77/subscribed_apps", "EAApage", url.Values{"subscribed_fields": {"feed,mention"}}, 200, `"success":true`},
		{"GET", "/77/subscribed_apps", "EAApage", nil, 200, `"subscribed_fields":["feed","mention"]`},
		{"DELETE", "/77/subscribed_apps", "EAApage", nil, 200, `"success":true`},
		{"GET", "/77/subscribed_apps", "EAApage", nil, 200, `{"data":[]}`},
		{"GET", "/77", "EAAtoken", nil, 200, `{"id":"77"}`},
		{"GET", "/77?fields=nonsense", "EAAtoken", nil, 400, "nonexisting field"},
		{"GET", "/me?fields=user_id,username", "IGAAtoken", nil, 200, `{"id":"25","user_id":"17841400000000003","username":"redbottle"}`},
		{"GET", "/me?fields=user_id", "EAAtoken", nil, 400, "does not exist"},
		{"POST", "/17841400000000003/subscribed_apps", "IGAAtoken", url.Values{"subscribed_fields": {"comments,messages"}}, 200, `"success":true`},
		{"POST", "/me/subscribed_apps", "IGAAtoken", url.Values{"subscribed_fields": {"mentions"}}, 200, `"success":true`},
		{"GET", "/me/subscribed_apps", "IGAAtoken", nil, 200, `"subscribed_fields":["mentions"]`},
		{"GET", "/17841405726653026/subscribed_apps", "IGAAtoken", nil, 400, "does not exist"},
		{"GET", "/debug_token?input_token=IGAAtoken", "EAAtoken", nil, 400, "app access token"},
		{"GET", "/debug_token?input_token=IGAAtoken", "400|s", nil, 200, `"expires_at":1800003600`},
		{"GET", "/debug_token?input_token=other", "400|s", nil, 200, `"is_valid":false`},
		{"GET", "/debug_token?input_token=other", "400|wrong", nil, 401, "Invalid OAuth"},
		{"POST", "/", "400|s", url.Values{"batch": {"nonsense"}}, 400, "batch must be"},
	}
	for _, step := range steps {
		request, err := http.NewRequest(step.method, "http://graph/v26.0"+step.path, strings.NewReader(step.form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+step.token)
		answer, err := f.Transport().RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != step.status || !strings.Contains(string(body), step.has) {
			t.Errorf("%s %s (%s): %d %s, want %d with %q", step.method, step.path, step.token, answer.StatusCode, body, step.status, step.has)
		}
	}
	now = now.Add(2 * time.Hour)
	request, _ := http.NewRequest("GET", "http://graph/v26.0/me?fields=user_id", nil)
	request.Header.Set("Authorization", "Bearer IGAAtoken")
	if answer, err := f.Transport().RoundTrip(request); err != nil || answer.StatusCode != 401 {
		t.Errorf("a token outlives its end: %v, %v", answer, err)
	}
	for _, r := range f.Requests() {
		if strings.Contains(r.Query.Encode()+r.Form.Encode(), "IGAAtoken") {
			t.Errorf("the journal holds a token: %+v", r)
		}
	}
}
