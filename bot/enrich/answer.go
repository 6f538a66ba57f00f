package enrich

import (
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// Answer is a Graph API answer that stands in a sample. Which event it is about, and whether it tells a comment or a
// media, only its id says: the answer is read as both.
type Answer struct {
	comment instagram.Comment
	media   instagram.Media
}

// ParseAnswer reads an answer as Meta documents it: an object with mentioned_comment or mentioned_media, or a comment's
// or a media's node.
func ParseAnswer(raw []byte) (Answer, error) {
	comment, err := instagram.ParseComment(raw)
	if err != nil {
		return Answer{}, err
	}
	media, err := instagram.ParseMedia(raw)
	return Answer{comment, media}, err
}

// AddTo adds the answer to the event if it is about it, and reports whether it told the event's text.
func (a Answer) AddTo(e *rules.Event) bool {
	switch {
	case e.Comment.ID != "" && a.comment.ID == e.Comment.ID:
		AddComment(e, a.comment)
		return a.comment.Text != ""
	case e.Media.ID != "" && a.media.ID == e.Media.ID:
		AddMedia(e, a.media)
		return e.Kind == platform.CaptionMention && a.media.Caption != ""
	default:
		return false
	}
}
