package instagramtest_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

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

func tree(t testing.TB, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}
