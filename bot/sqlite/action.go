package sqlite

import (
	"errors"

	"github.com/answerback/answerback/rules"
)

// perEvent is how many numbers of deliveries an event has.
const perEvent = 16

// once are the actions of which an event has one delivery at most; the place of one here is its number within the event,
// for good. The numbers after them are those of notifications.
func once() []string {
	return []string{rules.ActionReply, rules.ActionPrivateReply, rules.ActionHide}
}

// actionOf is the action of the delivery with the id.
func actionOf(id int64) string {
	if known := once(); int(id%perEvent) < len(known) {
		return known[id%perEvent]
	}
	return rules.ActionNotify
}

// ordinals gives an event's deliveries their numbers.
type ordinals struct{ notices int }

func (n *ordinals) of(action string) (int64, error) {
	for i, known := range once() {
		if action == known {
			return int64(i), nil
		}
	}
	number := len(once()) + n.notices
	switch {
	case action != rules.ActionNotify:
		return 0, errors.New("unknown action")
	case number >= perEvent:
		return 0, errors.New("too many of one event")
	}
	n.notices++
	return int64(number), nil
}
