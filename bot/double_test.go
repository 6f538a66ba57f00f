package bot_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// interrupted does something before the first decision is entered.
type interrupted struct {
	bot.Store
	once sync.Once
	do   func()
}

func (s *interrupted) Enter(ctx context.Context, seq int64, decide func(ledger.Book) (ledger.Entry, error)) ([]ledger.Delivery, error) {
	s.once.Do(s.do)
	return s.Store.Enter(ctx, seq, decide)
}

// A comment on own media that mentions the account may come in both fields, in either order and at any time: it is one
// event, with one answer.
func TestACommentThatComesInBothFieldsIsAnsweredOnce(t *testing.T) {
	const everything = `rules: [{name: everything, on: [comment, mention], reply: 'Hi @{{ from.username }}'}]`
	type both struct{ mention, comment instagramtest.Change }
	for name, c := range map[string]struct {
		at     func(d *daemon, c both)
		edge   string // where it is answered
		during bool   // the second one comes while the first is in work
		kind   platform.Kind
	}{
		"mention first": {edge: "/900/replies", kind: platform.Comment, at: func(d *daemon, c both) { d.notify(c.mention, c.comment) }},
		"comment first": {edge: "/900/replies", kind: platform.Comment, at: func(d *daemon, c both) { d.notify(c.comment, c.mention) }},
		"the mention is in work": {edge: "/900/replies", kind: platform.Comment, during: true,
			at: func(d *daemon, c both) { d.notify(c.mention) }},
		"the mention was answered": {edge: "/" + account + "/mentions", kind: platform.CommentMention, at: func(d *daemon, c both) {
			d.notify(c.mention)
			d.settled(1)
			d.notify(c.comment)
		}},
		"the mention was answered, on own media": {edge: "/900/replies", kind: platform.Comment, at: func(d *daemon, c both) {
			d.notify(c.mention)
			d.settled(1)
			d.notify(c.comment)
		}},
		"the comment was answered": {edge: "/900/replies", kind: platform.Comment, at: func(d *daemon, c both) {
			d.notify(c.comment)
			d.settled(1)
			d.notify(c.mention)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDaemon(t)
			d.rules = compile(t, everything)
			changes := both{mention: d.mention("900", "how much?"), comment: d.fake.CommentChange(account, "900")}
			if c.edge == "/900/replies" {
				d.fake.AddMedia(instagramtest.Media{ID: "2900", Owner: instagramtest.GuideUsername})
			}
			if c.during {
				d.wrap = func(s bot.Store) bot.Store { return &interrupted{Store: s, do: func() { d.notify(changes.comment) }} }
			}
			d.start()
			defer d.stop()
			c.at(d, changes)
			counts := d.settled(1)
			replies := d.fake.Replies()
			if len(replies) != 1 || replies[0].Path != c.edge || decided(counts) != 1 || counts.Open != 0 {
				t.Errorf("%+v; %+v", replies, counts)
			}
			record, err := d.store.Record(t.Context(), 1)
			if err != nil || record.Event.Kind != c.kind || record.Event.From.Username != "ada" {
				t.Errorf("%v; %+v", err, record.Event)
			}
		})
	}
}

// A boosted post's comment is told of twice, once of the post and once of the ad that was made from it.
func TestACommentOnABoostedPostIsAnsweredOnce(t *testing.T) {
	const price = `rules: [{name: price, on: comment, once_per: [user, media], reply: 'Hi @{{ from.username }}'}]`
	of := func(comment, media string) instagramtest.Change {
		return instagramtest.Change{Account: account, Field: "comments",
			Value: fmt.Appendf(nil, `{"id":%q,"text":"how much?","from":{"id":"77","username":"ada"},"media":%s}`, comment, media)}
	}
	const post, ad = `{"id":"800","media_product_type":"FEED"}`, `{"id":"801","ad_id":"5","original_media_id":"800","media_product_type":"AD"}`
	for name, changes := range map[string][]instagramtest.Change{
		"under one id, post first":           {of("900", post), of("900", ad)},
		"under one id, ad first":             {of("900", ad), of("900", post)},
		"under an id each, held by once_per": {of("900", post), of("901", ad)},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDaemon(t)
			d.rules = compile(t, price)
			for _, media := range []string{"800", "801"} {
				d.fake.AddMedia(instagramtest.Media{ID: media, Owner: instagramtest.GuideUsername})
			}
			for i, comment := range []string{"900", "901"} {
				d.fake.AddComment(instagramtest.Comment{ID: comment, MediaID: []string{"800", "801"}[i], FromID: "77", Username: "ada", Text: "how much?"})
			}
			d.start()
			defer d.stop()
			d.notify(changes...)
			events := 1
			if string(changes[0].Value[:12]) != string(changes[1].Value[:12]) {
				events = 2
			}
			if counts := d.settled(events); decided(counts) != events || d.fake.ReplyCount() != 1 {
				t.Errorf("%d replies; %+v", d.fake.ReplyCount(), counts)
			}
		})
	}
}

// What the bot said comes back as an event, and there are four ways to know it.
func TestAnOwnReplyThatComesBackIsKnown(t *testing.T) {
	const said = "How much? Thanks!"
	for name, c := range map[string]struct {
		id    string // "": the reply's
		value string // after the id
		own   bool
	}{
		"by the reply's id":       {value: `"text":"edited by Meta"`, own: true},
		"by the author's id":      {id: "950", value: `"text":"x","from":{"id":"` + account + `"}`, own: true},
		"by an alias of the id":   {id: "950", value: `"text":"x","from":{"id":"1789"}`, own: true},
		"by the author's name":    {id: "950", value: `"text":"x","from":{"id":"66","username":"BlueBottle"}`, own: true},
		"by the text, authorless": {id: "950", value: `"text":"` + said + `"`, own: true},
		"somebody says the same":  {id: "950", value: `"text":"` + said + `","from":{"id":"66","username":"grace"}`},
		"nobody says it else":     {id: "950", value: `"text":"How much?"`},
		"self_ig_scoped_id of a stranger, though it is ours": {id: "950",
			value: `"text":"x","from":{"id":"66","username":"grace","self_ig_scoped_id":"` + account + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDaemon(t)
			d.terms.Aliases = []string{"1789"}
			d.rules = compile(t, `rules: [{name: everything, on: comment, reply: '`+said+`'}]`)
			d.fake.AddMedia(instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername})
			for _, id := range []string{"801", "950"} {
				d.fake.AddComment(instagramtest.Comment{ID: id, MediaID: "800", FromID: "77", Username: "ada", Text: "hello"})
			}
			d.start()
			defer d.stop()
			d.notify(d.fake.CommentChange(account, "801"))
			d.settled(1)
			id := c.id
			if id == "" {
				id = d.fake.Replies()[0].ID
			}
			// Meta doesn't show the node of every comment; then its author stays unknown.
			d.fake.Fail(instagramtest.Match{Method: "GET"}, instagramtest.Fault{Code: 100, Subcode: 33, Message: "not for you"})
			d.notify(instagramtest.Change{Account: account, Field: "comments", Value: fmt.Appendf(nil, `{"id":%q,"media":{"id":"800"},%s}`, id, c.value)})
			d.settled(2)
			record, err := d.store.Record(t.Context(), 2)
			if err != nil || (record.Because == rules.BecauseOwn) != c.own || (d.fake.ReplyCount() == 1) != c.own {
				t.Errorf("%v; %s because %q, %d replies", err, record.Verdict, record.Because, d.fake.ReplyCount())
			}
		})
	}
}
