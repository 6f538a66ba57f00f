package enrich_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/enrich"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// graph answers with what it was given and notes what it was asked.
type graph struct {
	comment instagram.Comment
	media   instagram.Media
	err     error
	calls   []string
}

func (g *graph) ask(edge, id string, fields []string) error {
	g.calls = append(g.calls, edge+" "+id+" "+strings.Join(fields, ","))
	return g.err
}

func (g *graph) MentionedComment(_ context.Context, _ instagram.Account, id string, fields []string) (instagram.Comment, error) {
	return g.comment, g.ask("mentioned_comment", id, fields)
}

func (g *graph) MentionedMedia(_ context.Context, _ instagram.Account, id string, fields []string) (instagram.Media, error) {
	return g.media, g.ask("mentioned_media", id, fields)
}

func (g *graph) Comment(_ context.Context, _ instagram.Account, id string, fields []string) (instagram.Comment, error) {
	return g.comment, g.ask("comment", id, fields)
}

func (g *graph) Media(_ context.Context, _ instagram.Account, id string, fields []string) (instagram.Media, error) {
	return g.media, g.ask("media", id, fields)
}

func event(kind platform.Kind) rules.Event {
	e := rules.Event{Kind: kind, Time: noon, Media: rules.Media{ID: "20"}, Comment: rules.Comment{ID: "10"}}
	if kind == platform.CaptionMention {
		e.Comment = rules.Comment{}
	}
	return e
}

func TestOnlyWhatTheRulesReadIsAsked(t *testing.T) {
	told := event(platform.Comment)
	told.Text, told.From.ID = "how much?", "7"
	sticker := event(platform.Comment)
	sticker.From.ID = "7"
	anonymous := event(platform.Comment)
	anonymous.Text = "how much?"
	nameless := anonymous
	nameless.From.ID = "30"
	for name, c := range map[string]struct {
		event rules.Event
		reads []string
		want  []string
	}{
		"a mention in a comment, always": {
			event: event(platform.CommentMention),
			want:  []string{"mentioned_comment 10 id,text,timestamp,username,media{id,username}"},
		},
		"its media come with the same call": {
			event: event(platform.CommentMention),
			reads: []string{"comment.like_count", "media.caption", "media.hashtags", "media.type", "text"},
			want:  []string{"mentioned_comment 10 id,text,timestamp,username,like_count,media{id,caption,media_type,username}"},
		},
		"a parent where a rule reads it": {
			event: event(platform.CommentMention),
			reads: []string{"comment.is_reply"},
			want:  []string{"mentioned_comment 10 id,text,timestamp,username,parent_id,media{id,username}"},
		},
		"a mention in a caption, always": {
			event: event(platform.CaptionMention),
			reads: []string{"media.caption", "media.permalink"},
			want:  []string{"mentioned_media 20 id,caption,timestamp,username,permalink"},
		},
		"a comment that came whole: nothing": {
			event: told,
			reads: []string{"from.id", "text"},
		},
		"a comment that came whole: its media only": {
			event: told,
			reads: []string{"media.caption", "text"},
			want:  []string{"media 20 id,caption"},
		},
		"a comment that came whole: its likes and media in one": {
			event: told,
			reads: []string{"comment.like_count", "media.permalink"},
			want:  []string{"comment 10 id,text,timestamp,username,from,parent_id,hidden,like_count,media{id,permalink}"},
		},
		"a comment without text":   {event: sticker, want: []string{"comment 10 id,text,timestamp,username,from,parent_id,hidden"}},
		"a comment without author": {event: anonymous, want: []string{"comment 10 id,text,timestamp,username,from,parent_id,hidden"}},
		"a comment whose author's name is read and wasn't told": {event: nameless, reads: []string{"from.username"},
			want: []string{"comment 10 id,text,timestamp,username,from,parent_id,hidden"}},
		"a comment whose author's name nobody reads": {event: nameless},
		"story insights: nothing":                    {event: event(platform.StoryInsights), reads: []string{"media.caption", "story.reach"}},
		"what the ledger and the notification tell: nothing": {
			event: told, reads: []string{"history.media_replies", "history.thread_replies", "history.user_replies", "story.known", "story.reach"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := &graph{}
			if err := enrich.Complete(t.Context(), g, instagram.Account{}, &c.event, c.reads); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, g.calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACommentThatMayNotBeReadIsJudgedByWhatCame(t *testing.T) {
	gone := &instagram.Error{Class: instagram.ClassGone}
	anonymous := event(platform.Comment)
	anonymous.Text = "how much?"
	if err := enrich.Complete(t.Context(), &graph{err: gone}, instagram.Account{}, &anonymous, nil); err != nil {
		t.Errorf("its text came along: %v", err)
	}
	silent := event(platform.Comment)
	if err := enrich.Complete(t.Context(), &graph{err: gone}, instagram.Account{}, &silent, nil); !errors.Is(err, gone) {
		t.Errorf("its text did not: %v", err)
	}
	down := &instagram.Error{Class: instagram.ClassRetry}
	if err := enrich.Complete(t.Context(), &graph{err: down}, instagram.Account{}, &anonymous, nil); !errors.Is(err, down) {
		t.Errorf("a call that may be tried again: %v", err)
	}
}

func TestWhatTheGraphTellsIsAdded(t *testing.T) {
	e := event(platform.CommentMention)
	enrich.AddComment(&e, instagram.Comment{
		ID: "10", Text: "@bluebottle challenge?", Username: "ada", Timestamp: noon.Add(-time.Minute), LikeCount: 3, ParentID: "9",
		Media: instagram.Media{Caption: "a day out", Type: "IMAGE", Username: "grace"},
	})
	want := rules.Event{
		Kind: platform.CommentMention, Time: noon.Add(-time.Minute), Text: "@bluebottle challenge?",
		From:    rules.From{Username: "ada"},
		Comment: rules.Comment{ID: "10", ParentID: "9", IsReply: true, LikeCount: 3},
		Media:   rules.Media{ID: "20", Caption: "a day out", Type: "IMAGE", Owner: "grace"},
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Error(diff)
	}
}

func TestAMentionOnOwnMediaIsAComment(t *testing.T) {
	for owner, want := range map[string]platform.Kind{"BlueBottle": platform.Comment, "grace": platform.CommentMention, "": platform.CommentMention} {
		e := event(platform.CommentMention)
		e.Account = rules.Account{ID: "1", Username: "bluebottle"}
		enrich.AddComment(&e, instagram.Comment{ID: "10", Text: "@bluebottle?", Media: instagram.Media{ID: "20", Username: owner}})
		if e.Kind != want || e.Media.IsOwn != (want == platform.Comment) {
			t.Errorf("on media of %q it is %s, own: %t", owner, e.Kind, e.Media.IsOwn)
		}
	}
	nameless := event(platform.CommentMention)
	enrich.AddComment(&nameless, instagram.Comment{ID: "10", Media: instagram.Media{ID: "20"}})
	if nameless.Kind != platform.CommentMention {
		t.Error("an unknown owner is an unknown account")
	}
}

func TestACaptionMentionIsAsOldAsItsNotification(t *testing.T) {
	e := event(platform.CaptionMention)
	enrich.AddMedia(&e, instagram.Media{ID: "20", Caption: "@bluebottle There can be only one!", Username: "connor", Timestamp: noon.AddDate(-1, 0, 0)})
	if e.Text != "@bluebottle There can be only one!" || e.From.Username != "connor" || !e.Time.Equal(noon) {
		t.Errorf("%+v", e)
	}
}

func TestTheMetricsOfAStory(t *testing.T) {
	for raw, want := range map[string]rules.Story{
		`{"field":"story_insights","value":{"media_id":"20"}}`: {},
		`{"field":"story_insights","value":{"media_id":"20","views":9,"exits":1,"replies":0,"reach":-1,"taps_forward":12,"taps_back":2,"impressions":28}}`: {
			Known: []string{"reach", "replies", "exits", "taps_forward", "taps_back", "impressions", "views"},
			Reach: -1, Exits: 1, TapsForward: 12, TapsBack: 2, Impressions: 28, Views: 9,
		},
		`{"field":"story_insights","value":{"media_id":"20","replies":3,"reach":"many"}}`: {Known: []string{"replies"}, Replies: 3},
		`{"field":"comments","value":{"id":"10","media_id":"20","replies":3}}`:            {},
	} {
		change, err := instagram.ParseChange([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		got := enrich.Event(change, rules.Account{ID: "1"}, noon).Story
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: got + and want -:\n%s", raw, diff)
		}
		if figures := got.Figures(); len(figures) != len(change.Metrics()) || len(figures) > 0 && !maps.Equal(figures, change.Metrics()) {
			t.Errorf("%s: the figures that came are %v", raw, figures)
		}
	}
}

func TestOnlyFactsOfMetasCanLack(t *testing.T) {
	e := event(platform.Comment)
	reads := []string{"history.user_replies", "story.known", "story.reach", "text"}
	if got := enrich.Lacking(&e, reads); !cmp.Equal(got, []string{"text"}) {
		t.Errorf("lacking %v", got)
	}
}

func TestTimesOfAChange(t *testing.T) {
	for name, c := range map[string]struct{ sent, want time.Time }{
		"the notification's": {noon.Add(-time.Hour), noon.Add(-time.Hour)},
		"none":               {time.Time{}, noon},
		"in the future":      {noon.Add(time.Hour), noon},
	} {
		t.Run(name, func(t *testing.T) {
			if e := enrich.Event(instagram.Change{Field: "comments", Time: c.sent}, rules.Account{ID: "1"}, noon); !e.Time.Equal(c.want) {
				t.Errorf("%v, want %v", e.Time, c.want)
			}
		})
	}
	e := event(platform.Comment)
	enrich.AddComment(&e, instagram.Comment{Timestamp: noon.Add(time.Hour)})
	if !e.Time.Equal(noon) {
		t.Errorf("a comment written after its notification: %v, want the notification's time", e.Time)
	}
}

func TestAParentThatIsTheMediaIsNone(t *testing.T) {
	value := instagram.Value{CommentID: "10", ParentID: "20", MediaID: "20", FromID: "7", AdID: "3", OriginalMediaID: "21"}
	e := enrich.Event(instagram.Change{Field: "comments", Value: value}, rules.Account{ID: "1", Username: "bluebottle"}, noon)
	if e.Comment.IsReply || e.Comment.ParentID != "" {
		t.Errorf("a top-level comment became a reply: %+v", e.Comment)
	}
	want := rules.Media{ID: "20", Owner: "bluebottle", IsOwn: true, IsAd: true, OriginalID: "21"}
	if diff := cmp.Diff(want, e.Media); diff != "" {
		t.Error(diff)
	}
}

// Each of what only ads have tells that it is one; Meta may leave out the others.
func TestAnAdIsKnownByAnyOfItsSigns(t *testing.T) {
	for name, c := range map[string]struct {
		value instagram.Value
		want  bool
	}{
		"the ad's id":        {instagram.Value{AdID: "3"}, true},
		"the original media": {instagram.Value{OriginalMediaID: "21", MediaProductType: "FEED"}, true},
		"the product":        {instagram.Value{MediaProductType: "AD"}, true},
		"none":               {instagram.Value{MediaProductType: "REELS"}, false},
	} {
		if e := enrich.Event(instagram.Change{Field: "comments", Value: c.value}, rules.Account{ID: "1"}, noon); e.Media.IsAd != c.want {
			t.Errorf("%s: it is an ad: %t", name, e.Media.IsAd)
		}
	}
}

func TestAnswersAreMatchedById(t *testing.T) {
	e := event(platform.CommentMention)
	for _, c := range []struct {
		raw   string
		texts bool
	}{
		{`{"mentioned_comment": {"id": "11", "text": "somebody else's"}, "id": "1"}`, false},
		{`{"mentioned_comment": {"id": "10"}, "id": "1"}`, false},
		{`{"mentioned_comment": {"id": "10", "text": "hello"}, "id": "1"}`, true},
		{`{"id": "20", "caption": "a day out"}`, false},
	} {
		answer, err := enrich.ParseAnswer([]byte(c.raw))
		if err != nil {
			t.Fatal(err)
		}
		if told := answer.AddTo(&e); told != c.texts {
			t.Errorf("%s told the text: %v", c.raw, told)
		}
	}
	if e.Text != "hello" || e.Media.Caption != "a day out" {
		t.Errorf("%+v", e)
	}
	if got := enrich.Lacking(&e, []string{"from.username", "media.caption", "media.type", "text"}); !cmp.Equal(got, []string{"from.username", "media.type"}) {
		t.Errorf("lacking %v", got)
	}
	if _, err := enrich.ParseAnswer([]byte("[1")); err == nil {
		t.Error("broken JSON passed")
	}
}
