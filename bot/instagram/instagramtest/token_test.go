package instagramtest_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// What Meta's reference says of tokens, and what it refuses.
func TestTokens(t *testing.T) {
	app := "5|s3cr3t"
	refresh := url.Values{"method": {"get"}, "grant_type": {"ig_refresh_token"}}
	for name, c := range map[string]struct {
		life         instagramtest.Life
		method, path string
		form         url.Values
		token        string
		status       int
		want         string
	}{
		"renewed":              {life: instagramtest.Life{Expires: start.Add(1)}, method: "GET", path: "/refresh_access_token?grant_type=ig_refresh_token", token: "T", status: 200, want: `"token_type":"bearer","expires_in":5183944}`},
		"renewed by a form":    {method: "POST", path: "/refresh_access_token", form: refresh, token: "T", status: 200, want: `{"access_token":"IGAA`},
		"of today":             {life: instagramtest.Life{Issued: start.Add(time.Second - 24*time.Hour)}, method: "GET", path: "/refresh_access_token?grant_type=ig_refresh_token", token: "T", status: 400, want: "24 hours"},
		"expired":              {life: instagramtest.Life{Expires: start}, method: "GET", path: "/refresh_access_token?grant_type=ig_refresh_token", token: "T", status: 401, want: `"code":190,"error_subcode":463`},
		"expired, of use":      {life: instagramtest.Life{Expires: start}, method: "GET", path: "/600?fields=id", token: "T", status: 401, want: `"error_subcode":463`},
		"no grant type":        {method: "GET", path: "/refresh_access_token", token: "T", status: 400, want: "grant_type"},
		"a POST that is one":   {method: "POST", path: "/refresh_access_token", form: url.Values{"grant_type": {"ig_refresh_token"}}, token: "T", status: 400, want: "Unsupported post"},
		"inspected":            {life: instagramtest.Life{Expires: start.Add(time.Hour)}, method: "GET", path: "/v26.0/debug_token?input_token=T", token: app, status: 200, want: `"data_access_expires_at":0,"expires_at":1795338000,"granular_scopes":null,"is_valid":true`},
		"inspected, expired":   {life: instagramtest.Life{Expires: start}, method: "GET", path: "/debug_token?input_token=T", token: app, status: 200, want: `"is_valid":false`},
		"inspected by another": {method: "GET", path: "/debug_token?input_token=T", token: "6|s3cr3t", status: 401, want: `"code":190`},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, instagramtest.Options{AppID: "5"})
			f.SetLife("T", c.life)
			if status, body := ask(t, f, c.method, c.path, c.form, c.token); status != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%d %s", status, body)
			}
		})
	}
}
