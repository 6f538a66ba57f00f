package instagram

import (
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	maxText = 10_000 // code points; no comment of Instagram's is nearly as long
	maxName = 100    // code points of a username or a type
)

// valueReader reads a change's value.
type valueReader struct {
	*walker
	v Value
	// commentID and mediaID are the other names of ids.
	commentID, mediaID string
	// defect names the first id that is none.
	defect string
}

// value reads what changed, of whatever field. The defect is "" or names the first id that is none.
func (w *walker) value() (v Value, defect string) {
	r := valueReader{walker: w}
	for key := range r.members() {
		switch key {
		case "id":
			r.id("id", &r.v.CommentID)
		case "comment_id":
			r.id("comment_id", &r.commentID)
		case "text":
			text, ok, _ := r.scalar()
			r.v.Text, r.v.HasText = cut(text, maxText), ok
		case "parent_id":
			r.id("parent_id", &r.v.ParentID)
		case "media_id":
			r.id("media_id", &r.mediaID)
		case "from":
			r.from()
		case "media":
			r.media()
		}
	}
	if r.v.CommentID == "" {
		r.v.CommentID = r.commentID
	}
	if r.v.MediaID == "" {
		r.v.MediaID = r.mediaID
	}
	if r.noParent() {
		r.v.ParentID = ""
	}
	return r.v, r.defect
}

// noParent reports whether what stands for the comment's parent is none: 0, the comment itself, or the post of which an ad is
// a copy, as the media itself has been seen there.
func (r *valueReader) noParent() bool {
	parent := r.v.ParentID
	return strings.Trim(parent, "0") == "" || parent == r.v.CommentID || parent == r.v.OriginalMediaID
}

// id reads an id. An empty string and null are none, and no defect.
func (r *valueReader) id(name string, into *string) {
	s, ok, null := r.scalar()
	*into = s
	if r.defect == "" && (!ok && !null || s != "" && !isID(s)) {
		r.defect = name
	}
}

func (r *valueReader) from() {
	r.v.FromID, r.v.FromUsername = "", ""
	for key := range r.members() {
		switch key {
		case "id":
			r.id("from.id", &r.v.FromID)
		case "username":
			r.v.FromUsername = cut(r.word(), maxName)
		}
	}
}

func (r *valueReader) media() {
	r.v.MediaID, r.v.MediaProductType, r.v.AdID, r.v.OriginalMediaID = "", "", "", ""
	for key := range r.members() {
		switch key {
		case "id":
			r.id("media.id", &r.v.MediaID)
		case "media_product_type":
			r.v.MediaProductType = cut(r.word(), maxName)
		case "ad_id":
			r.id("media.ad_id", &r.v.AdID)
		case "original_media_id":
			r.id("media.original_media_id", &r.v.OriginalMediaID)
		}
	}
}

// isID reports whether s may stand for an object in a Graph path: digits, at most 32, with one "_" between two runs
// allowed.
func isID(s string) bool {
	digits, parts := 0, 1
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '_' && i > 0 && i < len(s)-1:
			parts++
		default:
			return false
		}
	}
	return digits > 0 && digits <= 32 && parts <= 2
}

// Between these two a time can be believed: the year before Instagram began, and one that none of this will see.
var (
	earliest = time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// entryTime reads entry.time: seconds where changes are delivered, milliseconds where messages are, a number or a
// numeric string. What is absurd is no time.
func entryTime(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(f) || math.Abs(f) > 1e15 {
			return time.Time{}
		}
		n = int64(f)
	}
	at := time.Unix(n, 0)
	if n > 1e12 {
		at = time.UnixMilli(n)
	}
	return believable(at)
}

// believable is the time in UTC, or no time where it is absurd.
func believable(at time.Time) time.Time {
	if at.Before(earliest) || at.After(latest) {
		return time.Time{}
	}
	return at.UTC()
}

// cut keeps the first n code points, and no NUL, which PostgreSQL would refuse.
func cut(s string, n int) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
