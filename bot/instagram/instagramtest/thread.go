package instagramtest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// threadRules say what of a thread is shown.
type threadRules struct {
	hidden bool
	lag    time.Duration
}

// HideThreads has the fake show no lists of comments, as where permissions lack: the replies edge is refused, and nodes
// lack their comments and replies.
func (f *Fake) HideThreads() {
	f.threads.Store(&threadRules{hidden: true})
}

// ShowThreads has the fake show lists of comments, as it does at first, but a comment only when it is that old.
func (f *Fake) ShowThreads(lag time.Duration) {
	f.threads.Store(&threadRules{lag: lag})
}

func (f *Fake) threadRules() threadRules {
	if r := f.threads.Load(); r != nil {
		return *r
	}
	return threadRules{}
}

// A list has 25 comments where no limit is asked for, and 50 at most. Source: reference "IG Media Comments".
const (
	listLimit    = 25
	maxListLimit = 50
)

// page is which part of a list is asked for.
type page struct{ first, limit int }

func readPage(limit, after string) (page, *refusal) {
	p := page{limit: listLimit}
	var err error
	if limit != "" {
		if p.limit, err = strconv.Atoi(limit); err != nil || p.limit < 1 {
			return p, ptr(invalid("Param limit must be a positive integer"))
		}
		p.limit = min(p.limit, maxListLimit)
	}
	if after != "" {
		if p.first, err = strconv.Atoi(strings.TrimPrefix(after, cursor)); err != nil || !strings.HasPrefix(after, cursor) {
			return p, ptr(invalid("Invalid cursors values"))
		}
	}
	return p, nil
}

// cursor begins all cursors; what follows is opaque to others.
const cursor = "QVFI="

// getReplies lists the replies to a comment on the account's own media.
func (f *Fake) getReplies(c *call, fields []field) ([]byte, *refusal) {
	comment, ok := f.comment(c.node)
	if !ok || !f.owns(c.account, comment.MediaID) || f.threadRules().hidden {
		return nil, ptr(missing("get", c.node))
	}
	p, refused := readPage(c.Query.Get("limit"), c.Query.Get("after"))
	if refused != nil {
		return nil, refused
	}
	if f.o.InDevelopment {
		return []byte(`{"data":[]}`), nil
	}
	return f.renderList(f.repliesTo(c.node), p, fields)
}

// commentsOn are the top-level comments on a media, newest first.
func (f *Fake) commentsOn(mediaID string) []Comment {
	f.world.mu.RLock()
	defer f.world.mu.RUnlock()
	var found []Comment
	for _, c := range f.world.comments {
		if c.MediaID == mediaID && (c.ParentID == "" || c.ParentID == mediaID) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b Comment) int {
		return cmp.Or(b.Timestamp.Compare(a.Timestamp), cmp.Compare(b.ID, a.ID))
	})
	return found
}

// renderList writes one page of a list with its cursors. The link to the next page is there where there is one.
func (f *Fake) renderList(all []Comment, p page, fields []field, without ...string) ([]byte, *refusal) {
	now, lag := f.o.Now(), f.threadRules().lag
	all = slices.DeleteFunc(all, func(c Comment) bool { return lag > 0 && now.Sub(c.Timestamp) < lag })
	first := min(p.first, len(all))
	last := min(first+p.limit, len(all))
	b := []byte(`{"data":[`)
	for i, c := range all[first:last] {
		if i > 0 {
			b = append(b, ',')
		}
		node, refused := f.renderComment(c, fields, without...)
		if refused != nil {
			return nil, refused
		}
		b = append(b, node...)
	}
	return append(f.appendPaging(append(b, ']'), first, last, len(all)), '}'), nil
}

// appendList writes an edge as a field of a node. As with Meta it lacks where the list is empty.
func (f *Fake) appendList(b []byte, fd field, all []Comment, without ...string) ([]byte, *refusal) {
	if len(all) == 0 || f.threadRules().hidden || f.o.InDevelopment {
		return b, nil
	}
	p, refused := readPage(fd.arguments["limit"], fd.arguments["after"])
	if refused != nil {
		return nil, refused
	}
	list, refused := f.renderList(all, p, fd.subs, without...)
	return append(appendKey(b, fd.name), list...), refused
}
