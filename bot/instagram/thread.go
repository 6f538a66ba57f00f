package instagram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Thread is what Meta shows of the answers to a comment or a media.
type Thread struct {
	// Replies are the answers, in no certain order.
	Replies []Comment
	// Complete says that all that is shown to the account is there: no page lacks, and no answer its author.
	Complete bool
}

// ThreadReader reads back what was said. An error is an [*Error], as with [Reader].
type ThreadReader interface {
	// Replies reads the answers to a comment on the account's own media: GET /{ig-comment-id}/replies. Those to a reply
	// are read where Meta hangs them, under its top-level comment. Where there are none, and it can't be told whether
	// that is so or they are only not shown, the thread isn't complete.
	Replies(ctx context.Context, account Account, commentID string) (Thread, error)
	// MentionedThread reads the answers on media of others whose caption mentions the account: the comments on the media,
	// or, with a commentID, the answers to that one. Meta shows neither for other media, and doesn't say that it shows
	// the answers to a comment at all: where they lack the thread isn't complete.
	MentionedThread(ctx context.Context, account Account, mediaID, commentID string) (Thread, error)
}

var _ ThreadReader = (*Client)(nil)

const (
	// threadPage is how many answers are asked for at once: the most that Meta gives. Source: reference "IG Media
	// Comments".
	threadPage = 50
	// threadPages is how many pages are read; a thread with more is not complete.
	threadPages = 5
)

// Replies is GET /{ig-comment-id}/replies. An empty list is believed only where one is shown that can't be empty: of a
// reply the one that it stands in itself, as Meta knows two levels only, of any other comment the one of its media. While
// an app is in development lists are empty, and comments on ads are in none. Sources: references "IG Comment Replies" and
// "IG Media Comments".
func (c *Client) Replies(ctx context.Context, account Account, commentID string) (Thread, error) {
	if !isID(commentID) || !isID(account.ID) {
		return Thread{}, &Error{Class: ClassPermanent, Message: "what was asked for has no id"}
	}
	thread, err := c.repliesUnder(ctx, &account, commentID)
	if err != nil || !thread.Complete || len(thread.Replies) > 0 {
		return thread, err
	}
	above, err := c.threadAbove(ctx, account, commentID)
	var e *Error
	switch {
	case errors.As(err, &e) && (e.Class == ClassGone || e.Class == ClassPermanent):
		return Thread{}, nil
	case err != nil:
		return Thread{}, err
	default:
		return above, nil
	}
}

// threadAbove is the thread of a comment without answers of its own, by what stands above it.
func (c *Client) threadAbove(ctx context.Context, account Account, commentID string) (Thread, error) {
	node, err := c.Comment(ctx, account, commentID, []string{"parent_id", "media{id}"})
	switch {
	case err != nil:
		return Thread{}, err
	case node.ParentID != "" && node.ParentID != node.Media.ID:
		thread, err := c.repliesUnder(ctx, &account, node.ParentID)
		thread.Complete = thread.Complete && len(thread.Replies) > 0
		return thread, err
	case node.Media.ID == "" || c.refusals.has(account.ID, "comment", "parent_id", c.now()):
		return Thread{}, nil
	}
	page, err := c.page(ctx, &account, "comments", node.Media.ID, "comments", "", []string{"timestamp"})
	return Thread{Complete: len(page.Comments) > 0}, err
}

// repliesUnder reads the list at a comment. Pages are turned by cursor.
func (c *Client) repliesUnder(ctx context.Context, account *Account, commentID string) (Thread, error) {
	var thread Thread
	after := ""
	for range threadPages {
		page, err := c.repliesPage(ctx, account, commentID, after)
		if err != nil {
			return Thread{}, err
		}
		thread.Replies = append(thread.Replies, page.replies...)
		if after = page.after; !page.more {
			thread.Complete = allSigned(thread.Replies)
			return thread, nil
		}
		if after == "" {
			break
		}
	}
	return thread, nil
}

func (c *Client) repliesPage(ctx context.Context, account *Account, commentID, after string) (threadList, error) {
	q := query{account: account, edge: "thread", id: commentID + "/replies", suffix: "&limit=" + strconv.Itoa(threadPage)}
	if after != "" {
		q.suffix += "&after=" + url.QueryEscape(after)
	}
	for dropped := 0; ; dropped++ {
		fields := c.refusals.without(account.ID, q.edge, []string{"text", "timestamp", "username", "from"}, c.now())
		answer, refused, err := c.get(ctx, q, fields, dropped < maxNamed)
		switch {
		case err == nil:
			return listOf(answer)
		case len(refused) == 0 || dropped > maxNamed:
			return threadList{}, err
		}
		c.refusals.add(account.ID, q.edge, refused, c.now())
	}
}

func listOf(answer string) (threadList, error) {
	w := walker{s: answer}
	list := w.thread()
	if !list.shown {
		return list, &Error{Class: ClassRetry, Status: http.StatusOK, Message: "the answer lacks what was asked for"}
	}
	return list, nil
}

// MentionedThread is GET /{ig-user-id}?fields=mentioned_media.media_id(…){comments{…}}. Source: reference "IG User
// Mentioned Media".
func (c *Client) MentionedThread(ctx context.Context, account Account, mediaID, commentID string) (Thread, error) {
	if !isID(mediaID) || !isID(account.ID) || commentID != "" && !isID(commentID) {
		return Thread{}, &Error{Class: ClassPermanent, Message: "what was asked for has no id"}
	}
	asked := "id,text,timestamp,username"
	if commentID != "" {
		asked += fmt.Sprintf(",replies.limit(%d){%s}", threadPage, asked)
	}
	q := query{account: &account, edge: "mentioned_media", parameter: "media_id", id: mediaID}
	comments := field{name: fmt.Sprintf("comments.limit(%d)", threadPage), subs: []string{escapeBraces.Replace(asked)}}
	answer, _, err := c.get(ctx, q, []field{{name: "id"}, comments}, false)
	if err != nil {
		return Thread{}, err
	}
	var list threadList
	w := walker{s: answer}
	for key := range w.members() {
		if key == q.edge {
			list = w.mentionedThread(mediaID)
		}
	}
	if commentID != "" {
		list = list.under[commentID]
	}
	return Thread{Replies: list.replies, Complete: list.shown && !list.more && allSigned(list.replies)}, nil
}

var escapeBraces = strings.NewReplacer("{", "%7B", "}", "%7D")

// allSigned reports whether every answer has an author.
func allSigned(replies []Comment) bool {
	for _, r := range replies {
		if r.FromID == "" && r.Username == "" {
			return false
		}
	}
	return true
}

// threadList is an edge of comments: {"data": […], "paging": {…}}.
type threadList struct {
	shown   bool // there was an array, be it an empty one
	replies []Comment
	under   map[string]threadList // the answers to each, where they were told
	more    bool
	after   string // the cursor of the next page
}

// mentionedThread reads the comments of the media's node; nothing is shown if it is another media's.
func (w *walker) mentionedThread(mediaID string) threadList {
	var list threadList
	id := ""
	for key := range w.members() {
		switch key {
		case "id":
			id = w.id()
		case "comments":
			list = w.thread()
		}
	}
	if id != mediaID {
		return threadList{}
	}
	return list
}

func (w *walker) thread() threadList {
	list := threadList{under: map[string]threadList{}}
	for key := range w.members() {
		switch key {
		case "data":
			list.shown = w.at() == '['
			for range w.elements() {
				w.threadComment(&list)
			}
		case "paging":
			list.readPaging(w)
		}
	}
	return list
}

// threadComment reads a comment and, from the same text, the answers to it.
func (w *walker) threadComment(list *threadList) {
	nested := walker{s: w.s, i: w.i}
	c := w.comment()
	list.replies = append(list.replies, c)
	for key := range nested.members() {
		if key == "replies" {
			list.under[c.ID] = nested.thread()
		}
	}
}

// readPaging finds out whether there is a next page. Its link is never followed: it would carry a token.
func (l *threadList) readPaging(w *walker) {
	for key := range w.members() {
		switch key {
		case "next":
			l.more = w.word() != ""
		case "cursors":
			for cursor := range w.members() {
				if cursor == "after" {
					l.after = w.word()
				}
			}
		}
	}
}
