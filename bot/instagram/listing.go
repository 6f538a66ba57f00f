package instagram

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Post is one of the account's own media, in a list of them.
type Post struct {
	Media
	// Comments is how many comments it has, replies included; -1 where Meta doesn't tell.
	Comments int
}

// Listed is a comment in a list of comments.
type Listed struct {
	Comment
	Hidden bool // from all but its author and the account
	// Replies are the first of the replies to it, where the list is one of top-level comments.
	Replies Page
}

// Page is a part of a list of comments.
type Page struct {
	Comments []Listed
	// After is the cursor behind which the list goes on; empty at its end.
	After string
}

// Lister are the calls that look for what is there. What Meta answers without id is left out. An error is an [*Error],
// as with [Reader]; a field that Meta refuses is left out, remembered, and empty.
type Lister interface {
	// OwnMedia lists the account's newest media, newest first, at most 50: GET /{ig-user-id}/media. Stories and
	// broadcasts are not among them.
	OwnMedia(ctx context.Context, account Account) ([]Post, error)
	// CommentsOn is a part of the top-level comments on one of the account's own media, newest first, at most 50:
	// GET /{ig-media-id}/comments. after is the cursor of the part before; empty for the first. While the app is in
	// development the list is empty, and comments on ads are never in it.
	CommentsOn(ctx context.Context, account Account, mediaID, after string) (Page, error)
	// RepliesTo is a part of the replies to a comment on own media, at most 50: GET /{ig-comment-id}/replies. after is
	// the cursor of the part before, which may be that of [Listed.Replies].
	RepliesTo(ctx context.Context, account Account, commentID, after string) (Page, error)
}

var _ Lister = (*Client)(nil)

// firstReplies is how many replies come along with each comment of a list. Most threads are shorter, and an answer with
// 50 threads of the longest comments stays below a megabyte.
const firstReplies = 20

// commentFields are what is asked of a comment in a list.
const commentFields = "text,timestamp,username,from,parent_id,hidden"

// OwnMedia is GET /{ig-user-id}/media. Source: reference "IG User Media".
func (c *Client) OwnMedia(ctx context.Context, account Account) ([]Post, error) {
	fields := []string{"timestamp", "media_product_type", "comments_count"}
	answer, err := c.list(ctx, &account, "own_media", account.ID, "media", "", fields)
	if err != nil {
		return nil, err
	}
	w := walker{s: answer}
	posts, shown := w.posts()
	if !shown {
		return nil, lacking()
	}
	return posts, nil
}

// CommentsOn is GET /{ig-media-id}/comments. Source: reference "IG Media Comments".
func (c *Client) CommentsOn(ctx context.Context, account Account, mediaID, after string) (Page, error) {
	replies := fmt.Sprintf("replies.limit(%d){id,%s}", firstReplies, commentFields)
	fields := append(strings.Split(commentFields, ","), replies)
	return c.page(ctx, &account, "comments", mediaID, "comments", after, fields)
}

// RepliesTo is GET /{ig-comment-id}/replies. Source: reference "IG Comment Replies".
func (c *Client) RepliesTo(ctx context.Context, account Account, commentID, after string) (Page, error) {
	return c.page(ctx, &account, "comment_replies", commentID, "replies", after, strings.Split(commentFields, ","))
}

func (c *Client) page(ctx context.Context, account *Account, edge, id, list, after string, fields []string) (Page, error) {
	answer, err := c.list(ctx, account, edge, id, list, after, fields)
	if err != nil {
		return Page{}, err
	}
	w := walker{s: answer}
	page, shown := w.page()
	if !shown {
		return Page{}, lacking()
	}
	return page, nil
}

// list reads a part of an edge's list, with fewer fields where Meta refuses some.
func (c *Client) list(ctx context.Context, account *Account, edge, id, list, after string, wanted []string) (string, error) {
	if !isID(id) || !isID(account.ID) {
		return "", &Error{Class: ClassPermanent, Message: "what was asked for has no id"}
	}
	q := query{account: account, edge: edge, id: id + "/" + list, suffix: "&limit=" + strconv.Itoa(threadPage)}
	if after != "" {
		q.suffix += "&after=" + url.QueryEscape(after)
	}
	for dropped := 0; ; dropped++ {
		fields := c.refusals.without(account.ID, edge, wanted, c.now())
		answer, refused, err := c.get(ctx, q, fields, dropped < maxNamed)
		switch {
		case err == nil:
			return answer, nil
		case len(refused) == 0 || dropped > maxNamed:
			return "", err
		}
		c.refusals.add(account.ID, edge, alike(refused, fields), c.now())
	}
}

// alike adds to refused fields those of the replies that go by the same names: they are comments too.
func alike(refused []string, asked []field) []string {
	all := refused
	for _, f := range asked {
		for _, sub := range f.subs {
			if nested := f.name + "." + sub; slices.Contains(refused, sub) && !slices.Contains(all, nested) {
				all = append(all, nested)
			}
		}
	}
	return all
}

// posts reads a list of media; shown is whether there was one.
func (w *walker) posts() (posts []Post, shown bool) {
	for key := range w.members() {
		if key != "data" {
			continue
		}
		posts, shown = nil, w.at() == '['
		for range w.elements() {
			again := walker{s: w.s, i: w.i}
			p := Post{Media: w.media(), Comments: -1}
			for key := range again.members() {
				if key == "comments_count" {
					p.Comments = count(again.word())
				}
			}
			if p.ID != "" {
				posts = append(posts, p)
			}
		}
	}
	return posts, shown
}

// count is a number of things; -1 if it is none.
func count(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// page reads a list of comments; shown is whether there was one.
func (w *walker) page() (page Page, shown bool) {
	var paging threadList
	for key := range w.members() {
		switch key {
		case "data":
			page.Comments, shown = nil, w.at() == '['
			for range w.elements() {
				if c := w.listed(); c.ID != "" {
					page.Comments = append(page.Comments, c)
				}
			}
		case "paging":
			paging.readPaging(w)
		}
	}
	if paging.more {
		page.After = paging.after
	}
	return page, shown
}

// listed reads a comment, and from the same text what a comment by itself isn't asked for.
func (w *walker) listed() Listed {
	again := walker{s: w.s, i: w.i}
	l := Listed{Comment: w.comment()}
	for key := range again.members() {
		switch key {
		case "hidden":
			l.Hidden = again.at() == 't'
		case "replies":
			l.Replies, _ = again.page()
		}
	}
	return l
}
