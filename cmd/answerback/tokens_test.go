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

// expireToken: expire TOKEN [IN] has a token's life, and the app's access to the account's data, end now, or in so long.
func expireToken(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: expire TOKEN [IN]")
	}
	at := time.Now()
	if len(args) == 2 {
		in, err := time.ParseDuration(args[1])
		ts.Check(err)
		at = at.Add(in)
	}
	script(ts).fake.SetLife(args[0], instagramtest.Life{Expires: at, DataEnds: at})
}
