// Package enrich makes the event that rules judge: from the change that a notification brought, and from what the
// Graph API tells when it is asked. It asks only for what the active rules read, with one call where one can do, and
// it refuses to guess: what Meta doesn't tell stays empty.
package enrich

import (
	"strings"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// Event is what a change alone tells. The time is the notification's; where it has none, or one in the future, the
// time at which it was received.
func Event(change instagram.Change, account rules.Account, received time.Time) rules.Event {
	v := change.Value
	kind := change.Kind()
	own := kind != platform.CommentMention && kind != platform.CaptionMention
	e := rules.Event{
		Kind:    kind,
		ID:      change.Key(account.ID),
		Time:    received,
		Text:    v.Text,
		From:    rules.From{ID: v.FromID, Username: v.FromUsername},
		Account: account,
		Media: rules.Media{
			ID:          v.MediaID,
			ProductType: v.MediaProductType,
			IsOwn:       own,
			IsAd:        v.AdID != "" || v.OriginalMediaID != "" || v.MediaProductType == "AD",
			OriginalID:  v.OriginalMediaID,
		},
	}
	if !change.Time.IsZero() && change.Time.Before(received) {
		e.Time = change.Time
	}
	if own {
		e.Media.Owner = account.Username
	}
	if kind != platform.CaptionMention {
		e.Comment.ID = v.CommentID
		setParent(&e, v.ParentID)
	}
	if kind == platform.StoryInsights {
		e.Story = story(change.Metrics())
	}
	return e
}

// story puts the figures that came in their places, and notes which they are.
func story(metrics map[string]int) rules.Story {
	var s rules.Story
	for _, metric := range []struct {
		name string
		into *int
	}{
		{"reach", &s.Reach},
		{"replies", &s.Replies},
		{"exits", &s.Exits},
		{"taps_forward", &s.TapsForward},
		{"taps_back", &s.TapsBack},
		{"impressions", &s.Impressions},
		{"views", &s.Views},
	} {
		if n, came := metrics[metric.name]; came {
			*metric.into = n
			s.Known = append(s.Known, metric.name)
		}
	}
	return s
}

// AddComment adds what the Graph API told of the event's comment. What the notification brought stays where the answer
// is silent.
//
// A mention in a comment on own media is made what it is, a comment: Meta serves the mentions edge only for media of
// others. Whether it sends mentions of own media at all is in doubt; its guide says so of captions only.
func AddComment(e *rules.Event, c instagram.Comment) {
	e.Text = first(c.Text, e.Text)
	e.From.Username = first(c.Username, e.From.Username)
	e.From.ID = first(c.FromID, e.From.ID)
	e.Comment.LikeCount = c.LikeCount
	setParent(e, c.ParentID)
	// The notification says when it was sent, the comment when it was written. A clock that runs ahead makes
	// nothing younger than its notification.
	if !c.Timestamp.IsZero() && c.Timestamp.Before(e.Time) {
		e.Time = c.Timestamp
	}
	addMediaFields(e, c.Media)
	if e.Kind == platform.CommentMention && e.Account.Username != "" && strings.EqualFold(e.Media.Owner, e.Account.Username) {
		e.Kind, e.Media.IsOwn = platform.Comment, true
	}
}

// AddMedia adds what the Graph API told of the event's media. For a mention in a caption the caption is the text and
// its author the one who speaks; the media's own timestamp says nothing of when a caption was edited to mention
// somebody, so the event keeps the notification's time.
func AddMedia(e *rules.Event, m instagram.Media) {
	if e.Kind == platform.CaptionMention {
		e.Text = first(m.Caption, e.Text)
		e.From.Username = first(m.Username, e.From.Username)
	}
	addMediaFields(e, m)
}

func addMediaFields(e *rules.Event, m instagram.Media) {
	e.Media.ID = first(e.Media.ID, m.ID)
	e.Media.Caption = first(m.Caption, e.Media.Caption)
	e.Media.Type = first(m.Type, e.Media.Type)
	e.Media.ProductType = first(e.Media.ProductType, m.ProductType)
	e.Media.Permalink = first(m.Permalink, e.Media.Permalink)
	e.Media.Owner = first(m.Username, e.Media.Owner)
}

// setParent notes a reply's parent. A parent that is the media itself, as some notifications have it, is none.
func setParent(e *rules.Event, parent string) {
	if parent == "" || parent == e.Media.ID {
		return
	}
	e.Comment.ParentID = parent
	e.Comment.IsReply = true
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
