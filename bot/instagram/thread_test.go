package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/google/go-cmp/cmp"
)

// texts are those of a thread's replies.
func texts(th instagram.Thread) []string {
	var all []string
	for _, r := range th.Replies {
		all = append(all, r.Username+": "+r.Text)
	}
	return all
}

func TestRepliesAreReadPageByPage(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	want := []string{"bob: yes"}
	for i := range 120 {
		id := fmt.Sprint(7000 + i)
		s.AddComment(instagramtest.Comment{ID: id, MediaID: "500", ParentID: "600", FromID: "1", Username: "bluebottle", Text: id})
		want = append(want, "bluebottle: "+id)
	}
	thread, err := s.client.Replies(context.Background(), s.account, "600")
	if err != nil || !thread.Complete {
		t.Fatalf("complete %v, %v", thread.Complete, err)
	}
	if diff := cmp.Diff(want, texts(thread)); diff != "" {
		t.Error(diff)
	}
	if asked := len(s.Requests()); asked != 3 {
		t.Errorf("%d calls", asked)
	}
	for _, r := range s.Requests() {
		if r.Path != "/600/replies" || r.Query.Has("access_token") {
			t.Errorf("asked %s?%s", r.Path, r.Query.Encode())
		}
	}
}

func TestAThreadIsCompleteOnlyWhereAllOfItIsShown(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		change   func(*stage)
		options  instagramtest.Options
		complete bool
	}{
		"all of it":      {complete: true},
		"nothing in it":  {change: func(s *stage) { s.Remove("601") }, complete: true},
		"too many pages": {change: func(s *stage) { many(s, "600", "500") }},
		"an unknown author": {change: func(s *stage) {
			s.AddComment(instagramtest.Comment{ID: "602", ParentID: "600", MediaID: "500", Text: "hi"})
		}},
		"no authors at all": {options: instagramtest.Options{RefuseFields: []string{"username", "from"}}},
		"the ids of authors lack": {
			options: instagramtest.Options{RefuseFields: []string{"from"}}, complete: true,
		},
		"nothing in it, be it a reply or not": {
			change: func(s *stage) { s.Remove("601") }, options: instagramtest.Options{RefuseFields: []string{"parent_id"}},
		},
		"nothing in it, as before the app is live": {options: instagramtest.Options{InDevelopment: true}},
		"nothing in it, and nobody tells on which media": {
			change: func(s *stage) { s.Remove("601") }, options: instagramtest.Options{RefuseFields: []string{"media"}},
		},
		"nothing in it, and the media's comments aren't shown": {change: func(s *stage) {
			s.Remove("601")
			s.Fail(instagramtest.Match{Method: "GET", Edge: "comments"}, instagramtest.Fault{Code: 100, Subcode: 33})
		}},
		"nothing in it, and its node isn't shown": {change: func(s *stage) {
			s.Remove("601")
			s.Fail(instagramtest.Match{Method: "GET", Edge: "node"}, instagramtest.Fault{Code: 100, Subcode: 33})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, c.options)
			if c.change != nil {
				c.change(s)
			}
			thread, err := s.client.Replies(ctx, s.account, "600")
			if err != nil || thread.Complete != c.complete {
				t.Errorf("complete %v, %v", thread.Complete, err)
			}
		})
	}
}

// An answer to a reply hangs under the reply's top-level comment.
func TestAReplysThreadIsThatOfItsTopLevelComment(t *testing.T) {
	ctx := context.Background()
	s := newStage(t, instagramtest.Options{})
	s.AddComment(instagramtest.Comment{ID: "610", MediaID: "500", ParentID: "500", Username: "eve", Text: "its parent is the media"})
	for id, want := range map[string][]string{"600": {"bob: yes"}, "601": {"bob: yes"}, "610": nil} {
		if thread, err := s.client.Replies(ctx, s.account, id); err != nil || !thread.Complete || !slices.Equal(texts(thread), want) {
			t.Errorf("%s: %+v, %v", id, thread, err)
		}
	}
	s.Fail(instagramtest.Match{Method: "GET", Edge: "node"}, instagramtest.Fault{Code: 2})
	var e *instagram.Error
	if _, err := s.client.Replies(ctx, s.account, "601"); !errors.As(err, &e) || e.Class != instagram.ClassRetry {
		t.Errorf("its parent can't be asked for now: %v", err)
	}
}

// many puts more replies under a comment than are ever read.
func many(s *stage, parent, media string) {
	for i := range 300 {
		s.AddComment(instagramtest.Comment{ID: fmt.Sprint(7000 + i), MediaID: media, ParentID: parent, Username: "bob", Text: "again"})
	}
}

func TestThreadsThatAreNotShown(t *testing.T) {
	ctx := context.Background()
	s := newStage(t, instagramtest.Options{})
	s.AddMedia(instagramtest.Media{ID: "900", Owner: "stranger", Caption: "nobody is mentioned"})
	s.AddComment(instagramtest.Comment{ID: "901", MediaID: "900", Username: "ada", Text: "@" + instagramtest.GuideUsername})
	read := map[string]func() error{
		"others' media":              func() error { _, err := s.client.Replies(ctx, s.account, "901"); return err },
		"mentioned in no caption":    func() error { _, err := s.client.MentionedThread(ctx, s.account, "900", "901"); return err },
		"a comment that isn't there": func() error { _, err := s.client.Replies(ctx, s.account, "999"); return err },
	}
	for name, read := range read {
		var e *instagram.Error
		if err := read(); !errors.As(err, &e) || e.Class != instagram.ClassGone {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.HideThreads()
	var e *instagram.Error
	if _, err := s.client.Replies(ctx, s.account, "600"); !errors.As(err, &e) || e.Class != instagram.ClassGone {
		t.Errorf("hidden: %v", err)
	}
	if thread, err := s.client.MentionedThread(ctx, s.account, instagramtest.GuideMediaID, ""); err != nil || thread.Complete || thread.Replies != nil {
		t.Errorf("hidden: %+v, %v", thread, err)
	}
	for _, id := range []string{"", "600/replies", "x"} {
		for _, err := range []error{
			second(s.client.Replies(ctx, s.account, id)), second(s.client.MentionedThread(ctx, s.account, id, "")),
		} {
			if !errors.As(err, &e) || e.Class != instagram.ClassPermanent {
				t.Errorf("id %q: %v", id, err)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestAMentionsThread(t *testing.T) {
	ctx := context.Background()
	s := newStage(t, instagramtest.Options{})
	id := instagramtest.GuideMediaID
	s.AddComment(instagramtest.Comment{ID: "800", MediaID: id, Username: "ada", Text: "first", Timestamp: start.Add(time.Second)})
	s.AddComment(instagramtest.Comment{ID: "801", MediaID: id, ParentID: "800", Username: "bob", Text: "under it"})
	top, err := s.client.MentionedThread(ctx, s.account, id, "")
	if err != nil || !top.Complete || !slices.Contains(texts(top), "ada: first") || slices.Contains(texts(top), "bob: under it") {
		t.Errorf("on the media: %+v, %v", top, err)
	}
	under, err := s.client.MentionedThread(ctx, s.account, id, "800")
	if err != nil || !under.Complete || !slices.Equal(texts(under), []string{"bob: under it"}) {
		t.Errorf("under the comment: %+v, %v", under, err)
	}
	// That there is nothing under a comment isn't told from that it isn't shown.
	none, err := s.client.MentionedThread(ctx, s.account, id, instagramtest.GuideCommentID)
	if err != nil || none.Complete {
		t.Errorf("under a comment without answers: %+v, %v", none, err)
	}
	many(s, "", id)
	if top, err = s.client.MentionedThread(ctx, s.account, id, ""); err != nil || top.Complete || len(top.Replies) != 50 {
		t.Errorf("of many: %d, complete %v, %v", len(top.Replies), top.Complete, err)
	}
	for _, asked := range s.asked() {
		if !strings.HasPrefix(asked, "mentioned_media.media_id("+id+"){id,comments.limit(50){id,text,timestamp,username") {
			t.Errorf("asked for %s", asked)
		}
	}
}

func TestWhatMayBeLookedFor(t *testing.T) {
	cut := errors.New("cut off")
	for name, c := range map[string]struct {
		e       instagram.Error
		inDoubt bool
		unnamed bool
	}{
		"no answer":                        {instagram.Error{Err: cut}, true, false},
		"half an answer":                   {instagram.Error{Err: cut, Status: 200}, true, false},
		"a gateway's error":                {instagram.Error{Status: 502}, true, false},
		"server trouble":                   {instagram.Error{Status: 400, Code: 2}, true, false},
		"server trouble, with a subcode":   {instagram.Error{Status: 400, Code: -1, Subcode: 2207001}, true, false},
		"a listed code behind a 5xx":       {instagram.Error{Status: 503, Code: 4}, true, false},
		"a code that nobody has heard of":  {instagram.Error{Status: 400, Code: 987654}, false, false},
		"the same behind a 5xx":            {instagram.Error{Status: 500, Code: 987654}, false, false},
		"an answer that is none of Meta's": {instagram.Error{Status: 400}, false, false},
		"an answer without an id":          {instagram.Error{Status: 200}, false, true},
		"a code behind a 200":              {instagram.Error{Status: 200, Code: 987654}, false, false},
		"sent though it says error":        {instagram.Error{Status: 500, Code: 1, Subcode: 1357046}, false, false},
	} {
		c.e.Class = instagram.ClassUnknown
		if inDoubt, unnamed := c.e.InDoubt(), c.e.Unnamed(); inDoubt != c.inDoubt || unnamed != c.unnamed {
			t.Errorf("%s: in doubt %v, unnamed %v", name, inDoubt, unnamed)
		}
		c.e.Class = instagram.ClassPermanent
		if c.e.InDoubt() || c.e.Unnamed() {
			t.Errorf("%s, of a known class", name)
		}
	}
}
