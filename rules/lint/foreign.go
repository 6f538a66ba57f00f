package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
)

// foreign warns of fields that stay empty in every event that a place is for, since other kinds have them.
func (l *linter) foreign() {
	l.expressions(func(p place, x expression.Placed) {
		for _, field := range l.Reader.Fields(x.Text) {
			have := kindsWith(field.Text)
			if len(p.kinds) == 0 || slices.ContainsFunc(p.kinds, func(k platform.Kind) bool { return slices.Contains(have, k) }) {
				continue
			}
			l.warnAt(p, x.Offset+field.Offset, codeForeign, "it is for on: "+wordsFor(have),
				fmt.Sprintf("%s stays empty: a %s doesn't have it", field.Text, strings.Join(namesOf(p.kinds), " or a ")))
			l.spoil(p)
		}
	})
}

// kindsWith are the kinds of events that have a field, as far as a kind can tell. Of a story that has ended only what its
// figures came with is known: no call is made for more.
func kindsWith(field string) []platform.Kind {
	written := []platform.Kind{platform.CommentMention, platform.CaptionMention, platform.Comment, platform.LiveComment}
	switch field {
	case "media.caption", "media.hashtags", "media.permalink", "media.type", "media.product_type":
		return written
	}
	group, _, _ := strings.Cut(field, ".")
	switch group {
	case "story":
		return []platform.Kind{platform.StoryInsights}
	case "comment":
		return []platform.Kind{platform.CommentMention, platform.Comment, platform.LiveComment}
	case "from", "text", "words", "hashtags", "mentions", "urls", "emojis":
		return written
	}
	return platform.Kinds()
}

// wordsFor is a list of kinds as a rule's `on` has it.
func wordsFor(kinds []platform.Kind) string {
	if len(kinds) == 1 {
		return string(kinds[0])
	}
	return "[" + strings.Join(namesOf(kinds), ", ") + "]"
}

func namesOf(kinds []platform.Kind) []string {
	var names []string
	for _, kind := range kinds {
		names = append(names, string(kind))
	}
	return names
}
