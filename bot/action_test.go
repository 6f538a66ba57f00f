package bot_test

import (
	"testing"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

const actingRules = `rules:
  - name: everything
    on: comment
    reply: hi
    private_reply: psst
    notify: {to: ops, text: look}
`

// The private reply of an account with Facebook Login goes out from its Page, whatever else is done.
func TestActionsAreEnteredWithTheAccountsNode(t *testing.T) {
	for login, want := range map[platform.Login]string{platform.FacebookLogin: "/77/messages", platform.InstagramLogin: "/" + account + "/messages"} {
		t.Run(string(login), func(t *testing.T) {
			d := newDaemon(t)
			d.rules = compile(t, actingRules)
			d.terms.Login, d.terms.PageID = login, "77"
			d.start()
			defer d.stop()
			d.fake.AddMedia(instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername})
			d.fake.AddComment(instagramtest.Comment{ID: "801", MediaID: "800", FromID: "77", Username: "ada", Text: "lovely"})
			d.notify(d.fake.CommentChange(account, "801"))
			d.settled(1)
			record, err := d.store.Record(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if record.Verdict != ledger.VerdictReply || len(record.Actions) != 3 || record.Actions[1].Request.Path != want {
				t.Errorf("%s with %+v", record.Verdict, record.Actions)
			}
			if n := d.fake.ReplyCount(); n != 1 {
				t.Errorf("%d public replies", n)
			}
		})
	}
}

// What the sender can't do yet ends without a call.
func TestUnknownActionsAreNotSent(t *testing.T) {
	d := newDaemon(t)
	d.rules = compile(t, `rules: [{name: a, on: comment, hide: true, private_reply: psst, notify: {to: ops, text: look}}]`)
	d.start()
	defer d.stop()
	d.fake.AddMedia(instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername})
	d.fake.AddComment(instagramtest.Comment{ID: "801", MediaID: "800", FromID: "77", Username: "ada", Text: "lovely"})
	d.notify(d.fake.CommentChange(account, "801"))
	counts := d.settled(1)
	if counts.Verdicts[ledger.VerdictActed] != 1 || counts.Deliveries[ledger.Cancelled] != 3 {
		t.Errorf("%+v", counts)
	}
	deliveries, err := d.store.Deliveries(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, delivery := range deliveries {
		if delivery.Fate.Because != rules.BecauseFailed || delivery.Fate.PostedID != "" {
			t.Errorf("%s: %+v", delivery.Action, delivery.Fate)
		}
	}
	for _, r := range d.fake.Requests() {
		if r.Method == "POST" {
			t.Errorf("posted: %+v", r)
		}
	}
}
