package sweep

import (
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
)

// thread is a top-level comment with the replies to it, as far as they were read.
type thread struct {
	first   instagram.Listed
	replies []instagram.Listed
	after   string // the cursor behind what was read
	pages   int
}

// unanswered are those of a thread that somebody else wrote, that everybody may see, and that the account, by whatever
// hand, has not answered: before the bot knew of them a person may have.
func (t *thread) unanswered(a Account) []instagram.Comment {
	own := []instagram.Comment{}
	for _, r := range t.replies {
		if wrote(a, r.Comment) {
			own = append(own, r.Comment)
		}
	}
	var found []instagram.Comment
	for i, c := range append([]instagram.Listed{t.first}, t.replies...) {
		reply := i > 0
		if c.Hidden || wrote(a, c.Comment) || answered(c.Comment, reply, own) {
			continue
		}
		if reply && c.ParentID == "" {
			c.ParentID = t.first.ID
		}
		found = append(found, c.Comment)
	}
	return found
}

// wrote reports whether the account itself is the author, as far as that is told; the ledger knows more ways to tell.
func wrote(a Account, c instagram.Comment) bool {
	return c.FromID != "" && (c.FromID == a.ID || slices.Contains(a.Aliases, c.FromID)) || strings.EqualFold(c.Username, a.Username)
}

// answered reports whether one of the account's replies came after a comment and is an answer to it: any is to the first
// one of the thread, and one that names its author to a reply.
func answered(c instagram.Comment, reply bool, own []instagram.Comment) bool {
	return slices.ContainsFunc(own, func(answer instagram.Comment) bool {
		later := !answer.Timestamp.Before(c.Timestamp)
		return later && (!reply || c.Username != "" && names(answer.Text, c.Username))
	})
}

// names reports whether a text mentions somebody.
func names(text, username string) bool {
	_, rest, found := strings.Cut(strings.ToLower(text), "@"+strings.ToLower(username))
	return found && (rest == "" || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_", rune(rest[0])))
}
