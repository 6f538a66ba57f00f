package doctor_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/doctor"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/problem"
)

// broken is one link broken in one way.
type broken struct {
	by      string
	how     func(t *testing.T, w *ward)
	link    string
	account string
	state   doctor.State
	seen    string // is in what was seen
	do      string // is in what to do
}

// TestEachLink breaks each link in turn: that one is named, with what to do, and no other.
func TestEachLink(t *testing.T) {
	for _, b := range slices.Concat(localLinks(), metaLinks(), tokenLinks(), subscriptionLinks(), webhookLinks(), doorLinks()) {
		t.Run(b.link+"/"+b.by, func(t *testing.T) {
			w := newWard(t)
			b.how(t, w)
			report := w.examine(t)
			bad := seen(t, report)
			if len(bad) != 1 || bad[0].Name != b.link || bad[0].Account != b.account || bad[0].State != b.state {
				t.Fatalf("want only %s (%s) %s, got %+v", b.link, b.account, b.state, bad)
			}
			if !strings.Contains(bad[0].Seen, b.seen) || !strings.Contains(bad[0].Do, b.do) || bad[0].Do == "" {
				t.Errorf("seen %q, do %q; want %q and %q", bad[0].Seen, bad[0].Do, b.seen, b.do)
			}
			if report.OK() != (b.state == doctor.Warning) {
				t.Errorf("ok is %v", report.OK())
			}
			for _, l := range report.Links {
				for _, hidden := range []string{"EAAtoken", "EAApage", "IGAAtoken", secret, verify} {
					if strings.Contains(l.Seen+l.Do, hidden) {
						t.Errorf("%s shows a secret: %+v", l.Name, l)
					}
				}
			}
		})
	}
}

func aProblem(severity problem.Severity, message, hint string) problem.List {
	return problem.List{{File: "answerback.yaml", Line: 3, Column: 5, Severity: severity, Message: message, Hint: hint}}
}

func localLinks() []broken {
	database := func(change func(*doctor.Database)) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) {
			d, _ := w.Database(context.Background())
			change(&d)
			w.Database = func(context.Context) (doctor.Database, error) { return d, nil }
		}
	}
	return []broken{
		{"a missing secret", func(_ *testing.T, w *ward) {
			w.Configuration.Usable, w.Configuration.Problems = false, append(aProblem(problem.Warning, "idle", ""), aProblem(problem.Error, "instagram needs app_secret", "")...)
		}, doctor.LinkConfiguration, "", doctor.Broken, "answerback.yaml:3:5: error: instagram needs app_secret", "mend"},
		{"a secret in a file for all", func(_ *testing.T, w *ward) {
			w.Configuration.Mode, w.Configuration.Inline = 0o644, []string{"instagram.app_secret"}
		}, doctor.LinkConfiguration, "", doctor.Warning, "instagram.app_secret", "chmod 600"},
		{"a secret's file for all", func(_ *testing.T, w *ward) {
			w.Configuration.Problems = aProblem(problem.Warning, "everybody can read it", "chmod 600")
		}, doctor.LinkConfiguration, "", doctor.Warning, "everybody can read it", "chmod 600"},
		{"rules that don't load", func(t *testing.T, w *ward) {
			w.Rules = load(t, "rules:\n  - name: a\n    when: txet == 1\n    reply: x\n")
		},
			doctor.LinkRules, "", doctor.Broken, "rules.yaml:3", "answerback check"},
		{"rules that need what isn't there", func(_ *testing.T, w *ward) {
			w.Rules.Problems = aProblem(problem.Error, "private_reply: account \"bluebottle\" has no page_id", "")
		}, doctor.LinkRules, "", doctor.Broken, "no page_id", "answerback check"},
		{"a rule that Instagram Login brings nothing for", func(t *testing.T, w *ward) {
			w.Rules = load(t, "rules:\n  - name: a\n    accounts: [redbottle]\n    on: mention\n    reply: x\n")
		}, doctor.LinkRules, "", doctor.Warning, "comment_mention, caption_mention, which Instagram Login (account redbottle)", "Facebook Login"},
		{"no rules", func(t *testing.T, w *ward) { w.Rules = doctor.Rules{Loaded: true} }, doctor.LinkRules, "", doctor.Warning, "no rule", "write one"},
		{"an error", func(_ *testing.T, w *ward) {
			w.Database = func(context.Context) (doctor.Database, error) { return doctor.Database{}, errors.New("is no database") }
		}, doctor.LinkDatabase, "", doctor.Broken, "is no database", "mend"},
		{"a mode for others", database(func(d *doctor.Database) { d.Mode = 0o640 }), doctor.LinkDatabase, "", doctor.Warning, "mode 0640", "chmod 600"},
		{"an old version", database(func(d *doctor.Database) { d.Current = 8 }), doctor.LinkDatabase, "", doctor.Warning, "version 8", "version 9"},
		{"a new version", database(func(d *doctor.Database) { d.Current = 10 }), doctor.LinkDatabase, "", doctor.Broken, "version 10", "newer answerback"},
		{"a disk that fills", database(func(d *doctor.Database) { d.Free = 100 << 20 }), doctor.LinkDatabase, "", doctor.Warning, "opens", "100 MiB"},
		{"a full disk", database(func(d *doctor.Database) { d.Free = 1 << 20 }), doctor.LinkDatabase, "", doctor.Broken, "1 MiB", "make room"},
	}
}

func metaLinks() []broken {
	version := func(v string) func(*testing.T, *ward) { return func(_ *testing.T, w *ward) { w.Version = v } }
	onDay := func(v string, day time.Time) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) {
			w.Version, w.meta = v, day.Sub(now)
			w.Now = func() time.Time { return day }
		}
	}
	usage := func(percent string) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) {
			w.headers = http.Header{"X-Business-Use-Case-Usage": {`{"` + facebookID + `":[{"type":"instagram","call_count":` + percent + `}]}`}}
			// The other account's answers tell of it too, and it isn't theirs.
			w.Accounts = w.Accounts[:1]
		}
	}
	only := func(how func(*testing.T, *ward)) func(*testing.T, *ward) {
		return func(t *testing.T, w *ward) { w.Accounts = w.Accounts[:1]; how(t, w) }
	}
	fails := func(fault instagramtest.Fault) func(*testing.T, *ward) {
		return only(func(_ *testing.T, w *ward) {
			w.fake.Fail(instagramtest.Match{Method: "GET", Path: "/" + facebookID}, fault)
		})
	}
	return []broken{
		{"an end that is over", version("v20.0"), doctor.LinkVersion, "", doctor.Broken, "ended on 2026-09-24", "v26.0"},
		{"an end that is near", version("v21.0"), doctor.LinkVersion, "", doctor.Warning, "ends on 2027-01-21", "v26.0"},
		{"an end long ago", version("v19.0"), doctor.LinkVersion, "", doctor.Broken, "removed", "v26.0"},
		{"a version of later days", version("v99.0"), doctor.LinkVersion, "", doctor.Warning, "doesn't know", "v26.0"},
		{"90 days", onDay("v25.0", time.Date(2028, 4, 30, 0, 0, 0, 0, time.UTC)), doctor.LinkVersion, "", doctor.Warning, "2028-07-29", "v26.0"},
		{"a clock ahead", func(_ *testing.T, w *ward) { w.meta = -2 * time.Hour }, doctor.LinkClock, "", doctor.Broken, "2h0m0s ahead", "NTP"},
		{"a clock behind", func(_ *testing.T, w *ward) { w.meta = 5 * time.Minute }, doctor.LinkClock, "", doctor.Warning, "5m0s behind", "NTP"},
		{"nobody who answers", only(func(_ *testing.T, w *ward) { w.carry = refusing{} }), doctor.LinkGraph, "bluebottle", doctor.Broken, "no route", "firewall"},
		{"a redirect", fails(instagramtest.Fault{Status: 302, Body: "{}"}), doctor.LinkGraph, "bluebottle", doctor.Broken, "302", "graph_url"},
		{"a trouble of Meta's", fails(instagramtest.Fault{Status: 500, Code: 2, Message: "down"}), doctor.LinkGraph, "bluebottle", doctor.Broken, "(#2) down", "metastatus"},
		{"a page of a proxy's", fails(instagramtest.Fault{Status: 502, Body: "<html>"}), doctor.LinkGraph, "bluebottle", doctor.Broken, "not JSON", "proxy"},
		{"much of the limit", usage("80"), doctor.LinkUsage, "bluebottle", doctor.Warning, "80 %", "by itself"},
		{"all of the limit", usage("100"), doctor.LinkUsage, "bluebottle", doctor.Broken, "100 %", "by itself"},
		{"a throttled account", fails(instagramtest.Fault{Code: 80002, Message: "too many calls"}), doctor.LinkUsage, "bluebottle", doctor.Broken, "#80002", "by itself"},
		{"a restricted account", fails(instagramtest.Fault{Code: 25, Subcode: 2207050, Message: "restricted"}), doctor.LinkIdentity, "bluebottle", doctor.Broken, "restricted", "log in"},
		{"an unknown id", func(_ *testing.T, w *ward) { w.facebook().ID = "17841400000009999" }, doctor.LinkIdentity, "bluebottle", doctor.Broken, "17841400000009999", "1784…"},
		{"a wrong username", func(_ *testing.T, w *ward) { w.facebook().Username = "greenbottle" }, doctor.LinkIdentity, "greenbottle", doctor.Broken, "called bluebottle", "username: bluebottle"},
		{"the id of /me", func(_ *testing.T, w *ward) { w.instagram().ID = scopedID }, doctor.LinkIdentity, "redbottle", doctor.Broken, "/me.user_id", `id: "` + instagramID + `"`},
		{"the token of another account", func(_ *testing.T, w *ward) { w.instagram().ID = "17841400000009999" }, doctor.LinkIdentity, "redbottle", doctor.Broken, "account " + instagramID, "its own token"},
		{"another account on the page", func(_ *testing.T, w *ward) {
			w.tie(facebookID, func(t *instagramtest.Tie) { t.PageAccount = instagramID })
		}, doctor.LinkPage, "bluebottle", doctor.Broken, "linked to account " + instagramID, "page_id"},
		{"no account on the page", func(_ *testing.T, w *ward) {
			w.tie(facebookID, func(t *instagramtest.Tie) { t.PageAccount = "" })
		}, doctor.LinkPage, "bluebottle", doctor.Broken, "no professional account", "link the account"},
		{"a page that isn't the owner's", func(_ *testing.T, w *ward) { w.facebook().PageID = "1" }, doctor.LinkPage, "bluebottle", doctor.Broken, "does not exist", "role"},
	}
}

type refusing struct{}

func (refusing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no route to host")
}

func tokenLinks() []broken {
	facebook := func(change func(*instagramtest.Tie)) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) { w.tie(facebookID, change) }
	}
	life := func(life instagramtest.Life) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) { w.fake.SetLife(w.facebook().AccessToken, life) }
	}
	noted := func(n doctor.Note) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) { w.Notes = map[string]doctor.Note{instagramID: n} }
	}
	without := func(scope string) func(*testing.T, *ward) {
		return facebook(func(t *instagramtest.Tie) {
			t.Scopes = slices.DeleteFunc(slices.Clone(t.Scopes), func(s string) bool { return s == scope })
		})
	}
	return []broken{
		{"another app", func(_ *testing.T, w *ward) { w.AppID = "999" }, doctor.LinkApp, "bluebottle", doctor.Broken, "app_id and app_secret", "App Secret"},
		{"another secret", func(t *testing.T, w *ward) {
			w.facebook().AppSecret = "other-secret"
			w.facing = door(t, verify, secret, "other-secret") // the daemon has the same configuration
		}, doctor.LinkApp, "bluebottle", doctor.Broken, "appsecret_proof", "App Secret"},
		{"a token that nobody knows", func(_ *testing.T, w *ward) { w.facebook().AccessToken = "EAAother" }, doctor.LinkToken, "bluebottle", doctor.Broken, "dead", "new token"},
		{"an end", life(instagramtest.Life{Expires: now.Add(-time.Hour)}), doctor.LinkToken, "bluebottle", doctor.Broken, "Session has expired", "new token"},
		{"an end that is near", life(instagramtest.Life{Expires: now.Add(10 * 24 * time.Hour)}), doctor.LinkToken, "bluebottle", doctor.Warning, "2026-12-02", "new token"},
		{"the end of access to data", life(instagramtest.Life{DataEnds: now.Add(-time.Hour)}), doctor.LinkToken, "bluebottle", doctor.Broken, "access to data ends on 2026-11-22", "new token"},
		{"a lacking permission", without("instagram_manage_comments"), doctor.LinkToken, "bluebottle", doctor.Broken, "instagram_manage_comments", "new token"},
		{"a lacking permission of the Page", without("pages_read_engagement"), doctor.LinkToken, "bluebottle", doctor.Warning, "pages_read_engagement", "new token"},
		{"no permission for messages", func(t *testing.T, w *ward) {
			w.Rules = load(t, "rules:\n  - name: a\n    accounts: [bluebottle]\n    on: comment\n    private_reply: hello\n")
			without("instagram_manage_messages")(t, w)
		}, doctor.LinkToken, "bluebottle", doctor.Broken, "instagram_manage_messages", "new token"},
		{"no permission for insights", func(t *testing.T, w *ward) {
			w.Rules = load(t, "rules:\n  - name: a\n    accounts: [bluebottle]\n    on: story_insights\n    notify: {to: ops, text: hello}\n")
			w.hook(func(h *instagram.Webhook) { h.Fields[0].Name = "story_insights" })
		}, doctor.LinkToken, "bluebottle", doctor.Broken, "instagram_manage_insights", "new token"},
		{"a permission for others", facebook(func(t *instagramtest.Tie) {
			t.Targets = map[string][]string{"instagram_basic": {"17841400000009999"}, "pages_show_list": {pageID}}
		}), doctor.LinkToken, "bluebottle", doctor.Warning, "instagram_basic for other accounts", "new token"},
		{"another app's", facebook(func(t *instagramtest.Tie) { t.TokenApp = "999" }), doctor.LinkToken, "bluebottle", doctor.Broken, "another app than " + appID, "new token"},
		{"a permission that Meta misses", func(_ *testing.T, w *ward) {
			w.Accounts = w.Accounts[:1]
			w.AppID = ""
			w.fake.Fail(instagramtest.Match{Path: "/" + facebookID}, instagramtest.Fault{Code: 10, Message: "requires instagram_basic"})
		}, doctor.LinkToken, "bluebottle", doctor.Broken, "requires instagram_basic", "new token"},
		{"one of the other login", func(_ *testing.T, w *ward) { w.facebook().AccessToken = "IGAAother" }, doctor.LinkToken, "bluebottle", doctor.Broken, "dead", "write login: instagram"},
		{"one of Facebook Login", func(_ *testing.T, w *ward) { w.instagram().AccessToken = "EAAother" }, doctor.LinkToken, "redbottle", doctor.Broken, "#190", "write login: facebook"},
		{"one that is not renewed", noted(doctor.Note{Ends: now.Add(50 * 24 * time.Hour), Unrenewed: "its file can't be replaced"}),
			doctor.LinkToken, "redbottle", doctor.Warning, "2027-01-11 at the latest, and is not renewed: its file", "token_key"},
		{"a new one that is not renewed", noted(doctor.Note{Unrenewed: "token_key is not set"}), doctor.LinkToken, "redbottle", doctor.Warning, "60 days after it was made", "token_key"},
		{"one that was not renewed in time", noted(doctor.Note{Ends: now.Add(10 * 24 * time.Hour), Told: true}), doctor.LinkToken, "redbottle", doctor.Warning, "ends on 2026-12-02, and was not", "log"},
		{"a renewed one that can't be opened", noted(doctor.Note{Sealed: "can't be opened"}), doctor.LinkToken, "redbottle", doctor.Warning, "before the last renewal: can't be opened", "token_key"},
		{"a dead one, and a renewed one that can't be opened", func(t *testing.T, w *ward) {
			w.instagram().AccessToken = "IGAAother"
			noted(doctor.Note{Sealed: "can't be opened"})(t, w)
		}, doctor.LinkToken, "redbottle", doctor.Broken, "#190", "token_key"},
		{"a dead one of Instagram Login", func(_ *testing.T, w *ward) { w.instagram().AccessToken = "IGAAother" }, doctor.LinkToken, "redbottle", doctor.Broken, "#190", "new token"},
	}
}

func subscriptionLinks() []broken {
	subscribed := func(id string, fields ...string) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) { w.tie(id, func(t *instagramtest.Tie) { t.Subscribed = fields }) }
	}
	return []broken{
		{"none of the Page", subscribed(facebookID), doctor.LinkSubscription, "bluebottle", doctor.Broken, "no notification", "answerback subscribe"},
		{"none of the account", subscribed(instagramID), doctor.LinkSubscription, "redbottle", doctor.Broken, "no notification", "answerback subscribe"},
		{"other fields", subscribed(instagramID, "messages", "mentions"), doctor.LinkSubscription, "redbottle", doctor.Broken, "need comments too", "answerback subscribe"},
		{"one that may not come", subscribed(instagramID, "comments"), doctor.LinkSubscription, "redbottle", doctor.Warning, "need mentions too", "answerback subscribe"},
		{"no token of the Page", func(_ *testing.T, w *ward) {
			w.fake.Fail(instagramtest.Match{Edge: "subscribed_apps", Account: facebookID}, instagramtest.Fault{Code: 210, Message: "A page access token is required"})
		}, doctor.LinkSubscription, "bluebottle", doctor.Broken, "#210", "pages_manage_metadata"},
	}
}

func webhookLinks() []broken {
	hook := func(change func(*instagram.Webhook)) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) { w.hook(change) }
	}
	live := "rules:\n  - name: a\n    on: live_comment\n    private_reply: hello\n"
	broke := func(by string, how func(*testing.T, *ward), seen, do string) broken {
		return broken{by, how, doctor.LinkWebhook, "", doctor.Broken, seen, do}
	}
	return []broken{
		broke("none at all", func(_ *testing.T, w *ward) { w.fake.TieWebhooks() }, "no webhook for Instagram", "callback URL"),
		broke("another object's alone", hook(func(h *instagram.Webhook) { h.Object = "user" }), "no webhook for Instagram", "callback URL"),
		broke("Meta", hook(func(h *instagram.Webhook) { h.Active = false }), "switched the webhook to https://bot.example", "subscribe anew"),
		broke("another address", hook(func(h *instagram.Webhook) { h.Callback = "https://old.example/hook?key=sesame" }), "to https://old.example/hook, not to https://bot.example/webhooks/instagram", "callback URL"),
		broke("another path", hook(func(h *instagram.Webhook) { h.Callback += "/" }), "/instagram/, not to", "callback URL"),
		broke("no field", hook(func(h *instagram.Webhook) { h.Fields = nil }), "no field of Instagram", "comments, mentions"),
		broke("a field that isn't ticked", hook(func(h *instagram.Webhook) { h.Fields = h.Fields[:2] }), "comments, live_comments; the rules need mentions too", "subscribe to mentions"),
		{"live comments of old", func(t *testing.T, w *ward) {
			w.Rules = load(t, live)
			w.hook(func(h *instagram.Webhook) { h.Fields[1].Version = "v25.0" })
		}, doctor.LinkWebhook, "", doctor.Warning, "live_comments come by v25.0", "v26.0"},
	}
}

func doorLinks() []broken {
	front := func(h http.HandlerFunc) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) { w.facing = h }
	}
	// behind is the real door, but for some requests.
	behind := func(strange func(rw http.ResponseWriter, r *http.Request) bool) func(*testing.T, *ward) {
		return func(t *testing.T, w *ward) {
			real := door(t, verify, secret)
			w.facing = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if !strange(rw, r) {
					real.ServeHTTP(rw, r)
				}
			})
		}
	}
	posts := func(status int) func(http.ResponseWriter, *http.Request) bool {
		return func(rw http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost {
				rw.WriteHeader(status)
			}
			return r.Method == http.MethodPost
		}
	}
	ready := func(status int, body string) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) {
			w.ready = func(rw http.ResponseWriter, _ *http.Request) {
				rw.WriteHeader(status)
				_, _ = io.WriteString(rw, body)
			}
		}
	}
	return []broken{
		{"another verify token", func(t *testing.T, w *ward) { w.facing = door(t, "another", secret) }, doctor.LinkHandshake, "", doctor.Broken, "verify token is refused", "verify_token"},
		{"a certificate of one's own", func(_ *testing.T, w *ward) { w.trust = false }, doctor.LinkHandshake, "", doctor.Broken, "x509", "certificate"},
		{"a redirect", front(func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "https://www.bot.example/", http.StatusMovedPermanently)
		}), doctor.LinkHandshake, "", doctor.Broken, "redirects (301)", "without a redirect"},
		{"a redirect of all that is asked", front(func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "https://www.bot.example"+r.URL.RequestURI(), http.StatusPermanentRedirect)
		}), doctor.LinkHandshake, "", doctor.Broken, `to "https://www.bot.example/webhooks/instagram", where`, "without a redirect"},
		{"a web page", front(func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "<!doctype html><p>Welcome") }), doctor.LinkHandshake, "", doctor.Broken, "a web page", "proxy"},
		{"nothing there", front(http.NotFound), doctor.LinkHandshake, "", doctor.Broken, "404", "on to /webhooks/instagram at listen, with the query as it is"},
		{"a challenge in quotes", front(func(rw http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(rw, `"`+r.URL.Query().Get("hub.challenge")+`"`)
		}), doctor.LinkHandshake, "", doctor.Broken, "bare challenge", "proxy"},
		{"somebody who takes any token", front(func(rw http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(rw, r.URL.Query().Get("hub.challenge"))
		}), doctor.LinkHandshake, "", doctor.Broken, "any verify token", "proxy"},
		{"nobody", func(_ *testing.T, w *ward) {
			w.URL = "https://gone.example/webhooks/instagram"
			w.hook(func(h *instagram.Webhook) { h.Callback = w.URL })
		}, doctor.LinkHandshake, "", doctor.Broken, "connection refused", "DNS"},
		{"another secret", func(t *testing.T, w *ward) { w.facing = door(t, verify, "another") }, doctor.LinkDelivery, "", doctor.Broken, "signature is refused", "app_secret"},
		{"anybody's signature", behind(posts(http.StatusOK)), doctor.LinkDelivery, "", doctor.Broken, "nobody signed", "proxy"},
		{"a proxy without POST", behind(posts(http.StatusMethodNotAllowed)), doctor.LinkDelivery, "", doctor.Broken, "405", "POSTs"},
		{"a store that fails", behind(posts(http.StatusServiceUnavailable)), doctor.LinkDelivery, "", doctor.Broken, "can't store", "log"},
		{"its absence", func(_ *testing.T, w *ward) { w.Ready = freeAddress() }, doctor.LinkDaemon, "", doctor.Warning, "no daemon runs", "answerback run"},
		{"a note", ready(http.StatusOK, "ready\nnote: rules: an edit is refused\n"), doctor.LinkDaemon, "", doctor.Warning, "an edit is refused", "mend"},
		{"a reason", ready(http.StatusServiceUnavailable, "not ready: the store fails\n"), doctor.LinkDaemon, "", doctor.Broken, "the store fails", "mend"},
		{"another program", ready(http.StatusOK, "<html>"), doctor.LinkDaemon, "", doctor.Broken, "another program", "admin.listen"},
	}
}

// freeAddress is where nobody listens.
func freeAddress() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String() + "/readyz"
}
