package instagram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
)

// Meta's samples of errors are what the fake answers, and the client knows what each means for a read and for a reply.
func TestErrorsOfTheSamplesThroughTheFake(t *testing.T) {
	expected := map[string]struct{ read, write instagram.Class }{
		"answer_error_190_460.json":  {instagram.ClassHuman, instagram.ClassHuman},
		"answer_error_80001.json":    {instagram.ClassWait, instagram.ClassWait},
		"answer_error_envelope.json": {instagram.ClassPermanent, instagram.ClassUnknown}, // a code of uploads, which nobody listed for replies
	}
	for path, body := range files(t, samples+"answer_error_*.json") {
		name := filepath.Base(path)
		want, ok := expected[name]
		if !ok {
			t.Errorf("nobody tries %s", name)
			continue
		}
		s := newStage(t, instagramtest.Options{})
		var sample struct {
			Error struct {
				Message string
				Code    int
				Subcode int `json:"error_subcode"`
			}
		}
		if err := json.Unmarshal(body, &sample); err != nil {
			t.Fatal(err)
		}
		for _, fault := range []instagramtest.Fault{
			{Code: sample.Error.Code, Subcode: sample.Error.Subcode, Message: sample.Error.Message}, // in the fake's words
			{Status: 400, Body: string(body)}, // in Meta's, with titles and advice
		} {
			s.Fail(instagramtest.Match{}, fault)
			_, read := s.client.Comment(context.Background(), s.account, "600", []string{"id"})
			_, write := s.client.Write(context.Background(), s.account, someReply)
			s.Mend()
			for _, got := range []struct {
				err  error
				want instagram.Class
			}{{read, want.read}, {write, want.write}} {
				var e *instagram.Error
				if !errors.As(got.err, &e) || e.Class != got.want || e.Code != sample.Error.Code || e.Subcode != sample.Error.Subcode ||
					!strings.HasSuffix(e.Message, strings.TrimPrefix(sample.Error.Message, "(#80001) ")) {
					t.Errorf("%s: got %+v, want class %s", name, e, got.want)
				}
			}
		}
	}
}

// The usage headers of Meta's samples come with an answer of the fake, and the client takes what they say.
func TestHeadersOfTheSamplesThroughTheFake(t *testing.T) {
	expected := map[string]struct {
		header string
		want   instagram.Usage
	}{
		"header_app_usage.json":               {"X-App-Usage", instagram.Usage{Calls: 28, CPU: 25, Time: 25}},
		"header_business_use_case_usage.json": {"X-Business-Use-Case-Usage", instagram.Usage{Calls: 85, CPU: 20, Time: 25}},
	}
	for path, value := range files(t, samples+"header_*.json") {
		name := filepath.Base(path)
		c, ok := expected[name]
		if !ok {
			t.Errorf("nobody tries %s", name)
			continue
		}
		s := newStage(t, instagramtest.Options{})
		var line bytes.Buffer
		if err := json.Compact(&line, value); err != nil {
			t.Fatal(err)
		}
		s.Fail(instagramtest.Match{}, instagramtest.Fault{Header: http.Header{c.header: {line.String()}}})
		if _, err := s.client.Comment(context.Background(), s.account, "600", []string{"id"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.client.Write(context.Background(), s.account, platform.ReplyRequest(platform.Target{Kind: platform.Comment, Comment: "600"}, "hi")); err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		for _, call := range s.calls {
			if diff := cmp.Diff(c.want, call.Usage); diff != "" {
				t.Errorf("%s on %s (-want +got):\n%s", name, call.Edge, diff)
			}
		}
		if len(s.calls) != 2 {
			t.Errorf("%s: %d calls", name, len(s.calls))
		}
		s.mu.Unlock()
	}
}

// Each answer of the samples that is no error is understood where it comes as the answer to the call that it belongs to.
func TestAnswersOfTheSamplesThroughTheFake(t *testing.T) {
	calls := map[string]func(s *stage) (string, error){
		"answer_mentioned_comment.json": func(s *stage) (string, error) {
			c, err := s.client.MentionedComment(t.Context(), s.account, instagramtest.GuideCommentID, []string{"id", "text", "timestamp"})
			return c.Text, err
		},
		"answer_mentioned_comment_with_username.json": func(s *stage) (string, error) {
			c, err := s.client.MentionedComment(t.Context(), s.account, "17967008497439572", []string{"id", "text", "timestamp", "username"})
			return c.Username + ": " + c.Text, err
		},
		"answer_mentioned_media.json": func(s *stage) (string, error) {
			m, err := s.client.MentionedMedia(t.Context(), s.account, instagramtest.GuideMediaID, []string{"id", "caption", "media_type"})
			return m.Type + ": " + m.Caption, err
		},
		"answer_reply_created.json": func(s *stage) (string, error) { return s.client.Write(t.Context(), s.account, someReply) },
		"answer_private_reply_created.json": func(s *stage) (string, error) {
			return s.client.Write(t.Context(), s.account, platform.PrivateReplyRequest("1755847768034402", "600", "hi"))
		},
	}
	for path := range files(t, samples+"answer_*.json") {
		name := filepath.Base(path)
		ask := calls[name]
		if ask == nil {
			if !strings.HasPrefix(name, "answer_error_") {
				t.Errorf("nobody tries %s", name)
			}
			continue
		}
		want := map[string]string{
			"answer_mentioned_comment.json":               "@bluebottle challenge?",
			"answer_mentioned_comment_with_username.json": "ikroskun: @ikroskun good",
			"answer_mentioned_media.json":                 "IMAGE: @bluebottle There can be only one!",
			"answer_reply_created.json":                   "17911496353086895",
			"answer_private_reply_created.json":           "aWdfZMESSAGEID",
		}[name]
		s := newStage(t, instagramtest.Options{})
		s.Fail(instagramtest.Match{}, instagramtest.Fault{Status: 200, Body: string(sample(t, name))})
		if got, err := ask(s); err != nil || got != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// Ids of more digits than a float64 holds come through an answer as they are, as numbers too.
func TestIdsOfAnAnswerMayBeNumbers(t *testing.T) {
	const comment, media, parent = "17894227972186121", "17918195224117853", "12345678901234567890123"
	s := newStage(t, instagramtest.Options{})
	s.Fail(instagramtest.Match{}, instagramtest.Fault{Status: 200, Body: `{"mentioned_comment":{"id":` + comment + `,"parent_id":` + parent +
		`,"media":{"id":` + media + `},"text":"hi"},"id":` + instagramtest.GuideAccountID + `}`})
	got, err := s.client.MentionedComment(t.Context(), s.account, comment, []string{"id", "text", "parent_id", "media{id}"})
	if err != nil || got.ID != comment || got.ParentID != parent || got.Media.ID != media {
		t.Errorf("%+v, %v", got, err)
	}
	s.Mend()
	s.Fail(instagramtest.Match{}, instagramtest.Fault{Status: 200, Body: `{"id":17911496353086895}`})
	if id, err := s.client.Write(t.Context(), s.account, someReply); err != nil || id != "17911496353086895" {
		t.Errorf("%q, %v", id, err)
	}
}
