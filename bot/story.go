package bot

import (
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// tellStory has the figures of a story that has ended counted, once its event is decided.
func (b *Bot) tellStory(event *rules.Event) {
	if event.Kind == platform.StoryInsights {
		b.Observe.Story(event.Account.ID, event.Story.Figures())
	}
}
