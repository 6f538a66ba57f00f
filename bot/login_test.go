package bot_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// newLogin is a daemon whose account has the login, at its host and with such a token.
func newLogin(t *testing.T, login platform.Login, o instagramtest.Options) *daemon {
	d := newDaemon(t)
	d.fake.Close()
	token, url := "EAAtoken", (*instagramtest.Fake).URL
	if login == platform.InstagramLogin {
		token, url = "IGAAtoken", (*instagramtest.Fake).InstagramURL
	}
	o.Accounts = []instagramtest.Account{{ID: account, Username: instagramtest.GuideUsername, Token: token, Login: login}}
	o.AppSecret, o.RequireProof = secret, true
	d.fake = instagramtest.New(o)
	t.Cleanup(d.fake.Close)
	d.terms.Login, d.terms.AccessToken, d.terms.GraphURL = login, token, url(d.fake)
	d.rules = compile(t, `rules:
  - {name: challenge, on: mention, when: 'has(text, "challenge")', reply: Challenge accepted!}
  - {name: price, on: comment, when: 'has(text, "how much")', reply: Five!}
`)
	return d
}

// TestWhatEachLoginGives goes through what is known of the logins, and of what is uncertain through both readings.
func TestWhatEachLoginGives(t *testing.T) {
	served := instagramtest.Options{MentionsWithInstagramLogin: true}
	own := instagramtest.Media{ID: "800", Owner: instagramtest.GuideUsername}
	others := instagramtest.Media{ID: "800", Owner: "stranger", Caption: "@bluebottle challenge!"}
	says := func(text string) instagramtest.Comment {
		return instagramtest.Comment{ID: "801", MediaID: "800", FromID: "77", Username: "ada", Text: text}
	}
	asComment := func(d *daemon) instagramtest.Change { return d.fake.CommentChange(account, "801") }
	asMention := func(*daemon) instagramtest.Change { return instagramtest.MentionChange(account, "800", "801") }
	inCaption := func(*daemon) instagramtest.Change { return instagramtest.MentionChange(account, "800", "") }
	for name, c := range map[string]struct {
		login   platform.Login
		options instagramtest.Options
		media   instagramtest.Media
		comment instagramtest.Comment
		change  func(*daemon) instagramtest.Change
		verdict ledger.Verdict
		because rules.Because
		path    string
	}{
		"Facebook Login, comments":                         {platform.FacebookLogin, instagramtest.Options{}, own, says("how much?"), asComment, ledger.VerdictReply, "", "/801/replies"},
		"Facebook Login, mentioned_comment":                {platform.FacebookLogin, instagramtest.Options{}, others, says("@bluebottle challenge?"), asMention, ledger.VerdictReply, "", "/" + account + "/mentions"},
		"Facebook Login, mentioned_media":                  {platform.FacebookLogin, instagramtest.Options{}, others, says("nice"), inCaption, ledger.VerdictReply, "", "/" + account + "/mentions"},
		"Facebook Login, a caption without its @":          {platform.FacebookLogin, instagramtest.Options{StripMentions: true}, others, says("nice"), inCaption, ledger.VerdictReply, "", "/" + account + "/mentions"},
		"Instagram Login, comments":                        {platform.InstagramLogin, instagramtest.Options{}, own, says("how much?"), asComment, ledger.VerdictReply, "", "/801/replies"},
		"Instagram Login, mentioned_media isn't served":    {platform.InstagramLogin, instagramtest.Options{}, others, says("nice"), inCaption, ledger.VerdictError, rules.BecauseUndecidable, ""},
		"Instagram Login, mentioned_comment is served":     {platform.InstagramLogin, served, others, says("@bluebottle challenge?"), asMention, ledger.VerdictReply, "", "/" + account + "/mentions"},
		"Instagram Login, mentioned_media is served":       {platform.InstagramLogin, served, others, says("nice"), inCaption, ledger.VerdictReply, "", "/" + account + "/mentions"},
		"Instagram Login, a mention that comes as comment": {platform.InstagramLogin, instagramtest.Options{}, others, says("@bluebottle challenge?"), asComment, ledger.VerdictReply, "", "/" + account + "/mentions"},
		"Instagram Login, a comment that names us":         {platform.InstagramLogin, instagramtest.Options{}, own, says("@bluebottle how much?"), asComment, ledger.VerdictReply, "", "/801/replies"},
		"Instagram Login, fields are withheld":             {platform.InstagramLogin, instagramtest.Options{RefuseFields: []string{"from", "username"}}, own, instagramtest.Comment{ID: "801", MediaID: "800", Text: "how much?"}, asComment, ledger.VerdictReply, "", "/801/replies"},
		"Facebook Login, a hidden comment without author":  {platform.FacebookLogin, instagramtest.Options{}, own, instagramtest.Comment{ID: "801", MediaID: "800", Text: "how much?", Hidden: true}, asComment, ledger.VerdictSkipped, rules.BecauseGone, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newLogin(t, c.login, c.options)
			d.start()
			defer d.stop()
			d.fake.AddMedia(c.media)
			d.fake.AddComment(c.comment)
			d.notify(c.change(d))
			d.settled(1)
			record, err := d.store.Record(t.Context(), 1)
			if err != nil || record.Verdict != c.verdict || record.Because != c.because {
				t.Errorf("%v %s because %q", err, record.Verdict, record.Because)
			}
			var said []string
			for _, r := range d.fake.Replies() {
				said = append(said, r.Path)
			}
			if c.path == "" && len(said) > 0 || c.path != "" && !slices.Equal(said, []string{c.path}) {
				t.Errorf("said at %q, want %q", said, c.path)
			}
		})
	}
}

// newSilent is a house over a fake Instagram that doesn't tell the account what mentions say.
func newSilent(t *testing.T, graph *instagramtest.Fake, now func() time.Time) (*house, *instagram.Client) {
	h := newHouse(t)
	client := instagram.NewClient(instagram.Options{Version: "v26.0", Transport: graph.Transport(), Now: now})
	h.asked = client
	h.accounts[0].Account = instagram.Account{
		ID: account, Username: instagramtest.GuideUsername, AccessToken: "IGAAtoken", GraphURL: graph.InstagramURL(), Login: platform.InstagramLogin,
	}
	return h, client
}

func silentFake(t *testing.T) *instagramtest.Fake {
	fake := instagramtest.New(instagramtest.Options{Accounts: []instagramtest.Account{
		{ID: account, Username: instagramtest.GuideUsername, Token: "IGAAtoken", Login: platform.InstagramLogin},
	}})
	t.Cleanup(fake.Close)
	for i := range 3 {
		comment := fmt.Sprint(11 + i)
		fake.AddMedia(instagramtest.Media{ID: "2" + comment, Owner: "stranger"})
		fake.AddComment(instagramtest.Comment{ID: comment, MediaID: "2" + comment, Username: "ada", FromID: "77", Text: "@bluebottle challenge?"})
	}
	return fake
}

// What the login doesn't let us read is given up at once, not after two days, and Meta is asked once an hour.
func TestMentionsThatTheLoginDoesNotTell(t *testing.T) {
	fake := silentFake(t)
	synctest.Test(t, func(t *testing.T) {
		h, client := newSilent(t, fake, time.Now)
		defer client.Close()
		defer h.start()()
		for i := range 3 {
			h.mention(fmt.Sprint(11 + i))
		}
		time.Sleep(3 * time.Minute)
		for seq := range int64(3) {
			if r := h.record(seq + 1); r.Verdict != ledger.VerdictError || r.Because != rules.BecauseUndecidable {
				t.Errorf("%s because %q", r.Verdict, r.Because)
			}
		}
		if asked, said := len(fake.Requests()), fake.ReplyCount(); asked > h.workers || said != 0 {
			t.Errorf("asked %d times, said %d", asked, said)
		}
	})
}

// With Instagram Login the same mention may come both ways. Whichever is first, there is one answer.
func TestAMentionThatComesBothWaysIsAnsweredOnce(t *testing.T) {
	for name, fields := range map[string][]string{"the comment first": {"comments", "mentions"}, "the mention first": {"mentions", "comments"}} {
		t.Run(name, func(t *testing.T) {
			fake := silentFake(t)
			synctest.Test(t, func(t *testing.T) {
				h, client := newSilent(t, fake, time.Now)
				defer client.Close()
				defer h.start()()
				for _, field := range fields {
					h.either(field, "11", "@bluebottle challenge?")
					time.Sleep(30 * time.Second)
				}
				time.Sleep(3 * time.Minute)
				replies := fake.Replies()
				if len(replies) != 1 || replies[0].Path != "/"+account+"/mentions" || replies[0].Comment != "11" {
					t.Errorf("%+v", replies)
				}
				if counts := h.counts(); counts.Open != 0 || counts.Verdicts[ledger.VerdictReply] != 1 {
					t.Errorf("%+v", counts)
				}
			})
		})
	}
}

// either lets a comment come in that mentions the account, in one of the two ways.
func (h *house) either(field, id, text string) {
	h.t.Helper()
	change, rank := fmt.Appendf(nil, `{"field":"mentions","value":{"comment_id":%q,"media_id":"2%s"}}`, id, id), 0
	if field == "comments" {
		change, rank = fmt.Appendf(nil, `{"field":"comments","value":{"id":%q,"text":%q,"from":{"id":"77","username":"ada"},"media":{"id":"2%s"}}}`, id, text, id), 1
	}
	_, err := h.bot.Accept(h.t.Context(), []inbox.Arrival{{
		Key: account + "/comment/" + id, Rank: rank, Account: account, Thread: id, Media: "2" + id, Received: h.now(), Notified: h.now(), Change: change,
	}})
	if err != nil {
		h.t.Fatal(err)
	}
}
