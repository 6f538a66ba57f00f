package main

import (
	"net/url"
	"os"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
	"github.com/rogpeppe/go-internal/testscript"
)

const (
	doctorApp       = "5550001"
	scriptPage      = "1755847768034402"
	scriptPageToken = "script-access-token-of-the-page"
)

// tieWell ties the script's account to the app as it should be.
func tieWell(fake *instagramtest.Fake) {
	fake.TieApp(doctorApp)
	setHook(fake, "comments", "mentions")
	fake.Tie(instagramtest.GuideAccountID, instagramtest.Tie{
		Login: platform.FacebookLogin, PageID: scriptPage, PageAccount: instagramtest.GuideAccountID, PageToken: scriptPageToken,
		Scopes:     []string{"instagram_basic", "instagram_manage_comments", "pages_manage_metadata", "pages_read_engagement", "pages_show_list"},
		Subscribed: []string{"feed"},
	})
}

// setHook sets the app's webhook up for the fields.
func setHook(fake *instagramtest.Fake, fields ...string) {
	webhook := instagram.Webhook{Object: "instagram", Callback: "https://your.host/webhooks/instagram", Active: true}
	for _, name := range fields {
		webhook.Fields = append(webhook.Fields, instagram.WebhookField{Name: name, Version: "v26.0"})
	}
	fake.TieWebhooks(webhook)
}

// hookFields: hook [FIELD…] has the fields, and no others, ticked in the app's dashboard.
func hookFields(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: hook [FIELD…]")
	}
	setHook(script(ts).fake, args...)
}

// tie: tie LOGIN [FIELD…] has the account logged in so, and the app subscribed to the fields.
func tie(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: tie LOGIN [FIELD…]")
	}
	fake := script(ts).fake
	t := fake.TieOf(instagramtest.GuideAccountID)
	t.Login, t.ScopedID, t.Subscribed = platform.Login(args[0]), "25000000000000001", nil
	if len(args) > 1 {
		t.Subscribed = args[1:]
	}
	fake.Tie(instagramtest.GuideAccountID, t)
}

// reach: reach CONFIG OUT copies a configuration with the addresses at which the daemon listens.
func reach(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: reach CONFIG OUT")
	}
	text := ts.ReadFile(args[0])
	for key, address := range map[string]string{`{listen: "127.0.0.1:0"}`: ts.Getenv("ADMIN"), `listen: 127.0.0.1:0`: ts.Getenv("ADDR")} {
		u, err := url.Parse(address)
		ts.Check(err)
		text = strings.ReplaceAll(text, key, strings.ReplaceAll(key, "127.0.0.1:0", u.Host))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}
