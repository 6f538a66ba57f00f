package instagramtest

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Request is a Graph call as it was received. Neither the header nor the query or form holds the token.
type Request struct {
	Method  string
	Version string // "v26.0", "" if the path had none
	Path    string // without the version
	Edge    string // "mentioned_comment", "mentioned_media", "node", "replies", "mentions", "messages", "hide", "media", "comments", "subscribed_apps", "batch"; "" for none of ours
	Account string // id of the account whose token it bore; "" for none
	Query   url.Values
	Form    url.Values
	Header  http.Header
	At      time.Time
	Status  int // of the answer; 0 if the connection was cut
}

// Reply is a public reply that was made.
type Reply struct {
	ID      string
	Account string
	Media   string
	Comment string // that it stands under; empty for an answer to a caption
	Text    string
	Edge    string            // "mentions" or "replies"
	Path    string            // without the version
	Form    map[string]string // exactly as received, without appsecret_proof and token
	At      time.Time
}

// journal is what happened.
type journal struct {
	mu       sync.Mutex
	requests []Request
	replies  []Reply
	changed  chan struct{} // closed at the next reply
	count    atomic.Int64
}

func (j *journal) init() { j.changed = make(chan struct{}) }

func (j *journal) addRequest(r Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = append(j.requests, r)
}

func (j *journal) addReply(r Reply) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.replies = append(j.replies, r)
	close(j.changed)
	j.changed = make(chan struct{})
}

// Requests are all calls so far, in the order in which they were answered; none in lean mode.
func (f *Fake) Requests() []Request {
	f.journal.mu.Lock()
	defer f.journal.mu.Unlock()
	return slices.Clone(f.journal.requests)
}

// Replies are the public replies so far, in the order in which they were made; none in lean mode.
func (f *Fake) Replies() []Reply {
	f.journal.mu.Lock()
	defer f.journal.mu.Unlock()
	return slices.Clone(f.journal.replies)
}

// ReplyCount is the number of public replies so far, in lean mode too.
func (f *Fake) ReplyCount() int { return int(f.journal.count.Load()) }

// WaitReplies waits until there are at least n replies and gives all there are. The error is the context's. It is of no
// use in lean mode.
func (f *Fake) WaitReplies(ctx context.Context, n int) ([]Reply, error) {
	for {
		f.journal.mu.Lock()
		replies, changed := slices.Clone(f.journal.replies), f.journal.changed
		f.journal.mu.Unlock()
		if len(replies) >= n {
			return replies, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return replies, context.Cause(ctx)
		}
	}
}
