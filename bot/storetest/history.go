package storetest

import (
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// eventOf is a comment by a person, on the media and in the thread of planOf's plans.
func eventOf(id string) *rules.Event {
	event := &rules.Event{Kind: platform.Comment}
	event.Account.ID, event.Media.ID, event.Comment.ID = account, "media", "1"
	event.From.ID = id
	return event
}

// toAuthor is a plan of a reply to a person.
func toAuthor(id, username string) ledger.Plan {
	plan := planOf("hello", 0)
	plan.Author = rules.From{ID: id, Username: username}
	return plan
}

// history checks what rules see of the past, for an event that has no replies.
func (f *fixture) history(when string, event *rules.Event, since time.Time, user, media, thread int) {
	f.Helper()
	got, err := f.History(f.Context(), event, 0, since)
	f.must(err)
	f.equal("history "+when, got, rules.History{UserReplies: user, MediaReplies: media, ThreadReplies: thread})
}

func historyCases() []testcase {
	return append(historyByState(), []testcase{
		{"is none at first", func(f *fixture) { f.history("at first", eventOf("7"), time.Time{}, 0, 0, 0) }},
		{"goes back to a time", func(f *fixture) {
			for i, at := range []int{10, 20, 30} {
				plan := toAuthor("7", "ada")
				plan.Now = true
				f.finish(f.planAt(fmt.Sprint(i), plan, after(at)).ID, ledger.Fate{State: ledger.Posted, At: after(99)})
			}
			for since, n := range map[int]int{0: 3, 10: 3, 11: 2, 20: 2, 30: 1, 31: 0} {
				f.history(fmt.Sprint("since ", since), eventOf("7"), after(since), n, n, n)
			}
		}},
		{"leaves out the event's own reply", func(f *fixture) {
			own := f.bring("own", toAuthor("7", "ada"), ledger.Posted)
			f.bring("other", toAuthor("7", "ada"), ledger.Posted)
			got, err := f.History(f.Context(), eventOf("7"), own.Seq, time.Time{})
			f.must(err)
			f.equal("history", got, rules.History{UserReplies: 1, MediaReplies: 1, ThreadReplies: 1})
		}},
		{"is the account's", func(f *fixture) {
			f.bring("one", toAuthor("7", "ada"), ledger.Posted)
			event := eventOf("7")
			event.Account.ID = "1"
			f.history("of another account", event, time.Time{}, 0, 0, 0)
		}},
		{"tells media and threads apart", func(f *fixture) {
			f.bring("one", toAuthor("7", "ada"), ledger.Posted)
			event := eventOf("8")
			event.Comment.ID = "2"
			f.history("in another thread", event, time.Time{}, 0, 1, 0)
			event.Comment.ParentID = "1"
			f.history("in a reply", event, time.Time{}, 0, 1, 1)
			event.Media.ID = "other"
			f.history("on another media", event, time.Time{}, 0, 0, 1)
			event.Media.ID = ""
			f.history("on no media", event, time.Time{}, 0, 0, 1)
		}},
		{"of a mention is by the conversation that the ledger keeps", func(f *fixture) {
			event := eventOf("7")
			event.Kind = platform.CommentMention
			plan := toAuthor("7", "ada")
			plan.Conversation, _ = ledger.Conversation(event)
			f.bring("one", plan, ledger.Posted)
			f.history("of the author", event, time.Time{}, 1, 1, 1)
			event.From.ID = "8"
			f.history("of another author", event, time.Time{}, 0, 1, 0)
		}},
		{"knows a person by the id, by the name where there is no id", func(f *fixture) {
			for _, author := range []rules.From{
				{ID: "7", Username: "ada"}, {ID: "7", Username: "ada.l"}, {ID: "7"}, {ID: "8", Username: "ada"}, {Username: "Ada"},
				{Username: "bob"}, {},
			} {
				f.bring(fmt.Sprint(author), toAuthor(author.ID, author.Username), ledger.Posted)
			}
			for author, want := range map[rules.From]int{
				{ID: "7", Username: "ada"}:   4, // three by the id, and who had only the name
				{ID: "7", Username: "ADA"}:   4,
				{ID: "7", Username: "ada.l"}: 3,
				{ID: "7"}:                    3,
				{ID: "8", Username: "ada"}:   2,
				{ID: "9", Username: "ada"}:   1,
				{Username: "ada"}:            3,
				{Username: "Ada"}:            3,
				{Username: "bob"}:            1,
				{Username: "eve"}:            0,
				{ID: "ada"}:                  0,
				{}:                           0,
			} {
				event := eventOf("")
				event.From = author
				f.history(fmt.Sprintf("of %+v", author), event, time.Time{}, want, 7, 7)
			}
		}},
		{"outlives the store's closing", func(f *fixture) {
			f.bring("one", toAuthor("7", "ada"), ledger.Posted)
			f.reopen()
			f.history("after", eventOf("7"), time.Time{}, 1, 1, 1)
		}},
	}...)
}

// historyByState are the cases that each state of a reply makes.
func historyByState() []testcase {
	var cases []testcase
	for state := range fates() {
		cases = append(cases, testcase{"of a reply that is " + string(state), func(f *fixture) {
			f.bring("one", toAuthor("7", "ada"), state)
			n := 0
			if state == ledger.Posted || state == ledger.Unknown {
				n = 1
			}
			f.history("then", eventOf("7"), noon(), n, n, n)
		}})
	}
	return cases
}
