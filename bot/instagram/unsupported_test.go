package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
)

// loggedIn is a stage whose account has Instagram Login.
func loggedIn(t *testing.T, o instagramtest.Options) *stage {
	s := newStage(t, o)
	s.account.Login, s.account.GraphURL = platform.InstagramLogin, s.InstagramURL()
	return s
}

func unsupported(err error) bool {
	var e *instagram.Error
	return errors.As(err, &e) && e.Unsupported()
}

// TestAnEdgeThatTheLoginLacks: no source tells in which words Meta refuses it, so each that may be is taken for it.
func TestAnEdgeThatTheLoginLacks(t *testing.T) {
	nonexisting := "(#100) Tried accessing nonexisting field (mentioned_comment) on node type (IGUser)"
	for name, c := range map[string]struct {
		login platform.Login
		fault instagramtest.Fault
		want  bool
		calls int
	}{
		"the field doesn't exist":                  {platform.InstagramLogin, instagramtest.Fault{Code: 100, Message: nonexisting}, true, 1},
		"nor with Facebook Login":                  {platform.FacebookLogin, instagramtest.Fault{Code: 100, Message: nonexisting}, true, 1},
		"a capability lacks":                       {platform.InstagramLogin, instagramtest.Fault{Code: 3, Message: "(#3) Application does not have the capability to make this API call."}, true, 1},
		"with Facebook Login that is for a person": {platform.FacebookLogin, instagramtest.Fault{Code: 3, Message: "(#3) Application does not have the capability to make this API call."}, false, 2},
		"an unknown path":                          {platform.InstagramLogin, instagramtest.Fault{Code: 2500, Message: "Unknown path components"}, true, 1},
		"the account's node doesn't support it":    {platform.InstagramLogin, instagramtest.Fault{Code: 100, Subcode: 33, Message: "Unsupported get request. Object with ID '17841405726653026' does not exist"}, true, 1},
		"the comment doesn't exist":                {platform.InstagramLogin, instagramtest.Fault{Code: 100, Subcode: 33, Message: "Unsupported get request. Object with ID '17894227972186120' does not exist"}, false, 2},
		"a permission lacks":                       {platform.InstagramLogin, instagramtest.Fault{Code: 10, Message: "(#10) permission"}, false, 2},
		"the token is dead":                        {platform.InstagramLogin, instagramtest.Fault{Code: 190, Message: "expired"}, false, 2},
		"Meta's server stumbles":                   {platform.InstagramLogin, instagramtest.Fault{Code: 2, Message: "try later"}, false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, instagramtest.Options{})
			s.account.Login = c.login
			s.Fail(instagramtest.Match{Edge: "mentioned_comment"}, c.fault)
			for range 2 {
				_, err := s.client.MentionedComment(context.Background(), s.account, instagramtest.GuideCommentID, []string{"text", "username"})
				if err == nil || unsupported(err) != c.want || c.want && !is(err, permanent) {
					t.Errorf("%v", err)
				}
			}
			if n := len(s.Requests()); n != c.calls {
				t.Errorf("%d calls, want %d", n, c.calls)
			}
		})
	}
}

// TestAnEdgeThatLacksIsRemembered: per account and edge, for an hour.
func TestAnEdgeThatLacksIsRemembered(t *testing.T) {
	s := loggedIn(t, instagramtest.Options{})
	s.Fail(instagramtest.Match{Edge: "mentioned_comment"}, instagramtest.Fault{Code: 3, Times: 1})
	read := func() error {
		_, err := s.client.MentionedComment(context.Background(), s.account, instagramtest.GuideCommentID, []string{"text"})
		return err
	}
	if err := read(); !unsupported(err) {
		t.Fatal(err)
	}
	if got := s.refused(); len(got) != 1 || got[0] != "mentioned_comment" {
		t.Errorf("observed %q", got)
	}
	s.pass(59 * time.Minute)
	if err := read(); !unsupported(err) || len(s.Requests()) != 1 {
		t.Errorf("%v, %d calls", err, len(s.Requests()))
	}
	if _, err := s.client.MentionedMedia(context.Background(), s.account, instagramtest.GuideMediaID, []string{"caption"}); err != nil {
		t.Errorf("another edge: %v", err)
	}
	s.pass(time.Minute)
	if err := read(); err != nil {
		t.Errorf("after an hour: %v", err)
	}
}

// TestEachLoginHasItsHost: a token of one is none at the other's.
func TestEachLoginHasItsHost(t *testing.T) {
	fake := instagramtest.New(instagramtest.Options{Accounts: []instagramtest.Account{
		{ID: "1784", Username: "grace", Token: "IGAAtoken", Login: platform.InstagramLogin},
		{ID: "1785", Username: "heidi", Token: "EAAtoken", Login: platform.FacebookLogin},
	}})
	defer fake.Close()
	client := instagram.NewClient(instagram.Options{Version: "v26.0"})
	defer client.Close()
	for i, a := range []struct{ id, username, token, at, elsewhere, kind string }{
		{"1784", "grace", "IGAAtoken", fake.InstagramURL(), fake.URL(), "IGApiException"},
		{"1785", "heidi", "EAAtoken", fake.URL(), fake.InstagramURL(), "OAuthException"},
	} {
		media := fmt.Sprint(500 + i)
		fake.AddMedia(instagramtest.Media{ID: media, Owner: a.username, Caption: "hello"})
		account := instagram.Account{ID: a.id, AccessToken: a.token, GraphURL: a.at}
		if m, err := client.Media(context.Background(), account, media, []string{"caption"}); err != nil || m.Caption != "hello" {
			t.Errorf("%s: %+v, %v", a.username, m, err)
		}
		// Errors are told by their code, whatever their type.
		_, err := client.Write(context.Background(), account, platform.ReplyRequest(platform.Target{Kind: platform.CaptionMention, Account: a.id, Media: media}, "hi"))
		if e, ok := err.(*instagram.Error); !ok || e.Type != a.kind || e.Class != permanent {
			t.Errorf("%s: %v", a.username, err)
		}
		account.GraphURL = a.elsewhere
		if _, err := client.Media(context.Background(), account, media, nil); !is(err, human) {
			t.Errorf("%s elsewhere: %v", a.username, err)
		}
	}
}
