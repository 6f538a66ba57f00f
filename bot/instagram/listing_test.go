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

// ids are those of a page's comments.
func ids(p instagram.Page) []string {
	var all []string
	for _, c := range p.Comments {
		all = append(all, c.ID)
	}
	return all
}

func TestOwnMediaAreListedNewestFirst(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	s.AddMedia(instagramtest.Media{ID: "501", Owner: instagramtest.GuideUsername, Timestamp: start.Add(time.Hour)})
	s.AddMedia(instagramtest.Media{ID: "502", Owner: "somebody"})
	s.AddMedia(instagramtest.Media{ID: "503", Owner: instagramtest.GuideUsername, ProductType: "STORY"})
	got, err := s.client.OwnMedia(context.Background(), s.account)
	want := []instagram.Post{
		{Media: instagram.Media{ID: "501", ProductType: "FEED", Timestamp: start.Add(time.Hour)}},
		{Media: instagram.Media{ID: "500", ProductType: "REELS", Timestamp: start}, Comments: 2},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if r := s.Requests()[0]; r.Path != "/"+s.account.ID+"/media" || r.Query.Get("limit") != "50" || r.Query.Has("access_token") {
		t.Errorf("asked %s?%s", r.Path, r.Query.Encode())
	}
}

func TestWhatIsNotToldOfMediaIsUnknown(t *testing.T) {
	s := newStage(t, instagramtest.Options{RefuseFields: []string{"media.comments_count"}})
	got, err := s.client.OwnMedia(context.Background(), s.account)
	if err != nil || len(got) != 1 || got[0].Comments != -1 || got[0].ID != "500" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestCommentsAreListedPageByPage(t *testing.T) {
	ctx, s := context.Background(), newStage(t, instagramtest.Options{})
	var want []string
	for i := range 120 {
		id := fmt.Sprint(9000 + i)
		s.AddComment(instagramtest.Comment{ID: id, MediaID: "500", FromID: "5", Username: "eve", Text: id, Timestamp: start.Add(time.Duration(i+1) * time.Second)})
		want = append([]string{id}, want...)
	}
	want = append(want, "600")
	var got []string
	after := ""
	for range 3 {
		page, err := s.client.CommentsOn(ctx, s.account, "500", after)
		if err != nil {
			t.Fatal(err)
		}
		got, after = append(got, ids(page)...), page.After
	}
	if diff := cmp.Diff(want, got); diff != "" || after != "" {
		t.Errorf("after %q (-want +got):\n%s", after, diff)
	}
	for _, r := range s.Requests() {
		if r.Path != "/500/comments" || r.Query.Has("access_token") {
			t.Errorf("asked %s?%s", r.Path, r.Query.Encode())
		}
	}
}

func TestACommentComesWithItsReplies(t *testing.T) {
	ctx, s := context.Background(), newStage(t, instagramtest.Options{})
	want := []string{"601"}
	for i := range 100 {
		id := fmt.Sprint(7000 + i)
		s.AddComment(instagramtest.Comment{ID: id, MediaID: "500", ParentID: "600", Username: "eve", Text: id, Hidden: i == 3})
		want = append(want, id)
	}
	page, err := s.client.CommentsOn(ctx, s.account, "500", "")
	if err != nil || len(page.Comments) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	top := page.Comments[0]
	if c := top.Comment; c.ID != "600" || c.Text != "how much? ❤" || c.Username != "ada" || c.FromID != "700" || !c.Timestamp.Equal(start) {
		t.Errorf("%+v", c)
	}
	got, after := ids(top.Replies), top.Replies.After
	hidden := top.Replies.Comments[4].Hidden && !top.Replies.Comments[3].Hidden
	for range 2 {
		more, err := s.client.RepliesTo(ctx, s.account, "600", after)
		if err != nil {
			t.Fatal(err)
		}
		got, after = append(got, ids(more)...), more.After
	}
	if diff := cmp.Diff(want, got); diff != "" || after != "" || !hidden {
		t.Errorf("after %q, hidden %v (-want +got):\n%s", after, hidden, diff)
	}
}

func TestListsAreReadWithFewerFields(t *testing.T) {
	s := newStage(t, instagramtest.Options{RefuseFields: []string{"hidden", "from"}})
	for range 2 {
		page, err := s.client.CommentsOn(context.Background(), s.account, "500", "")
		if err != nil || len(page.Comments) != 1 || page.Comments[0].Username != "ada" || page.Comments[0].Text == "" {
			t.Errorf("%+v, %v", page, err)
		}
	}
	if asked := s.asked(); strings.Contains(asked[len(asked)-1], "hidden") {
		t.Errorf("asked again for what was refused: %q", asked)
	}
}

func TestAListThatIsNotThere(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		fault instagramtest.Fault
		want  instagram.Class
	}{
		"gone":        {instagramtest.Fault{Code: 100, Subcode: 33, Message: "does not exist"}, instagram.ClassGone},
		"throttled":   {instagramtest.Fault{Code: 80002, Message: "too many calls"}, instagram.ClassWait},
		"dead token":  {instagramtest.Fault{Code: 190, Message: "expired"}, instagram.ClassHuman},
		"server":      {instagramtest.Fault{Status: 503}, instagram.ClassRetry},
		"no list":     {instagramtest.Fault{Status: 200, Body: `{"id":"1"}`}, instagram.ClassRetry},
		"not a list":  {instagramtest.Fault{Status: 200, Body: `{"data":{}}`}, instagram.ClassRetry},
		"bad cursors": {instagramtest.Fault{Code: 100, Message: "Invalid cursors values"}, instagram.ClassPermanent},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, instagramtest.Options{})
			s.Fail(instagramtest.Match{}, c.fault)
			_, media := s.client.OwnMedia(ctx, s.account)
			_, comments := s.client.CommentsOn(ctx, s.account, "500", "")
			_, replies := s.client.RepliesTo(ctx, s.account, "600", "x")
			for _, err := range []error{media, comments, replies} {
				var e *instagram.Error
				if !errors.As(err, &e) || e.Class != c.want {
					t.Errorf("%v, want %s", err, c.want)
				}
			}
		})
	}
	s := newStage(t, instagramtest.Options{})
	if _, err := s.client.CommentsOn(ctx, s.account, "500/../600", ""); err == nil || len(s.Requests()) > 0 {
		t.Errorf("what is no id went into a path: %v", err)
	}
}

func TestBeforeTheAppIsLiveListsAreEmpty(t *testing.T) {
	s := newStage(t, instagramtest.Options{InDevelopment: true})
	page, err := s.client.CommentsOn(context.Background(), s.account, "500", "")
	if err != nil || len(page.Comments) > 0 || page.After != "" {
		t.Errorf("%+v, %v", page, err)
	}
}

// A comment that is read is the same event as the one that Meta tells of.
func TestRetoldIsWhatANotificationTells(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	posts, err := s.client.OwnMedia(context.Background(), s.account)
	if err != nil {
		t.Fatal(err)
	}
	page, err := s.client.CommentsOn(context.Background(), s.account, "500", "")
	if err != nil {
		t.Fatal(err)
	}
	top := page.Comments[0]
	for _, c := range append([]instagram.Listed{top}, top.Replies.Comments...) {
		got, err := instagram.Retell(s.account.ID, posts[0].Media, c.Comment)
		if err != nil {
			t.Fatal(err)
		}
		want, err := instagram.Parse(fmt.Appendf(nil, `{"object":"instagram","entry":[{"id":%q,"changes":[{"field":"comments","value":%s}]}]}`,
			s.account.ID, s.CommentChange(s.account.ID, c.ID).Value))
		if err != nil || len(want.Changes) != 1 {
			t.Fatal(err, want)
		}
		told := want.Changes[0]
		if diff := cmp.Diff(told.Value, got.Value); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got.Key("1") != told.Key("1") || got.Rank() != told.Rank() || got.EntryID != told.EntryID || !got.Time.Equal(start) {
			t.Errorf("%s, rank %d, %s, %v", got.Key("1"), got.Rank(), got.EntryID, got.Time)
		}
		again, err := instagram.ParseChange(got.Raw)
		if err != nil || !slices.Equal(again.Raw, got.Raw) || again.Value != got.Value {
			t.Errorf("%v: %s", err, again.Raw)
		}
	}
	if _, err := instagram.Retell("1", instagram.Media{ID: "5"}, instagram.Comment{ID: "../6"}); err == nil {
		t.Error("an id that is none was taken")
	}
}
