package instagram_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/google/go-cmp/cmp"
)

func TestNamedFieldIsLeftOut(t *testing.T) {
	s := newStage(t, instagramtest.Options{RefuseFields: []string{"username", "media.username"}})
	fields := []string{"id", "text", "timestamp", "username", "media{id,caption,username}"}
	for range 2 {
		got, err := s.client.MentionedComment(context.Background(), s.account, instagramtest.GuideCommentID, fields)
		if err != nil || got.Text == "" || got.Username != "" || got.Media.Caption == "" {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	const prefix = "mentioned_comment.comment_id(17894227972186120)"
	want := []string{
		prefix + "{id,text,timestamp,username,media{id,caption,username}}",
		prefix + "{id,text,timestamp,media{id,caption,username}}",
		prefix + "{id,text,timestamp,media{id,caption}}",
		prefix + "{id,text,timestamp,media{id,caption}}",
	}
	if diff := cmp.Diff(want, s.asked()); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"username", "media.username", "", ""}, s.refused()); diff != "" {
		t.Errorf("observed (-want +got):\n%s", diff)
	}

	// Another edge has fields of its own.
	if _, err := s.client.Comment(context.Background(), s.account, "600", []string{"text", "from", "username"}); err != nil {
		t.Error(err)
	}
	if asked := s.asked(); asked[4] != "id,text,from,username" {
		t.Errorf("asked %s", asked[4])
	}

	// After an hour it is asked for again.
	s.pass(time.Hour)
	if _, err := s.client.MentionedComment(context.Background(), s.account, instagramtest.GuideCommentID, fields); err != nil {
		t.Error(err)
	}
	if asked := s.asked(); asked[6] != want[0] {
		t.Errorf("asked %s", asked[6])
	}
}

func TestUnnamedFieldsAreLeftOut(t *testing.T) {
	for _, message := range []string{
		"(#100) Tried accessing a nonexisting field",
		"(#100) Param fields[4] must be one of {id, caption, timestamp} - got \"permalink\".",
	} {
		s := newStage(t, instagramtest.Options{})
		s.Fail(instagramtest.Match{Edge: "mentioned_media"}, instagramtest.Fault{Code: 100, Message: message, Times: 1})
		got, err := s.client.MentionedMedia(context.Background(), s.account, instagramtest.GuideMediaID, []string{"username", "caption", "timestamp", "permalink"})
		if err != nil || got.Caption == "" {
			t.Errorf("%s: %+v, %v", message, got, err)
			continue
		}
		if asked := s.asked(); !strings.HasSuffix(asked[1], "{id,caption,timestamp}") {
			t.Errorf("%s: asked %s", message, asked[1])
		}
	}
}

func TestFieldsEndInAnError(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	s.Fail(instagramtest.Match{}, instagramtest.Fault{Code: 100, Message: "(#100) Tried accessing nonexisting field (id) on node type (X)"})
	_, err := s.client.Comment(context.Background(), s.account, "600", []string{"text", "username", "from", "like_count", "parent_id", "media{id}"})
	if !is(err, instagram.ClassPermanent) {
		t.Error(err)
	}
	if n := len(s.Requests()); n > 5 {
		t.Errorf("it took %d calls", n)
	}
}

// TestFieldsManyNamed: a read ends, however many fields are refused.
func TestFieldsManyNamed(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e", "f"}
	s := newStage(t, instagramtest.Options{RefuseFields: names})
	got, err := s.client.Comment(context.Background(), s.account, "600", append([]string{"text"}, names...))
	if err != nil || got.Text == "" {
		t.Errorf("%+v, %v", got, err)
	}
	if n := len(s.Requests()); n > 5 {
		t.Errorf("it took %d calls", n)
	}
}
