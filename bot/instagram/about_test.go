package instagram_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
)

// tied is a fake with one account that is tied to an app, and a client that fails where a secret stands in a URL.
func tied(t *testing.T, tie instagramtest.Tie) (*instagramtest.Fake, *instagram.Client, instagram.Account, *[]instagram.Call) {
	t.Helper()
	fake := instagramtest.New(instagramtest.Options{
		Accounts:  []instagramtest.Account{{ID: "17841405726653026", Username: "bluebottle", Token: "EAA|token&=+"}},
		AppSecret: "s3cr3t", RequireProof: true, Now: func() time.Time { return time.Unix(1_800_000_000, 0) },
	})
	t.Cleanup(fake.Close)
	fake.TieApp("400")
	fake.Tie("17841405726653026", tie)
	calls := &[]instagram.Call{}
	client := instagram.NewClient(instagram.Options{Version: "v26.0", Transport: discreet{fake.Transport()}, Observe: func(c instagram.Call) { *calls = append(*calls, c) }})
	return fake, client, instagram.Account{
		ID: "17841405726653026", AccessToken: "EAA|token&=+", AppSecret: "s3cr3t", GraphURL: "https://graph.example", Login: tie.Login, PageID: tie.PageID,
	}, calls
}

type discreet struct{ next http.RoundTripper }

func (d discreet) RoundTrip(r *http.Request) (*http.Response, error) {
	for _, secret := range []string{"EAA", "s3cr3t", "input_token"} {
		if strings.Contains(r.URL.String(), secret) {
			return nil, errors.New("a secret stands in the URL")
		}
	}
	return d.next.RoundTrip(r)
}

func TestInspectToken(t *testing.T) {
	ends := time.Unix(1_800_100_000, 0).UTC()
	fake, client, account, calls := tied(t, instagramtest.Tie{
		Scopes: []string{"instagram_manage_comments", "instagram_basic"}, Targets: map[string][]string{"instagram_basic": {"17841405726653026"}},
	})
	fake.SetLife(account.AccessToken, instagramtest.Life{Expires: ends, DataEnds: ends.Add(time.Hour)})
	app := instagram.App{ID: "400", Secret: "s3cr3t", GraphURL: account.GraphURL}
	got, err := client.InspectToken(t.Context(), app, account.AccessToken)
	want := instagram.Token{
		AppID: "400", Kind: "USER", Valid: true, Expires: ends, DataAccessExpires: ends.Add(time.Hour), Scopes: []string{"instagram_basic", "instagram_manage_comments"},
		Targets: map[string][]string{"instagram_basic": {"17841405726653026"}, "instagram_manage_comments": nil},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if last := (*calls)[len(*calls)-1]; last.Edge != "debug_token" || last.Class != instagram.ClassOK || !last.Date.Equal(time.Unix(1_800_000_000, 0)) {
		t.Errorf("the call is told as %+v", last)
	}
	if got, err := client.InspectToken(t.Context(), app, "EAAdead"); err != nil || got.Valid || got.Reason == "" {
		t.Errorf("a dead token: %+v, %v", got, err)
	}
	app.Secret = "wrong"
	var refused *instagram.Error
	if _, err := client.InspectToken(t.Context(), app, account.AccessToken); !errors.As(err, &refused) || refused.Code != 190 {
		t.Errorf("a wrong secret: %v", err)
	}
}

func TestProfile(t *testing.T) {
	tests := map[string]struct {
		tie  instagramtest.Tie
		want instagram.Profile
	}{
		"facebook":  {instagramtest.Tie{Login: platform.FacebookLogin}, instagram.Profile{ID: "17841405726653026", Username: "bluebottle"}},
		"instagram": {instagramtest.Tie{Login: platform.InstagramLogin, ScopedID: "25"}, instagram.Profile{ID: "17841405726653026", Username: "bluebottle", ScopedID: "25"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, client, account, _ := tied(t, test.tie)
			if got, err := client.Profile(t.Context(), account); err != nil || got != test.want {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestSubscribe(t *testing.T) {
	for _, login := range platform.Logins() {
		t.Run(string(login), func(t *testing.T) {
			fake, client, account, _ := tied(t, instagramtest.Tie{Login: login, PageID: "77", PageAccount: "17841405726653026", PageToken: "EAApage"})
			field := "comments"
			if login == platform.FacebookLogin {
				field = "feed"
				var refused *instagram.Error
				if _, err := client.Subscriptions(t.Context(), account); !errors.As(err, &refused) || refused.Code != 190 {
					t.Errorf("with the account's token: %v", err)
				}
				page, err := client.Page(t.Context(), account)
				if err != nil || page.Account != account.ID {
					t.Fatalf("%+v, %v", page, err)
				}
				account.AccessToken = page.Token
			}
			if all, err := client.Subscriptions(t.Context(), account); err != nil || len(all) != 0 {
				t.Errorf("before: %+v, %v", all, err)
			}
			if err := client.Subscribe(t.Context(), account, []string{field, "nonsense"}); err == nil || fake.TieOf(account.ID).Subscribed != nil {
				t.Errorf("one wrong name doesn't fail the whole call: %v", err)
			}
			if err := client.Subscribe(t.Context(), account, []string{field, field}); err != nil {
				t.Error(err)
			}
			all, err := client.Subscriptions(t.Context(), account)
			if diff := cmp.Diff([]instagram.Subscription{{App: "400", Fields: []string{field}}}, all); err != nil || diff != "" {
				t.Errorf("after: %v\n%s", err, diff)
			}
			if err := client.Subscribe(t.Context(), account, nil); err == nil {
				t.Error("nothing was subscribed")
			}
		})
	}
}

// What is asked for by something that is no id goes nowhere.
func TestAboutNoID(t *testing.T) {
	client := instagram.NewClient(instagram.Options{Transport: canned{err: errors.New("it was asked")}})
	account := instagram.Account{ID: "a/b", PageID: "../me", AccessToken: "t", GraphURL: "https://graph.example"}
	_, profile := client.Profile(t.Context(), account)
	_, page := client.Page(t.Context(), account)
	_, subscriptions := client.Subscriptions(t.Context(), account)
	for _, err := range []error{profile, page, subscriptions, client.Subscribe(t.Context(), account, []string{"feed"})} {
		var refused *instagram.Error
		if !errors.As(err, &refused) || refused.Class != instagram.ClassPermanent {
			t.Errorf("%v", err)
		}
	}
}

// FuzzAbout has Meta answer anything: no answer shows the token or stops the program, and none is taken for what it
// isn't.
func TestWebhooks(t *testing.T) {
	fake, client, account, calls := tied(t, instagramtest.Tie{})
	app := instagram.App{ID: "400", Secret: "s3cr3t", GraphURL: account.GraphURL}
	if got, err := client.Webhooks(t.Context(), app); err != nil || len(got) > 0 {
		t.Errorf("none: %+v, %v", got, err)
	}
	want := []instagram.Webhook{
		{Object: "page", Callback: "https://bot.example/", Active: true},
		{Object: "instagram", Callback: "https://bot.example/hook", Fields: []instagram.WebhookField{{Name: "comments", Version: "v26.0"}, {Name: "mentions", Version: "v25.0"}}},
	}
	fake.TieWebhooks(want...)
	got, err := client.Webhooks(t.Context(), app)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if last := (*calls)[len(*calls)-1]; last.Edge != "subscriptions" || last.Account != "" || last.Class != instagram.ClassOK {
		t.Errorf("the call is told as %+v", last)
	}
	var refused *instagram.Error
	if _, err := client.Webhooks(t.Context(), instagram.App{ID: "400", Secret: "wrong", GraphURL: account.GraphURL}); !errors.As(err, &refused) || refused.Code != 190 {
		t.Errorf("a wrong secret: %v", err)
	}
	if _, err := client.Webhooks(t.Context(), instagram.App{ID: "../me", GraphURL: account.GraphURL}); !errors.As(err, &refused) || refused.Class != instagram.ClassPermanent {
		t.Errorf("a bad id: %v", err)
	}
}

// Fields were bare names once, and what Meta leaves out is taken for right.
func TestWebhooksOfOtherShapes(t *testing.T) {
	for body, want := range map[string][]instagram.Webhook{
		`{"data":[{"object":"instagram","fields":["comments","mentions"]}]}`: {{Object: "instagram", Active: true, Fields: []instagram.WebhookField{{Name: "comments"}, {Name: "mentions"}}}},
		`{"data":[{"object":"instagram","active":false,"fields":null},7]}`:   {{Object: "instagram"}, {Active: true}},
		`{"data":{}}`: nil,
		`{}`:          nil,
	} {
		client := instagram.NewClient(instagram.Options{Transport: canned{status: 200, body: body}})
		got, err := client.Webhooks(t.Context(), instagram.App{ID: "4", Secret: "s", GraphURL: "https://graph.example"})
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want != nil) {
			t.Errorf("%s: %v (-want +got):\n%s", body, err, diff)
		}
	}
}

func FuzzAbout(f *testing.F) {
	for _, seed := range []string{
		`[{"code":200,"body":"{\"data\":{\"is_valid\":true,\"scopes\":[\"a\",1],\"granular_scopes\":[{\"scope\":\"a\",\"target_ids\":[1]}],\"expires_at\":0}}"}]`,
		`[{"code":400,"body":"{\"error\":{\"message\":\"EAAtoken\",\"code\":190}}"}]`, `[null]`, `[]`, `{}`, `null`,
		`{"id":"1","user_id":17841405726653026,"username":"a","instagram_business_account":{"id":2},"access_token":"x"}`,
		`{"data":[{"id":1,"subscribed_fields":["feed",{}]}]}`, `{"data":[{"object":"instagram","active":false,"fields":[{"name":1},"x",[]]}]}`, `{"data":{}}`, `{"success":true}`, `{"success":"true"}`, `<html>`, "", `EAAtoken`,
	} {
		f.Add(200, seed)
		f.Add(400, seed)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		client := instagram.NewClient(instagram.Options{Transport: canned{status: status, body: body}})
		account := someAccount
		account.PageID = "77"
		token, inspect := client.InspectToken(context.Background(), instagram.App{ID: "4", Secret: "s3cr3t", GraphURL: account.GraphURL}, account.AccessToken)
		hooks, heard := client.Webhooks(context.Background(), instagram.App{ID: "4", Secret: "s3cr3t", GraphURL: account.GraphURL})
		profile, asked := client.Profile(context.Background(), account)
		_, page := client.Page(context.Background(), account)
		_, list := client.Subscriptions(context.Background(), account)
		for _, err := range []error{inspect, asked, page, list, client.Subscribe(context.Background(), account, []string{"feed"})} {
			if err != nil && (strings.Contains(err.Error(), account.AccessToken) || strings.Contains(err.Error(), "s3cr3t")) {
				t.Errorf("an error shows a secret: %v", err)
			}
		}
		if heard != nil && (len(hooks) > 0 || strings.Contains(heard.Error(), "s3cr3t")) {
			t.Errorf("webhooks beside an error, or a secret: %+v, %v", hooks, heard)
		}
		if asked == nil && profile.ID == "" {
			t.Error("a profile without an id")
		}
		if !slices.IsSorted(token.Scopes) || inspect == nil && strings.Contains(token.Reason, account.AccessToken) {
			t.Errorf("%+v", token)
		}
	})
}

// A token that may read the Page, but not the Page's token, still tells whose the Page is.
func TestPageWithoutToken(t *testing.T) {
	fake, client, account, _ := tied(t, instagramtest.Tie{Login: platform.FacebookLogin, PageID: "77", PageAccount: "17841405726653026", PageToken: "EAApage"})
	fake.Fail(instagramtest.Match{Path: "/77"}, instagramtest.Fault{Code: 200, Message: "(#200) Provide valid app ID", Times: 1})
	if got, err := client.Page(t.Context(), account); err != nil || got != (instagram.FacebookPage{Account: account.ID}) {
		t.Errorf("%+v, %v", got, err)
	}
	fake.Fail(instagramtest.Match{Path: "/77"}, instagramtest.Fault{Code: 200, Message: "no role"})
	if got, err := client.Page(t.Context(), account); err == nil {
		t.Errorf("%+v", got)
	}
}
