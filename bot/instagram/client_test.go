package instagram_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/google/go-cmp/cmp"
)

// start is the time at which the tests' clocks begin.
var start = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// stage is a fake with Meta's guide in it, an account of it, and a client.
type stage struct {
	*instagramtest.Fake
	account instagram.Account
	client  *instagram.Client
	mu      sync.Mutex
	calls   []instagram.Call
	now     time.Time
}

func newStage(t *testing.T, o instagramtest.Options) *stage {
	s := &stage{now: start}
	o.Accounts = []instagramtest.Account{{ID: instagramtest.GuideAccountID, Username: instagramtest.GuideUsername, Token: "EAAtoken"}}
	o.AppSecret, o.RequireProof = "s3cr3t", true
	o.Now = func() time.Time { return start }
	s.Fake = instagramtest.New(o)
	t.Cleanup(s.Fake.Close)
	s.AddGuide()
	s.AddMedia(instagramtest.Media{ID: "500", Owner: instagramtest.GuideUsername, Caption: "our own", Type: "VIDEO", ProductType: "REELS", Permalink: "https://instagram.example/p/500/"})
	s.AddComment(instagramtest.Comment{ID: "600", MediaID: "500", FromID: "700", Username: "ada", Text: "how much? ❤", LikeCount: 3})
	s.AddComment(instagramtest.Comment{ID: "601", MediaID: "500", ParentID: "600", Username: "bob", Text: "yes"})
	s.account = instagram.Account{ID: instagramtest.GuideAccountID, AccessToken: "EAAtoken", AppSecret: "s3cr3t", GraphURL: s.URL()}
	s.client = instagram.NewClient(instagram.Options{
		Version: "v26.0", Now: func() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now },
		Observe: func(c instagram.Call) { s.mu.Lock(); defer s.mu.Unlock(); s.calls = append(s.calls, c) },
	})
	t.Cleanup(s.client.Close)
	return s
}

func (s *stage) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// refused gives the fields that each call was refused, "" for none.
func (s *stage) refused() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, c := range s.calls {
		all = append(all, strings.Join(c.Refused, "+"))
	}
	return all
}

// asked gives the fields parameters that the fake received.
func (s *stage) asked() []string {
	var all []string
	for _, r := range s.Requests() {
		all = append(all, r.Query.Get("fields"))
	}
	return all
}

func TestReads(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	ctx := context.Background()
	for name, c := range map[string]struct {
		read   func() (any, error)
		path   string
		fields string
		want   any
	}{
		"a mention in a comment": {
			func() (any, error) {
				return s.client.MentionedComment(ctx, s.account, instagramtest.GuideCommentID, []string{"id", "text", "timestamp", "username", "media{id,caption}"})
			},
			"/17841405726653026", "mentioned_comment.comment_id(17894227972186120){id,text,timestamp,username,media{id,caption}}",
			instagram.Comment{ID: "17894227972186120", Text: "@bluebottle challenge?", Username: "ramirez", Timestamp: start,
				Media: instagram.Media{ID: "17918195224117851", Caption: "@bluebottle There can be only one!"}},
		},
		"a mention in a caption": {
			func() (any, error) {
				return s.client.MentionedMedia(ctx, s.account, instagramtest.GuideMediaID, []string{"caption", "media_type", "timestamp", "username"})
			},
			"/17841405726653026", "mentioned_media.media_id(17918195224117851){id,caption,media_type,timestamp,username}",
			instagram.Media{ID: "17918195224117851", Caption: "@bluebottle There can be only one!", Type: "IMAGE", Username: "macleod", Timestamp: start},
		},
		"a comment": {
			func() (any, error) {
				return s.client.Comment(ctx, s.account, "600", []string{"id", "text", "from", "like_count", "parent_id"})
			},
			"/600", "id,text,from,like_count,parent_id",
			instagram.Comment{ID: "600", Text: "how much? ❤", Username: "ada", FromID: "700", LikeCount: 3},
		},
		"a reply": {
			func() (any, error) {
				return s.client.Comment(ctx, s.account, "601", []string{"parent_id", "username"})
			},
			"/601", "id,parent_id,username",
			instagram.Comment{ID: "601", ParentID: "600", Username: "bob"},
		},
		"a media": {
			func() (any, error) {
				return s.client.Media(ctx, s.account, "500", []string{"caption", "media_type", "media_product_type", "permalink", "username"})
			},
			"/500", "id,caption,media_type,media_product_type,permalink,username",
			instagram.Media{ID: "500", Caption: "our own", Type: "VIDEO", ProductType: "REELS", Permalink: "https://instagram.example/p/500/", Username: "bluebottle"},
		},
	} {
		got, err := c.read()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		requests := s.Requests()
		last := requests[len(requests)-1]
		if last.Path != c.path || last.Version != "v26.0" || last.Query.Get("fields") != c.fields || len(last.Query) != 1 {
			t.Errorf("%s: asked %s %s %v", name, last.Version, last.Path, last.Query)
		}
	}
	for _, call := range s.calls {
		if call.Class != instagram.ClassOK || call.TraceID == "" {
			t.Errorf("observed %+v", call)
		}
	}
}

func TestReadsOfWhatIsNotThere(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	ctx := context.Background()
	for name, read := range map[string]func() error{
		"comment of others": func() error {
			_, err := s.client.Comment(ctx, s.account, instagramtest.GuideCommentID, nil)
			return err
		},
		"media of others": func() error { _, err := s.client.Media(ctx, s.account, instagramtest.GuideMediaID, nil); return err },
		"no such comment": func() error { _, err := s.client.Comment(ctx, s.account, "999", nil); return err },
		"no mention":      func() error { _, err := s.client.MentionedComment(ctx, s.account, "600", nil); return err },
		"no such mention": func() error { _, err := s.client.MentionedMedia(ctx, s.account, "999", nil); return err },
	} {
		if err := read(); !is(err, instagram.ClassGone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func is(err error, class instagram.Class) bool {
	var e *instagram.Error
	return errors.As(err, &e) && e.Class == class
}

func TestAnswerAboutAnother(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want instagram.Class
	}{
		"another":             {`{"mentioned_comment":{"id":"2","text":"x"},"id":"17841405726653026"}`, instagram.ClassPermanent},
		"no id":               {`{"mentioned_comment":{"text":"x"},"id":"17841405726653026"}`, instagram.ClassRetry},
		"no node":             {`{"id":"17841405726653026"}`, instagram.ClassRetry},
		"the node of another": {`{"mentioned_media":{"id":"1"},"id":"1"}`, instagram.ClassRetry},
		"an id that is none":  {`{"mentioned_comment":{"id":"../1"}}`, instagram.ClassRetry},
	} {
		client := instagram.NewClient(instagram.Options{Transport: canned{status: 200, body: c.body}})
		got, err := client.MentionedComment(context.Background(), someAccount, "1", nil)
		if !is(err, c.want) || got != (instagram.Comment{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestMetasOwnAnswers(t *testing.T) {
	comment := func(name string) instagram.Comment {
		c, err := instagram.ParseComment(sample(t, name))
		if err != nil {
			t.Error(err)
		}
		return c
	}
	want := instagram.Comment{ID: "17894227972186120", Text: "@bluebottle challenge?", Timestamp: time.Date(2018, 3, 20, 0, 5, 29, 0, time.UTC)}
	if got := comment("answer_mentioned_comment.json"); got != want {
		t.Errorf("got %+v", got)
	}
	want = instagram.Comment{ID: "17967008497439572", Text: "@ikroskun good", Username: "ikroskun", Timestamp: time.Date(2021, 8, 19, 9, 14, 16, 0, time.UTC)}
	if got := comment("answer_mentioned_comment_with_username.json"); got != want {
		t.Errorf("got %+v", got)
	}
	media, err := instagram.ParseMedia(sample(t, "answer_mentioned_media.json"))
	if want := (instagram.Media{ID: "17918195224117851", Caption: "@bluebottle There can be only one!", Type: "IMAGE"}); err != nil || media != want {
		t.Errorf("got %+v, %v", media, err)
	}
	// A node by itself, with odd types, and ids that mustn't reach a path.
	c, err := instagram.ParseComment([]byte(`{"id":5,"text":null,"like_count":"3","from":{"id":"x/..","username":"a"},"parent_id":"../../me","timestamp":"yesterday","media":{"id":"7","caption":5}}`))
	if want := (instagram.Comment{ID: "5", Username: "a", LikeCount: 3, Media: instagram.Media{ID: "7", Caption: "5"}}); err != nil || c != want {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := instagram.ParseComment([]byte("{")); !errors.Is(err, instagram.ErrJSON) {
		t.Error(err)
	}
}

func TestObserve(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	s.Fail(instagramtest.Match{Edge: "node"}, instagramtest.Fault{Code: 190, Message: "dead"})
	_, _ = s.client.Media(context.Background(), s.account, "500", nil)
	_, _ = s.client.Comment(context.Background(), s.account, "600", nil)
	_, _ = s.client.MentionedMedia(context.Background(), s.account, instagramtest.GuideMediaID, nil)
	_, _ = s.client.Write(context.Background(), s.account, someReply)
	var got []string
	for _, c := range s.calls {
		got = append(got, c.Edge+" "+string(c.Class))
	}
	if want := []string{"media human", "comment human", "mentioned_media ok", "replies gone"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
