package instagram_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
)

// TestReadingEdges has a case for each thing that is known of an edge that reads, by the name of the edge.
func TestReadingEdges(t *testing.T) {
	mentioned := func(node string) string { return `{"mentioned_comment":` + node + `,"id":"17841405726653026"}` }
	media := func(node string) string { return `{"mentioned_media":` + node + `,"id":"17841405726653026"}` }
	at := time.Date(2017, 5, 19, 23, 27, 28, 0, time.UTC)
	for name, c := range map[string]struct {
		edge string
		body string
		want any
	}{
		"mentioned_comment: the default fields": {
			"mentioned_comment", mentioned(`{"id":"9","text":"@bluebottle hi","timestamp":"2017-05-19T23:27:28+0000"}`),
			instagram.Comment{ID: "9", Text: "@bluebottle hi", Timestamp: at},
		},
		"mentioned_comment: username, though it isn't documented": {
			"mentioned_comment", mentioned(`{"id":"9","text":"hi","username":"ada"}`), instagram.Comment{ID: "9", Text: "hi", Username: "ada"},
		},
		"mentioned_comment: media and likes": {
			"mentioned_comment", mentioned(`{"id":"9","text":"hi","like_count":4,"media":{"id":"5","caption":"a day out","media_url":"https://example.com/x"}}`),
			instagram.Comment{ID: "9", Text: "hi", LikeCount: 4, Media: instagram.Media{ID: "5", Caption: "a day out"}},
		},
		"mentioned_media: all that is documented": {
			"mentioned_media", media(`{"caption":"@bluebottle","comments":{"data":[]},"comments_count":3,"id":"9","like_count":7,"media_type":"STORY","media_url":"https://example.com/x","owner":{"id":"1"},"timestamp":"2017-05-19T23:27:28+0000","username":"ada"}`),
			instagram.Media{ID: "9", Caption: "@bluebottle", Type: "STORY", Username: "ada", Timestamp: at},
		},
		"mentioned_media: likes are hidden, no caption": {
			"mentioned_media", media(`{"id":"9","media_type":"CAROUSEL_ALBUM"}`), instagram.Media{ID: "9", Type: "CAROUSEL_ALBUM"},
		},
		"mentioned_media: a caption without its @": {
			"mentioned_media", media(`{"id":"9","caption":"bluebottle There can be only one!"}`),
			instagram.Media{ID: "9", Caption: "bluebottle There can be only one!"},
		},
		"comment: all that is documented": {
			"comment", `{"from":{"id":"77","username":"ada"},"hidden":false,"id":"9","like_count":2,"legacy_instagram_comment_id":"1","media":{"id":"5","media_product_type":"REELS"},"parent_id":"8","replies":{"data":[{"id":"7"}]},"text":"hi","timestamp":"2017-05-19T23:27:28+0000","user":{"id":"77"},"username":"ada"}`,
			instagram.Comment{ID: "9", Text: "hi", Username: "ada", FromID: "77", ParentID: "8", LikeCount: 2, Timestamp: at, Media: instagram.Media{ID: "5", ProductType: "REELS"}},
		},
		"comment: the author is withheld": {"comment", `{"id":"9","text":"hi"}`, instagram.Comment{ID: "9", Text: "hi"}},
		"comment: only from tells the author": {
			"comment", `{"id":"9","text":"hi","from":{"id":"77","username":"ada"}}`, instagram.Comment{ID: "9", Text: "hi", FromID: "77", Username: "ada"},
		},
		"comment: hidden, as a restricted person's is": {"comment", `{"hidden":true,"id":"9","text":"hi"}`, instagram.Comment{ID: "9", Text: "hi", Hidden: true}},
		"comment: a time with a colon":                 {"comment", `{"id":"9","timestamp":"2017-05-19T23:27:28+00:00"}`, instagram.Comment{ID: "9", Timestamp: at}},
		"comment: a time in another zone":              {"comment", `{"id":"9","timestamp":"2017-05-19T16:27:28-0700"}`, instagram.Comment{ID: "9", Timestamp: at}},
		"comment: ids as numbers": {
			"comment", `{"id":9,"parent_id":17894227972186120,"from":{"id":17841405726653026}}`,
			instagram.Comment{ID: "9", ParentID: "17894227972186120", FromID: "17841405726653026"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			client := instagram.NewClient(instagram.Options{Transport: canned{status: 200, body: c.body}})
			got, err := readEdge(client, c.edge, "9")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func readEdge(client *instagram.Client, edge, id string) (any, error) {
	switch edge {
	case "mentioned_comment":
		return client.MentionedComment(context.Background(), someAccount, id, nil)
	case "mentioned_media":
		return client.MentionedMedia(context.Background(), someAccount, id, nil)
	default:
		return client.Comment(context.Background(), someAccount, id, nil)
	}
}

// TestReadingEdgesRefuse has a case for each way in which an edge is known to refuse.
func TestReadingEdgesRefuse(t *testing.T) {
	refusal := func(code, subcode, message string) string {
		return `{"error":{"message":"` + message + `","type":"OAuthException","code":` + code + `,"error_subcode":` + subcode + `}}`
	}
	for name, c := range map[string]struct {
		edge, body string
		class      instagram.Class
		trouble    instagram.Trouble
	}{
		"mentioned_comment: comments are disabled":  {"mentioned_comment", refusal("100", "33", "Unsupported get request"), gone, ""},
		"mentioned_comment: not mentioned any more": {"mentioned_comment", refusal("100", "33", "Object with ID '9' does not exist"), gone, ""},
		"mentioned_media: a private account's":      {"mentioned_media", refusal("110", "2207018", "private"), gone, ""},
		"comment: age-gated, not returned":          {"comment", refusal("100", "33", "Unsupported get request"), gone, ""},
		"comment: of an ad":                         {"comment", refusal("100", "0", "(#100) The comment does not exist"), gone, ""},
		"permissions: instagram_manage_comments":    {"comment", refusal("10", "0", "(#10) Application does not have permission for this action"), human, instagram.TroublePermission},
		"permissions: the role on the Page":         {"mentioned_comment", refusal("200", "0", "(#200) Requires role"), human, instagram.TroublePermission},
		"permissions: Require App Secret is on":     {"comment", refusal("100", "0", "API calls from the server require an appsecret_proof argument"), human, instagram.TroubleToken},
	} {
		t.Run(name, func(t *testing.T) {
			client := instagram.NewClient(instagram.Options{Transport: canned{status: 400, body: c.body}})
			_, err := readEdge(client, c.edge, "9")
			e, ok := err.(*instagram.Error)
			if !ok || e.Class != c.class || e.Trouble() != c.trouble || e.Unsupported() {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestFieldsWithheldAreForgottenByARestart: what Meta refuses is remembered in memory, so that a client that is made anew
// finds it out again by itself, and works all the same.
func TestFieldsWithheldAreForgottenByARestart(t *testing.T) {
	s := newStage(t, instagramtest.Options{RefuseFields: []string{"from", "hidden"}})
	fields := []string{"id", "text", "username", "from", "hidden"}
	want := []string{"id,text,username,from,hidden", "id,text,username,hidden", "id,text,username", "id,text,username"}
	for range 2 {
		before := len(s.Requests())
		client := instagram.NewClient(instagram.Options{})
		for range 2 {
			got, err := client.Comment(context.Background(), s.account, "600", fields)
			if err != nil || got.Text == "" || got.Username != "ada" || got.FromID != "" {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		client.Close()
		if asked := s.asked()[before:]; !slices.Equal(asked, want) {
			t.Errorf("asked %q", asked)
		}
	}
}

// TestNothingIsAskedForThatMetaTakesAway: the parameters that v26 removes, and a multi-id query, which counts once per id.
func TestNothingIsAskedForThatMetaTakesAway(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	ctx := context.Background()
	_, _ = s.client.Comment(ctx, s.account, "600", []string{"text", "hidden"})
	_, _ = s.client.Media(ctx, s.account, "500", []string{"caption"})
	_, _ = s.client.MentionedComment(ctx, s.account, instagramtest.GuideCommentID, []string{"text"})
	_, _ = s.client.MentionedMedia(ctx, s.account, instagramtest.GuideMediaID, []string{"caption"})
	_, _ = s.client.Replies(ctx, s.account, "600")
	_, _ = s.client.MentionedThread(ctx, s.account, instagramtest.GuideMediaID, instagramtest.GuideCommentID)
	for _, kind := range []platform.Kind{platform.Comment, platform.CommentMention, platform.CaptionMention} {
		to := platform.Target{Kind: kind, Account: s.account.ID, Comment: "600", Media: "500"}
		_, _ = s.client.Write(ctx, s.account, platform.ReplyRequest(to, "hi"))
	}
	_, _ = s.client.Write(ctx, s.account, platform.HideRequest("600"))
	_, _ = s.client.Write(ctx, s.account, platform.PrivateReplyRequest(s.account.ID, "600", "hi"))
	if n := len(s.Requests()); n != 11 {
		t.Fatalf("%d requests", n)
	}
	for _, r := range s.Requests() {
		for _, name := range []string{"pretty", "debug", "date_format", "ids", "access_token"} {
			if r.Query.Has(name) || r.Form.Has(name) {
				t.Errorf("%s %s has %s", r.Method, r.Path, name)
			}
		}
		if r.Method == "POST" && (r.Form.Has("fields") || len(r.Query) > 0) {
			t.Errorf("POST %s with %v and %v", r.Path, r.Query, r.Form)
		}
		if r.Version != "v26.0" || r.Header.Get("If-None-Match") != "" {
			t.Errorf("%s %s in version %q", r.Method, r.Path, r.Version)
		}
	}
}

// TestWritingEdges has a case for each limit of an edge that writes.
func TestWritingEdges(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	s.AddComment(instagramtest.Comment{ID: "602", MediaID: "500", Username: "carl", Text: "hm", Hidden: true})
	s.AddMedia(instagramtest.Media{ID: "501", Owner: instagramtest.GuideUsername, ProductType: "LIVE"})
	s.AddComment(instagramtest.Comment{ID: "603", MediaID: "501", Username: "carl", Text: "hi"})
	s.AddMedia(instagramtest.Media{ID: "502", Owner: "stranger", ProductType: "STORY"})
	s.AddComment(instagramtest.Comment{ID: "604", MediaID: "502", Username: "carl", Text: "@bluebottle"})
	comment := func(id string) platform.Target {
		return platform.Target{Kind: platform.Comment, Account: s.account.ID, Comment: id, Media: "500"}
	}
	mention := func(comment, media string) platform.Target {
		return platform.Target{Kind: platform.CommentMention, Account: s.account.ID, Comment: comment, Media: media}
	}
	reply := comment("601")
	reply.Parent = "600"
	for _, c := range []struct {
		name string
		to   platform.Target
		text string
		want instagram.Class
		on   string // the comment under which it stands
	}{
		{"mentions: in a sub-thread under the comment", mention(instagramtest.GuideCommentID, instagramtest.GuideMediaID), "hi", "ok", instagramtest.GuideCommentID},
		{"mentions: on the media, for a caption", platform.Target{Kind: platform.CaptionMention, Account: s.account.ID, Media: instagramtest.GuideMediaID}, "hi", "ok", ""},
		{"mentions: not on stories", mention("604", "502"), "hi", permanent, ""},
		{"mentions: not on own media", mention("600", "500"), "hi", permanent, ""},
		{"mentions: not where nobody mentions the account", mention("999", instagramtest.GuideMediaID), "hi", gone, ""},
		{"replies: to a top-level comment", comment("600"), "hi", "ok", "600"},
		{"replies: to a reply, under the top-level comment", reply, "hi", "ok", "600"},
		{"replies: to a reply whose parent nobody told", comment("601"), "hi", "ok", "600"},
		{"replies: not to a hidden comment", comment("602"), "hi", permanent, ""},
		{"replies: not on live video", comment("603"), "hi", permanent, ""},
		{"replies: not on media of others", comment(instagramtest.GuideCommentID), "hi", gone, ""},
		{"replies: not over 2200 characters", comment("600"), strings.Repeat("x", 2201), permanent, ""},
	} {
		before := len(s.Replies())
		id, err := s.client.Write(context.Background(), s.account, platform.ReplyRequest(c.to, c.text))
		said := s.Replies()[before:]
		switch {
		case c.want != "ok":
			if !is(err, c.want) || len(said) > 0 {
				t.Errorf("%s: %v, said %v", c.name, err, said)
			}
		case err != nil || len(said) != 1 || said[0].ID != id || said[0].Comment != c.on:
			t.Errorf("%s: %v, said %+v", c.name, err, said)
		}
	}
}
