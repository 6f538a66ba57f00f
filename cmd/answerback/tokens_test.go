package main

import (
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/rogpeppe/go-internal/testscript"
)

// giveToken: token TOKEN gives the account another access token; the former one is refused.
func giveToken(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: token TOKEN")
	}
	script(ts).fake.SetToken(instagramtest.GuideAccountID, args[0])
}

// expireToken: expire TOKEN has a token's life end.
func expireToken(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: expire TOKEN")
	}
	script(ts).fake.SetLife(args[0], instagramtest.Life{Expires: time.Now()})
}
