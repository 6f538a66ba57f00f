package reply_test

import (
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/reply"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// What the platform doesn't take is not even tried, be it rules' or a person's.
func TestTextLimitsHoldBeforeSending(t *testing.T) {
	const emoji = "🎉" // two UTF-16 units
	for name, c := range map[string]struct {
		action, message string
		because         rules.Because // "": it is sent
	}{
		"2200 units":          {rules.ActionReply, strings.Repeat(emoji, 1100), ""},
		"2201 units":          {rules.ActionReply, strings.Repeat(emoji, 1100) + "x", rules.BecauseTooLong},
		"1101 emoji":          {rules.ActionReply, strings.Repeat(emoji, 1101), rules.BecauseTooLong},
		"nothing":             {rules.ActionReply, "", rules.BecauseEmptyValue},
		"white space":         {rules.ActionReply, " \n", rules.BecauseEmptyValue},
		"no public reply":     {rules.ActionHide, "", ""},
		"a private one's own": {rules.ActionPrivateReply, strings.Repeat("ä", 501), rules.BecauseTooLong},
		"a private one, full": {rules.ActionPrivateReply, strings.Repeat("ä", 500), ""},
	} {
		t.Run(name, func(t *testing.T) {
			pace := reply.NewPace()
			pace.Add("1", 0, nil)
			g, b := &graph{id: "99"}, &book{}
			var d ledger.Delivery
			d.ID, d.Account, d.Action = 7, "1", c.action
			d.Request = platform.Request{Method: "POST", Path: "/5/replies", Form: map[string]string{"message": c.message}}
			if err := sender(g, b, pace).Send(t.Context(), instagram.Account{ID: "1"}, d); err != nil {
				t.Fatal(err)
			}
			fate := b.fates[0]
			if fate.Because != c.because || (fate.State == ledger.Cancelled) != (c.because != "") || (g.calls == 0) != (c.because != "") {
				t.Errorf("%+v after %d calls", fate, g.calls)
			}
		})
	}
}
