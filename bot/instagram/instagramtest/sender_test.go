package instagramtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
)

// door takes notifications, verifies them, and answers as it is told.
type door struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	parts  []instagram.Notification
	answer func(n int) int // status of the n-th notification, from 1
	came   chan struct{}
}

func newDoor(t *testing.T, answer func(n int) int) *door {
	d := &door{answer: answer, came: make(chan struct{}, 100)}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if err := instagram.Verify(body, r.Header.Get(instagram.SignatureHeader), [][]byte{[]byte("s3cr3t")}); err != nil {
			t.Error(err)
		}
		n, err := instagram.Parse(body)
		if err != nil {
			t.Errorf("%v: %s", err, body)
		}
		d.mu.Lock()
		d.bodies, d.parts = append(d.bodies, body), append(d.parts, n)
		w.WriteHeader(d.answer(len(d.bodies)))
		d.mu.Unlock()
		d.came <- struct{}{}
	}))
	t.Cleanup(d.Close)
	return d
}

func always(status int) func(int) int { return func(int) int { return status } }

func atOnce(context.Context, int) error { return nil }

func TestNotify(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	d := newDoor(t, always(200))
	err := f.Notify(context.Background(), d.URL,
		f.CommentChange(account, "601"),
		instagramtest.MentionChange(account, instagramtest.GuideMediaID, instagramtest.GuideCommentID),
		instagramtest.MentionChange("17841400000000009", instagramtest.GuideMediaID, ""),
		f.CommentChange(account, "603"))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.parts) != 1 || len(d.parts[0].Ignored) > 0 {
		t.Fatalf("got %+v", d.parts)
	}
	type seen struct {
		Account string
		Kind    platform.Kind
		Time    time.Time
		Value   instagram.Value
	}
	var got []seen
	for _, c := range d.parts[0].Changes {
		got = append(got, seen{c.EntryID, c.Kind(), c.Time, c.Value})
	}
	want := []seen{
		{account, platform.Comment, start, instagram.Value{CommentID: "601", ParentID: "600", Text: "yes", HasText: true, FromID: "701", FromUsername: "bob", MediaID: "500", MediaProductType: "FEED"}},
		{account, platform.CommentMention, start, instagram.Value{CommentID: instagramtest.GuideCommentID, MediaID: instagramtest.GuideMediaID}},
		{"17841400000000009", platform.CaptionMention, start, instagram.Value{MediaID: instagramtest.GuideMediaID}},
		{account, platform.LiveComment, start, instagram.Value{CommentID: "603", Text: "live", HasText: true, FromUsername: "ada", MediaID: "501", MediaProductType: "LIVE"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBatches(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	d := newDoor(t, always(200))
	changes := make([]instagramtest.Change, 2500)
	for i := range changes {
		changes[i] = instagramtest.MentionChange(account, fmt.Sprint(i+1), "")
	}
	if err := f.Notify(context.Background(), d.URL, changes...); err != nil {
		t.Fatal(err)
	}
	var sizes []int
	for _, n := range d.parts {
		sizes = append(sizes, len(n.Changes))
	}
	if diff := cmp.Diff([]int{1000, 1000, 500}, sizes); diff != "" {
		t.Error(diff)
	}
}

func TestSendUntil200(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(int) int
		o      instagramtest.SenderOptions
		want   int // times that it came
		ok     bool
	}{
		"at once":                {always(200), instagramtest.SenderOptions{}, 1, true},
		"after two":              {func(n int) int { return map[bool]int{true: 503, false: 200}[n < 3] }, instagramtest.SenderOptions{}, 3, true},
		"202 is no 200":          {func(n int) int { return map[bool]int{true: 202, false: 200}[n < 2] }, instagramtest.SenderOptions{}, 2, true},
		"never":                  {always(500), instagramtest.SenderOptions{Tries: 4}, 4, false},
		"a redirect is no 200":   {always(302), instagramtest.SenderOptions{Tries: 2}, 2, false},
		"twice":                  {always(200), instagramtest.SenderOptions{Twice: true}, 2, true},
		"the wait says it's off": {always(500), instagramtest.SenderOptions{Wait: func(context.Context, int) error { return io.EOF }}, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t, c.answer)
			c.o.Secret = "s3cr3t"
			if c.o.Wait == nil {
				c.o.Wait = atOnce
			}
			s := instagramtest.NewSender(c.o)
			defer s.Close()
			err := s.Send(context.Background(), d.URL, s.Body(instagramtest.MentionChange(account, "1", "")))
			if (err == nil) != c.ok || len(d.bodies) != c.want {
				t.Errorf("%v, it came %d times", err, len(d.bodies))
			}
		})
	}
}

func TestSendIsCancelled(t *testing.T) {
	d := newDoor(t, always(500))
	ctx, cancel := context.WithCancel(context.Background())
	s := instagramtest.NewSender(instagramtest.SenderOptions{Secret: "s3cr3t"})
	defer s.Close()
	go func() { <-d.came; cancel() }()
	if err := s.Send(ctx, d.URL, []byte(`{"object":"instagram","entry":[]}`)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestEchoReplies(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	d := newDoor(t, always(200))
	f.EchoReplies(d.URL)
	ask(t, f, "POST", "/600/replies", url.Values{"message": {"hi"}}, "T")
	<-d.came
	// What is said on media of others doesn't come back, and nothing does when it is ended.
	ask(t, f, "POST", "/"+account+"/mentions", url.Values{"media_id": {instagramtest.GuideMediaID}, "message": {"hi"}}, "T")
	f.EchoReplies("")
	ask(t, f, "POST", "/600/replies", url.Values{"message": {"hi again"}}, "T")
	f.Close()
	if len(d.parts) != 1 || len(d.parts[0].Changes) != 1 {
		t.Fatalf("got %+v", d.parts)
	}
	want := instagram.Value{CommentID: "17911496353086895", ParentID: "600", Text: "hi", HasText: true, FromID: account,
		FromUsername: "bluebottle", MediaID: "500", MediaProductType: "FEED"}
	if diff := cmp.Diff(want, d.parts[0].Changes[0].Value); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
