package doctor_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/bot/doctor"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
)

// What can't be looked at for want of a setting is unknown, which is no fault, and says which setting.
func TestUnknown(t *testing.T) {
	tests := []struct {
		name string
		how  func(*ward)
		want map[string]string // what to do by the link
	}{
		{"no page_id", func(w *ward) { w.facebook().PageID = "" }, map[string]string{doctor.LinkPage: "write page_id", doctor.LinkSubscription: ""}},
		{"no address", func(w *ward) { w.URL = "none" }, map[string]string{doctor.LinkHandshake: "--url"}},
		{"no address, no ports", func(w *ward) {
			w.URL, w.noPorts = "none", true
		}, map[string]string{doctor.LinkHandshake: "--url", doctor.LinkDaemon: "", doctor.LinkDelivery: ""}},
		{"an app of several", func(w *ward) {
			w.AppID = ""
			w.Accounts = w.Accounts[:1]
			w.fake.Fail(instagramtest.Match{Edge: "subscribed_apps"}, instagramtest.Fault{Status: 200, Body: `{"data":[{"id":"1","subscribed_fields":["feed"]},{"id":"2"}]}`})
		}, map[string]string{doctor.LinkSubscription: "instagram.app_id", doctor.LinkWebhook: "instagram.app_id"}},
		{"Instagram Login alone", func(w *ward) { w.Accounts = w.Accounts[1:] }, map[string]string{doctor.LinkWebhook: ""}},
		{"a webhook of which nothing is told", func(w *ward) {
			w.fake.Fail(instagramtest.Match{Edge: "subscriptions"}, instagramtest.Fault{Status: 500, Code: 2, Message: "down"})
		}, map[string]string{doctor.LinkWebhook: ""}},
		{"no app_id", func(w *ward) { w.AppID, w.Accounts = "", w.Accounts[:1] }, map[string]string{doctor.LinkSubscription: "instagram.app_id", doctor.LinkWebhook: "instagram.app_id"}},
		{"a token of which nothing is told", func(w *ward) {
			w.fake.Fail(instagramtest.Match{Edge: "batch"}, instagramtest.Fault{Status: 500, Code: 2, Message: "down"})
		}, map[string]string{doctor.LinkToken: ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWard(t)
			test.how(w)
			report := w.examine(t)
			got := map[string]string{}
			for _, l := range report.Links {
				if l.State == doctor.Unknown {
					got[l.Name] = l.Do
				} else if l.State != doctor.OK {
					t.Errorf("%+v", l)
				}
			}
			if len(got) != len(test.want) || !report.OK() {
				t.Errorf("unknown are %v", got)
			}
			for name, do := range test.want {
				if said, ok := got[name]; !ok || !strings.Contains(said, do) {
					t.Errorf("%s: %q, want %q", name, said, do)
				}
			}
		})
	}
}

// Without the app's id a token that works is a good one, as far as can be seen.
func TestWithoutAppID(t *testing.T) {
	w := newWard(t)
	w.AppID = ""
	for _, l := range w.examine(t).Links {
		if l.State != doctor.OK && (l.State != doctor.Unknown || !strings.Contains(l.Do, "instagram.app_id")) {
			t.Errorf("%+v", l)
		}
		if l.Name == doctor.LinkToken && l.Account == "bluebottle" && !strings.Contains(l.Do, "instagram.app_id") {
			t.Errorf("%+v", l)
		}
	}
}

// An address that Meta can't come to isn't held against the one that it was told.
func TestAnAddressOfThisMachine(t *testing.T) {
	w := newWard(t)
	w.URL = "https://localhost" + "/webhooks/instagram"
	for _, l := range w.examine(t).Links {
		if l.Name == doctor.LinkWebhook && l.State != doctor.OK {
			t.Errorf("%+v", l)
		}
	}
}

func TestOwn(t *testing.T) {
	one, other := instagram.Subscription{App: "1", Fields: []string{"feed"}}, instagram.Subscription{App: "2", Fields: []string{"mention"}}
	nameless := instagram.Subscription{Fields: []string{"comments"}}
	tests := []struct {
		name  string
		all   []instagram.Subscription
		app   string
		login platform.Login
		want  []string
		known bool
	}{
		{"none", nil, "", platform.FacebookLogin, nil, true},
		{"the app's among others", []instagram.Subscription{other, one}, "1", platform.FacebookLogin, one.Fields, true},
		{"others only", []instagram.Subscription{other}, "1", platform.FacebookLogin, nil, true},
		{"one, and no app_id", []instagram.Subscription{other}, "", platform.FacebookLogin, nil, false},
		{"one without an id, and no app_id", []instagram.Subscription{nameless}, "", platform.FacebookLogin, nameless.Fields, true},
		{"two, and no app_id", []instagram.Subscription{other, one}, "", platform.FacebookLogin, nil, false},
		{"one without an id", []instagram.Subscription{nameless}, "1", platform.FacebookLogin, nameless.Fields, true},
		{"one by the Instagram app id", []instagram.Subscription{other}, "1", platform.InstagramLogin, other.Fields, true},
		{"two by other ids", []instagram.Subscription{other, nameless}, "1", platform.InstagramLogin, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, known := doctor.Own(test.all, test.app, test.login)
			if known != test.known || !cmp.Equal(got, test.want) {
				t.Errorf("%q, %v", got, known)
			}
		})
	}
}

func TestPrescribe(t *testing.T) {
	stories := "rules:\n  - name: a\n    accounts: [redbottle]\n    on: story_insights\n    notify: {to: ops, text: hello}\n"
	tests := []struct {
		name    string
		how     func(*ward)
		account int
		before  []string
		fields  []string
		err     string
	}{
		{"a Page, to any of its fields", func(w *ward) { w.tie(facebookID, func(t *instagramtest.Tie) { t.Subscribed = nil }) }, 0, nil, []string{"feed"}, ""},
		{"a Page that is", func(w *ward) {
			w.tie(facebookID, func(t *instagramtest.Tie) { t.Subscribed = []string{"mention", "messages"} })
		}, 0, []string{"mention", "messages"}, []string{"mention", "messages"}, ""},
		{"no page_id", func(w *ward) { w.facebook().PageID = "" }, 0, nil, nil, "no page_id"},
		{"another's Page", func(w *ward) { w.tie(facebookID, func(t *instagramtest.Tie) { t.PageAccount = "1" }) }, 0, nil, nil, "not linked"},
		{"nobody's Page", func(w *ward) { w.tie(facebookID, func(t *instagramtest.Tie) { t.PageAccount = "" }) }, 0, nil, nil, "no professional account is linked to page " + pageID},
		{"an account, and what it has stays", func(w *ward) {
			w.tie(instagramID, func(t *instagramtest.Tie) { t.Subscribed = []string{"messages", "comments"} })
		}, 1, []string{"comments", "messages"}, []string{"comments", "live_comments", "mentions", "messages"}, ""},
		{"stories where a rule is for them", func(w *ward) { w.Rules = load(t, stories) }, 1,
			[]string{"comments", "live_comments", "mentions"}, []string{"comments", "live_comments", "mentions", "story_insights"}, ""},
		{"a dead token", func(w *ward) { w.instagram().AccessToken = "IGAAother" }, 1, nil, nil, "#190"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWard(t)
			test.how(w)
			client := instagram.NewClient(instagram.Options{Version: w.Version, Transport: marked{w}})
			got, err := doctor.Prescribe(t.Context(), client, w.Accounts[test.account], appID, w.Rules)
			switch {
			case test.err != "":
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("%v, want %q", err, test.err)
				}
				return
			case err != nil:
				t.Fatal(err)
			}
			if !cmp.Equal(got.Before, test.before) || !cmp.Equal(got.Fields(), test.fields) || got.Why == "" {
				t.Errorf("%+v", got)
			}
		})
	}
}

// Of a token of Instagram Login is said what the daemon has noted.
func TestNoted(t *testing.T) {
	for _, test := range []struct {
		note doctor.Note
		want string
	}{
		{doctor.Note{}, "the token is alive; it ends 60 days after it was made, and the daemon renews it"},
		{doctor.Note{Unread: true}, "the token is alive; it ends 60 days after it was made"},
		{doctor.Note{Renewed: true, Ends: now.Add(40 * 24 * time.Hour), Told: true}, "the token to which the daemon renewed the configured one is alive; it ends on 2027-01-01, and"},
	} {
		w := newWard(t)
		w.Notes = map[string]doctor.Note{instagramID: test.note}
		for _, l := range w.examine(t).Links {
			if l.Name == doctor.LinkToken && l.Account == "redbottle" && (l.State != doctor.OK || !strings.HasPrefix(l.Seen, test.want)) {
				t.Errorf("got %+v, want %q", l, test.want)
			}
		}
	}
}

// A token that is dead, and may have been renewed, isn't blamed where the database can't be looked at.
func TestDeadAndUnread(t *testing.T) {
	w := newWard(t)
	w.instagram().AccessToken = "IGAAother"
	w.Notes = map[string]doctor.Note{instagramID: {Unread: true}}
	w.Database = func(context.Context) (doctor.Database, error) { return doctor.Database{}, errors.New("is no database") }
	for _, l := range w.examine(t).Links {
		if (l.State == doctor.Broken) != (l.Name == doctor.LinkDatabase) {
			t.Errorf("%+v", l)
		}
	}
}
