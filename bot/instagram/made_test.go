package instagram_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
)

func classIn(err error) instagram.Class {
	var e *instagram.Error
	errors.As(err, &e)
	return classOf(e)
}

// Each login has a node of its own, and a comment is answered privately once and soon.
func TestPrivateReplies(t *testing.T) {
	now := time.Date(2024, 1, 8, 12, 0, 0, 0, time.UTC)
	fake := instagramtest.New(instagramtest.Options{AppSecret: "s", Now: func() time.Time { return now }, Accounts: []instagramtest.Account{
		{ID: "1", Username: "paged", Token: "a", PageID: "11"}, {ID: "2", Username: "direct", Token: "b", Login: platform.InstagramLogin},
	}})
	t.Cleanup(fake.Close)
	fake.AddMedia(instagramtest.Media{ID: "500", Owner: "paged"})
	fake.AddMedia(instagramtest.Media{ID: "501", Owner: "direct", ProductType: "LIVE"})
	for id, age := range map[string]time.Duration{"600": 0, "601": 7 * 24 * time.Hour, "602": 7*24*time.Hour + time.Second} {
		fake.AddComment(instagramtest.Comment{ID: id, MediaID: "500", FromID: "77", Timestamp: now.Add(-age)})
	}
	fake.AddComment(instagramtest.Comment{ID: "700", MediaID: "501", FromID: "78"})
	fake.AddMedia(instagramtest.Media{ID: "502", Owner: "direct", ProductType: "LIVE"})
	fake.AddComment(instagramtest.Comment{ID: "701", MediaID: "502", FromID: "78"})
	fake.EndBroadcast("502")
	client := instagram.NewClient(instagram.Options{Version: "v26.0"})
	t.Cleanup(client.Close)
	paged := instagram.Account{ID: "1", AccessToken: "a", AppSecret: "s", GraphURL: fake.URL(), Login: platform.FacebookLogin, PageID: "11"}
	pageless := paged
	pageless.PageID = ""
	direct := instagram.Account{ID: "2", AccessToken: "b", GraphURL: fake.InstagramURL(), Login: platform.InstagramLogin}
	for name, c := range map[string]struct {
		account       instagram.Account
		comment, text string
		want          instagram.Class
	}{
		"from the page":                 {paged, "600", `ä "quoted" & 😀`, instagram.ClassOK},
		"after seven days":              {paged, "601", "hi", instagram.ClassOK},
		"after more than seven days":    {paged, "602", "hi", instagram.ClassGone},
		"to nothing":                    {paged, "999", "hi", instagram.ClassGone},
		"to somebody else's":            {direct, "600", "hi", instagram.ClassGone},
		"from the account, with a page": {pageless, "600", "hi", instagram.ClassHuman},
		"when the broadcast is over":    {direct, "701", "hi", instagram.ClassGone},
		"of 1001 bytes":                 {direct, "700", strings.Repeat("x", 1001), instagram.ClassPermanent},
		"from the account":              {direct, "700", strings.Repeat("x", 1000), instagram.ClassOK},
	} {
		request := platform.PrivateReplyRequest(c.account.Login.MessageNode(c.account.ID, c.account.PageID), c.comment, c.text)
		before := len(fake.Messages())
		id, err := client.Write(context.Background(), c.account, request)
		if classIn(err) != c.want {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sent := fake.Messages()[before:]
		if c.want != instagram.ClassOK {
			if len(sent) != 0 {
				t.Errorf("%s: sent %+v", name, sent)
			}
			continue
		}
		if len(sent) != 1 || sent[0].ID != id || sent[0].Text != c.text || sent[0].Comment != c.comment {
			t.Errorf("%s: id %q, sent %+v", name, id, sent)
		}
		if _, err := client.Write(context.Background(), c.account, request); classIn(err) != instagram.ClassGone {
			t.Errorf("%s, again: %v", name, err)
		}
	}
}

// Without the right page Meta says only that a capability lacks.
func TestAPageThatLacksIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		login      platform.Login
		page, want string
	}{
		"none":      {platform.FacebookLogin, "", "the account has no page_id"},
		"wrong":     {platform.FacebookLogin, "7", "is page_id that of the account's Page?"},
		"no matter": {platform.InstagramLogin, "", ""},
	} {
		account := someAccount
		account.Login, account.PageID = c.login, c.page
		client := instagram.NewClient(instagram.Options{Transport: canned{status: 400, body: `{"error":{"code":3,"message":"(#3) Not capable."}}`}})
		_, err := client.Write(context.Background(), account, platform.PrivateReplyRequest("1", "2", "hi"))
		if classIn(err) != instagram.ClassHuman || c.want != "" != strings.Contains(err.Error(), "page_id") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := client.Write(context.Background(), account, someReply); strings.Contains(err.Error(), "page_id") {
			t.Errorf("%s: a public reply: %v", name, err)
		}
	}
}

// A comment is hidden as often as it is asked for, and only if Meta says so it was.
func TestHide(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	for range 2 {
		if id, err := s.client.Write(context.Background(), s.account, platform.HideRequest("600")); err != nil || id != "" || !s.Hidden("600") {
			t.Errorf("%q %v, hidden: %v", id, err, s.Hidden("600"))
		}
	}
	if _, err := s.client.Write(context.Background(), s.account, platform.HideRequest("999")); classIn(err) != instagram.ClassGone {
		t.Error(err)
	}
	if call := s.calls[0]; call.Edge != "hide" {
		t.Errorf("called %+v", call)
	}
	for body, want := range map[string]instagram.Class{
		`{"success":true}`: instagram.ClassOK, `{"success":false}`: instagram.ClassPermanent, `{}`: instagram.ClassUnknown, `{"id":"1"}`: instagram.ClassUnknown,
	} {
		client := instagram.NewClient(instagram.Options{Transport: canned{status: 200, body: body, header: http.Header{"X-Fb-Trace-Id": {"Atrace"}}}})
		_, err := client.Write(context.Background(), someAccount, platform.HideRequest("1"))
		if classIn(err) != want || err != nil && !strings.Contains(err.Error(), "Atrace") {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// What is about messages alone is told from what is about the account.
func TestOfMessages(t *testing.T) {
	for _, e := range []instagram.Error{{Code: 613, Subcode: 2534040}, {Code: 80006}, {Code: 10, Subcode: 1893063}, {Code: 100, Subcode: 2534029}} {
		if !e.OfMessages() {
			t.Errorf("%d/%d isn't", e.Code, e.Subcode)
		}
	}
	for _, e := range []instagram.Error{{Code: 613}, {Code: 80002}, {Code: 10}, {Code: 25}, {Code: 190}} {
		if e.OfMessages() {
			t.Errorf("%d/%d is", e.Code, e.Subcode)
		}
	}
}
