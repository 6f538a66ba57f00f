package ruletest

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/yamlpos"
)

// What an event has that its author left out.
const (
	defaultAccount  = "1"
	defaultMedia    = "1"
	defaultAuthorID = "2"
	defaultAuthor   = "someone"
)

// day is when cases happen: a Monday.
func day() time.Time { return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC) }

// Noon is when an event of a case happens that doesn't say: 12:00 of Monday 2024-01-01 UTC.
func Noon() time.Time { return day().Add(12 * time.Hour) }

// written completes an event that is written out. Each has ids of its own, so that it is no other's duplicate; they
// depend on what stands in it and on its place in the case alone, so that other cases don't change which of several
// replies is drawn.
func (b *caseBuilder) written(step *Step, s *eventShape, index int) {
	e := rules.Event{
		Kind:    b.kindOf(s),
		Text:    s.Text.Value,
		From:    rules.From{ID: defaultAuthorID, Username: defaultAuthor},
		Account: rules.Account{ID: defaultAccount},
		Media:   rules.Media{ID: defaultMedia},
		Story:   b.storyOf(s.Story),
	}
	if s.From != nil {
		e.From = rules.From{ID: s.From.ID, Username: username(s.From.Username)}
	}
	if s.Account != nil {
		e.Account = rules.Account{ID: cmp.Or(s.Account.ID, defaultAccount), Username: username(s.Account.Username)}
	}
	b.place.media(&e, s.Media)
	b.checkWords(s)
	b.checkKind(&e, s)
	b.identify(&e, s, index)
	e.Time = b.timeOf(s.At)
	e.Derive()
	step.Event, step.history = e, historyOf(s.History)
}

// username is a name as Meta tells it, however people write it.
func username(written string) string { return strings.ToLower(strings.TrimPrefix(written, "@")) }

func (b *caseBuilder) kindOf(s *eventShape) platform.Kind {
	if !s.Kind.Given() {
		return b.kind
	}
	known := make([]string, 0, len(platform.Kinds()))
	for _, kind := range platform.Kinds() {
		known = append(known, string(kind))
	}
	if s.Kind.Value == platform.Mention {
		b.note(s.Kind.Problem(codeUnknownWord, "kind: an event is one of the two mentions",
			fmt.Sprintf("write %s or %s", platform.CommentMention, platform.CaptionMention)))
		return b.kind
	}
	b.word("kind", s.Kind, known...)
	return platform.Kind(s.Kind.Value)
}

// media completes the event's media. Whose it is, is known by the kind: mentions come from the media of others.
func (place) media(e *rules.Event, s *mediaShape) {
	e.Media.IsOwn = e.Kind != platform.CommentMention && e.Kind != platform.CaptionMention
	if s != nil {
		e.Media.ID = cmp.Or(s.ID, defaultMedia)
		e.Media.Type, e.Media.ProductType = s.Type.Value, s.ProductType.Value
		e.Media.Caption, e.Media.Permalink = s.Caption.Value, s.Permalink
		e.Media.Owner, e.Media.OriginalID = username(s.Owner), s.OriginalID
		e.Media.IsAd = s.IsAd || s.OriginalID != "" || s.ProductType.Value == "AD"
		if s.IsOwn != nil {
			e.Media.IsOwn = *s.IsOwn
		}
	}
	switch {
	case e.Media.Owner != "":
	case e.Media.IsOwn:
		e.Media.Owner = e.Account.Username
	case e.Kind == platform.CaptionMention:
		e.Media.Owner = e.From.Username
	}
}

func (b *caseBuilder) checkWords(s *eventShape) {
	if s.Media == nil {
		return
	}
	b.word("media.type", s.Media.Type, mediaTypes()...)
	b.word("media.product_type", s.Media.ProductType, productTypes()...)
}

func mediaTypes() []string { return []string{"IMAGE", "VIDEO", "CAROUSEL_ALBUM"} }

func productTypes() []string { return []string{"FEED", "REELS", "STORY", "AD", "LIVE"} }

// checkKind settles what depends on the kind. The text of a mention in a caption is the caption, and nobody speaks in a
// story's figures.
func (b *caseBuilder) checkKind(e *rules.Event, s *eventShape) {
	switch e.Kind {
	case platform.CaptionMention:
		caption := s.Media != nil && s.Media.Caption.Given()
		switch {
		case caption && s.Text.Given() && e.Media.Caption != e.Text:
			b.note(s.Text.Problem(codeClash, "the text of a mention in a caption is the caption, but media.caption says something else", "leave one of them out"))
		case caption:
			e.Text = e.Media.Caption
		default:
			e.Media.Caption = e.Text
		}
	case platform.StoryInsights:
		if s.Text.Given() {
			b.note(s.Text.Problem(codeClash, "story_insights are figures and have no text", ""))
		}
		if s.From == nil {
			e.From = rules.From{}
		}
	}
	if s.Comment != nil && !hasComment(e.Kind) {
		b.note(s.Pos.Key("comment").Problem(codeClash, fmt.Sprintf("%s comes without a comment", e.Kind), ""))
	}
	if s.Story != nil && e.Kind != platform.StoryInsights {
		b.note(s.Pos.Key("story").Problem(codeClash, fmt.Sprintf("%s comes without figures of a story", e.Kind), "write kind: story_insights"))
	}
}

func hasComment(kind platform.Kind) bool {
	return kind != platform.CaptionMention && kind != platform.StoryInsights
}

// identify gives the event its ids: those that are written, else a number of its own.
func (b *caseBuilder) identify(e *rules.Event, s *eventShape, index int) {
	own := number(b.rule, string(e.Kind), e.Text, e.From.ID, e.From.Username, strconv.Itoa(index))
	class := "comment"
	switch {
	case e.Kind == platform.CaptionMention:
		class = "caption"
	case e.Kind == platform.StoryInsights:
		class = "insights"
	case s.Comment != nil:
		e.Comment = rules.Comment{
			ID:        cmp.Or(s.Comment.ID, own),
			ParentID:  s.Comment.ParentID,
			IsReply:   s.Comment.IsReply || s.Comment.ParentID != "",
			LikeCount: s.Comment.LikeCount,
		}
		own = e.Comment.ID
	default:
		e.Comment.ID = own
	}
	if class != "comment" && s.Media != nil && s.Media.ID != "" {
		own = s.Media.ID
	}
	e.ID = cmp.Or(s.ID.Value, e.Account.ID+"/"+class+"/"+own)
}

// number is an id of 15 digits that is the same for the same parts.
func number(parts ...string) string {
	h := fnv.New64a()
	for _, part := range parts {
		fmt.Fprintf(h, "%q,", part)
	}
	const least = 100_000_000_000_000
	return strconv.FormatUint(least+h.Sum64()%(9*least), 10)
}

// timeOf is when the event happens: at RFC 3339 or a time of the day of cases; without one at noon, or with the event
// before if that was later.
func (b *caseBuilder) timeOf(at yamlpos.Text) time.Time {
	if !at.Given() {
		if b.clock.Before(Noon()) {
			b.clock = Noon()
		}
		return b.clock
	}
	when, ok := parseTime(at.Value)
	if !ok {
		b.note(at.Problem(codeTime, fmt.Sprintf("at: %q is no time", at.Value), `write "10:05" (of Monday 2024-01-01 UTC) or "2024-01-02T10:05:00Z"`))
		return Noon()
	}
	b.tick(at, when)
	return when
}

func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return day().Add(t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC))), true
		}
	}
	t, err := time.Parse(time.RFC3339, s)
	return t.UTC(), err == nil
}

func (b *caseBuilder) storyOf(s *storyShape) rules.Story {
	var story rules.Story
	if s == nil {
		return story
	}
	for _, metric := range []struct {
		name  string
		given *int
		into  *int
	}{
		{"reach", s.Reach, &story.Reach},
		{"replies", s.Replies, &story.Replies},
		{"exits", s.Exits, &story.Exits},
		{"taps_forward", s.TapsForward, &story.TapsForward},
		{"taps_back", s.TapsBack, &story.TapsBack},
		{"impressions", s.Impressions, &story.Impressions},
		{"views", s.Views, &story.Views},
	} {
		if metric.given == nil {
			continue
		}
		if *metric.given < -1 {
			b.note(s.At.Key(metric.name).Problem(codeFigure, fmt.Sprintf("%s: %d is no figure that Meta tells", metric.name, *metric.given),
				`-1 is its "below 5"`))
		}
		*metric.into = *metric.given
		story.Known = append(story.Known, metric.name)
	}
	return story
}
