package instagramtest_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/google/go-cmp/cmp"
)

// TestGuide holds the fake's answers against those in Meta's documentation.
func TestGuide(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	for name, fields := range map[string]string{
		"answer_mentioned_comment.json": "mentioned_comment.comment_id(17894227972186120){timestamp,text,id}",
		"answer_mentioned_media.json":   "mentioned_media.media_id(17918195224117851){caption,media_type}",
	} {
		status, answer := ask(t, f, "GET", "/"+account+"?fields="+fields, nil, "T")
		want, err := os.ReadFile("../../../testdata/instagram/" + name)
		if err != nil || status != 200 {
			t.Fatal(err, status)
		}
		fresh := strings.ReplaceAll(string(want), "2018-03-20T00:05:29+0000", "2026-11-22T08:00:00+0000")
		if diff := cmp.Diff(tree(t, fresh), tree(t, answer)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, body := range map[string][]byte{
		"guide_mention_in_comment.json": f.GuideMentionInComment(),
		"guide_mention_in_caption.json": f.GuideMentionInCaption(),
	} {
		want, err := os.ReadFile("../../../testdata/instagram/" + name)
		if err != nil {
			t.Fatal(err)
		}
		fresh := strings.ReplaceAll(string(want), "1520622968", "1795334400")
		if diff := cmp.Diff(tree(t, fresh), tree(t, string(body))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	_, answer := ask(t, f, "POST", "/"+account+"/mentions", url.Values{"media_id": {instagramtest.GuideMediaID},
		"comment_id": {instagramtest.GuideCommentID}, "message": {"Challenge accepted!"}}, "T")
	want, err := os.ReadFile("../../../testdata/instagram/answer_reply_created.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tree(t, string(want)), tree(t, answer)); diff != "" {
		t.Errorf("the reply (-want +got):\n%s", diff)
	}
}

// TestOtherSamples holds the fake's answers against those that others have seen, or that another page shows.
func TestOtherSamples(t *testing.T) {
	const id = "17841406338772941"
	at := time.Date(2021, 8, 19, 9, 14, 16, 0, time.UTC)
	f := instagramtest.New(instagramtest.Options{
		Accounts: []instagramtest.Account{{ID: id, Username: "ikroskun", Token: "T", PageID: "1755847768034402"}}, Now: func() time.Time { return at },
	})
	t.Cleanup(f.Close)
	f.AddComment(instagramtest.Comment{ID: "17967008497439572", MediaID: "17918195224117851", Username: "ikroskun", Text: "@ikroskun good"})
	f.AddMedia(instagramtest.Media{ID: "500", Owner: "ikroskun"})
	f.AddComment(instagramtest.Comment{ID: "600", MediaID: "500", FromID: "526000000000001", Text: "how much?"})
	for name, c := range map[string]struct {
		method, path string
		form         url.Values
	}{
		"answer_mentioned_comment_with_username.json": {"GET", "/" + id + "?fields=mentioned_comment.comment_id(17967008497439572){id,like_count,text,timestamp,username}", nil},
		"answer_private_reply_created.json":           {"POST", "/1755847768034402/messages", url.Values{"recipient": {`{"comment_id":"600"}`}, "message": {`{"text":"hi"}`}}},
	} {
		_, answer := ask(t, f, c.method, c.path, c.form, "T")
		if sent := f.Messages(); len(sent) > 0 {
			answer = strings.ReplaceAll(answer, sent[0].ID, "aWdfZMESSAGEID")
		}
		want, err := os.ReadFile("../../../testdata/instagram/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree(t, string(want)), tree(t, answer)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func tree(t testing.TB, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}
