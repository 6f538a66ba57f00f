package enrich_test

import (
	"errors"
	"testing"

	"github.com/answerback/answerback/bot/enrich"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
)

var (
	withInstagram = instagram.Account{ID: "1", Username: "bluebottle", Login: platform.InstagramLogin}
	withFacebook  = instagram.Account{ID: "1", Username: "bluebottle", Login: platform.FacebookLogin}
)

// With Instagram Login a mention is said to come as `comments`. Both readings of the documentation must end well: what is
// on own media is a comment, what isn't is a mention.
func TestACommentThatNamesTheAccountMayBeAMention(t *testing.T) {
	gone := &instagram.Error{Class: instagram.ClassGone}
	const read = "media 20 id,username"
	for name, c := range map[string]struct {
		account instagram.Account
		text    string
		ad      bool
		graph   graph
		kind    platform.Kind
		calls   []string
	}{
		"on media of others":            {withInstagram, "@bluebottle challenge?", false, graph{err: gone}, platform.CommentMention, []string{read}},
		"on media that others show":     {withInstagram, "@bluebottle challenge?", false, graph{media: instagram.Media{ID: "20", Username: "grace"}}, platform.CommentMention, []string{read}},
		"on own media":                  {withInstagram, "@BlueBottle challenge?", false, graph{media: instagram.Media{ID: "20", Username: "Bluebottle"}}, platform.Comment, []string{read}},
		"on own media, told namelessly": {withInstagram, "@bluebottle challenge?", false, graph{media: instagram.Media{ID: "20"}}, platform.Comment, []string{read}},
		"that can't be told for good":   {withInstagram, "@bluebottle challenge?", false, graph{err: &instagram.Error{Class: instagram.ClassPermanent}}, platform.Comment, []string{read}},
		"without the @":                 {withInstagram, "challenge, bluebottle.", false, graph{err: gone}, platform.CommentMention, []string{read}},
		"in a script without spaces":    {withInstagram, "你好@bluebottle谢谢", false, graph{err: gone}, platform.CommentMention, []string{read}},
		"somebody else's longer name":   {withInstagram, "@bluebottles and @bluebottle.cafe and @my_bluebottle", false, graph{err: gone}, platform.Comment, nil},
		"nobody is named":               {withInstagram, "challenge?", false, graph{err: gone}, platform.Comment, nil},
		"on an ad, which is own":        {withInstagram, "@bluebottle challenge?", true, graph{err: gone}, platform.Comment, nil},
		"with Facebook Login":           {withFacebook, "@bluebottle challenge?", false, graph{err: gone}, platform.Comment, nil},
	} {
		t.Run(name, func(t *testing.T) {
			e := event(platform.Comment)
			e.Text, e.From.ID, e.Media.IsOwn, e.Media.Owner, e.Media.IsAd = c.text, "7", true, "bluebottle", c.ad
			if err := enrich.Complete(t.Context(), &c.graph, c.account, &e, nil); err != nil {
				t.Fatal(err)
			}
			if own := c.kind == platform.Comment; e.Kind != c.kind || e.Media.IsOwn != own || !own && e.Media.Owner == "bluebottle" {
				t.Errorf("%s on %+v", e.Kind, e.Media)
			}
			if diff := cmp.Diff(c.calls, c.graph.calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhoseMediaItIsIsAskedAgainAfterATrouble(t *testing.T) {
	down := &instagram.Error{Class: instagram.ClassRetry}
	e := event(platform.Comment)
	e.Text, e.From.ID = "@bluebottle challenge?", "7"
	if err := enrich.Complete(t.Context(), &graph{err: down}, withInstagram, &e, nil); !errors.Is(err, down) || e.Kind != platform.Comment {
		t.Errorf("%s, %v", e.Kind, err)
	}
}

func TestAHiddenCommentIsNotAnswered(t *testing.T) {
	for _, kind := range []platform.Kind{platform.Comment, platform.LiveComment} {
		e := event(kind)
		g := &graph{comment: instagram.Comment{ID: "10", Text: "how much?", Hidden: true}}
		if err := enrich.Complete(t.Context(), g, withFacebook, &e, nil); !errors.Is(err, enrich.ErrHidden) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
