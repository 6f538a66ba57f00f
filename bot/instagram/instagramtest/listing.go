package instagramtest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// getMedia lists the account's own media, newest first; stories are not among them. Source: reference "IG User Media".
func (f *Fake) getMedia(c *call, fields []field) ([]byte, *refusal) {
	if c.node != c.account.ID {
		return nil, ptr(missing("get", c.node))
	}
	p, refused := readPage(c.Query.Get("limit"), c.Query.Get("after"))
	if refused != nil {
		return nil, refused
	}
	all := f.mediaBy(c.account)
	first := min(p.first, len(all))
	last := min(first+p.limit, len(all))
	b := []byte(`{"data":[`)
	for i, m := range all[first:last] {
		if i > 0 {
			b = append(b, ',')
		}
		node, refused := f.renderMedia(m, fields)
		if refused != nil {
			return nil, refused
		}
		b = append(b, node...)
	}
	return append(f.appendPaging(append(b, ']'), first, last, len(all)), '}'), nil
}

// mediaBy are the media of an account, newest first. An ad's copy of a post is not among them.
func (f *Fake) mediaBy(a Account) []Media {
	f.world.mu.RLock()
	defer f.world.mu.RUnlock()
	var found []Media
	for _, m := range f.world.media {
		if strings.EqualFold(m.Owner, a.Username) && !slices.Contains([]string{"STORY", "LIVE", "AD"}, m.ProductType) {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b Media) int {
		return cmp.Or(b.Timestamp.Compare(a.Timestamp), cmp.Compare(b.ID, a.ID))
	})
	return found
}

// getComments lists the top-level comments on one of the account's own media, newest first. While the app is in
// development there are none, and those on ads are in no list. Source: reference "IG Media Comments".
func (f *Fake) getComments(c *call, fields []field) ([]byte, *refusal) {
	if !f.owns(c.account, c.node) || f.threadRules().hidden {
		return nil, ptr(missing("get", c.node))
	}
	p, refused := readPage(c.Query.Get("limit"), c.Query.Get("after"))
	if refused != nil {
		return nil, refused
	}
	if media, _ := f.mediaOf(c.node); f.o.InDevelopment || media.ProductType == "AD" {
		return []byte(`{"data":[]}`), nil
	}
	return f.renderList(f.commentsOn(c.node), p, fields)
}

// countComments counts the comments on a media, replies included. Source: reference "IG Media", comments_count.
func (f *Fake) countComments(mediaID string) int {
	f.world.mu.RLock()
	defer f.world.mu.RUnlock()
	n := 0
	for _, c := range f.world.comments {
		if c.MediaID == mediaID {
			n++
		}
	}
	return n
}

// appendPaging writes the cursors behind a list. The link to the next page is there where there is one.
func (f *Fake) appendPaging(b []byte, first, last, all int) []byte {
	if last == first {
		return b
	}
	b = append(b, `,"paging":{"cursors":{"after":`...)
	b = append(appendString(b, cursor+strconv.Itoa(last)), '}')
	if last < all {
		b = appendString(append(b, `,"next":`...), f.url+"/next?access_token=leaked")
	}
	return append(b, '}')
}
