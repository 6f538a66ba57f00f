package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
)

// event is something that somebody writes.
type event struct {
	n       int
	form    form
	account int    // whom it is for, by number
	id      string // the comment's; for a caption the media's
	media   string
	thread  string // the top-level comment; for a caption the media
	subject subject
	// burst: it came together with others in its thread.
	burst bool
}

// form is in which way it comes.
type form string

const (
	comment form = "comment" // on the account's own media
	both    form = "both"    // likewise, and it mentions the account: Meta tells of it twice
	mention form = "mention" // in a comment on media of others
	caption form = "caption" // in a caption of others
)

// subject is what it is about, and so by which rule it is answered.
type subject string

const (
	hello  subject = "hello"  // answered by name
	thanks subject = "thanks" // answered to all in the same words
	ask    subject = "ask"    // answered when a person agrees
	quiet  subject = "quiet"  // not answered
	own    subject = "own"    // the bot's own words, never answered
)

const (
	accountCount = 12
	mediaOfOwn   = 8 // of each account
)

func accountID(n int) string      { return fmt.Sprintf("178414000000000%02d", n) }
func username(account int) string { return fmt.Sprintf("shop%02d", account) }
func ownMedia(account, n int) string {
	return fmt.Sprintf("180%02d00000000000%02d", account, n)
}
func writer(n int) string { return "u" + strconv.Itoa(n) }

func drawEvents(chance *rand.Rand, count int) []event {
	events := make([]event, 0, count)
	for len(events) < count {
		e := drawEvent(chance, len(events))
		events = append(events, e)
		if e.form != comment || chance.IntN(4) != 0 {
			continue
		}
		for range min(2+chance.IntN(4), count-len(events)) {
			answer := drawEvent(chance, len(events))
			answer.form, answer.account, answer.media, answer.thread, answer.burst = comment, e.account, e.media, e.thread, true
			answer.id = commentID(answer.n)
			events = append(events, answer)
		}
	}
	return events
}

func commentID(n int) string { return fmt.Sprint(17_900_000_000_000_000 + n) }

func drawEvent(chance *rand.Rand, n int) event {
	e := event{n: n, form: comment, account: chance.IntN(accountCount), id: commentID(n), subject: hello}
	e.media = ownMedia(e.account, chance.IntN(mediaOfOwn))
	switch c := chance.IntN(20); {
	case c < 5:
		e.form, e.media = mention, fmt.Sprint(18_200_000_000_000_000+n)
	case c < 7:
		e.form, e.media = caption, fmt.Sprint(18_100_000_000_000_000+n)
		e.id = e.media
	case c < 8:
		e.form = both
	}
	e.thread = e.id
	switch c := chance.IntN(20); {
	case c < 3 && e.form != both: // Meta may tell of it as a mention, and that answer is told apart by its form
		e.subject = thanks
	case c < 4:
		e.subject = ask
	case c < 6:
		e.subject = quiet
	}
	return e
}

// text is what was written.
func (e event) text() string {
	words := fmt.Sprintf("%s %d", e.subject, e.n)
	if e.form != comment {
		words = "@" + username(e.account) + " " + words
	}
	return words
}

// key is what the ledger calls it.
func (e event) key() string {
	class := "comment"
	if e.form == caption {
		class = "caption"
	}
	return accountID(e.account) + "/" + class + "/" + e.id
}

// group is what its replies are counted by: nobody can tell replies in the same words in one thread apart.
func (e event) group() string {
	if e.subject == thanks && e.form == comment {
		return "thanks/" + e.thread
	}
	return e.id
}

// saying is what the rules say, in the revision with the number: rulesText has the same words.
var saying = regexp.MustCompile(`^r(\d+) (?:(hello) @u(\d+)|(thanks) to all of you|a person agreed, (@)u(\d+))$`)

// said takes a reply apart: the rules' revision, what it is about, and the number of the one who is named, -1 for none.
func taken(text string) (revision int, about subject, named int, ok bool) {
	m := saying.FindStringSubmatch(text)
	if m == nil {
		return 0, "", -1, false
	}
	revision, _ = strconv.Atoi(m[1])
	switch {
	case m[2] != "":
		named, _ = strconv.Atoi(m[3])
		return revision, hello, named, true
	case m[4] != "":
		return revision, thanks, -1, true
	default:
		named, _ = strconv.Atoi(m[6])
		return revision, ask, named, true
	}
}
