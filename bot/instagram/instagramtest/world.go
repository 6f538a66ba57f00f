package instagramtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"time"
)

// Media is a post. Owner is a username, be it of one of the fake's accounts or of a stranger.
type Media struct {
	ID, Owner, Caption, Type, ProductType, Permalink string
	Timestamp                                        time.Time
	LikeCount                                        int
}

// Comment is a comment on a media.
type Comment struct {
	ID, MediaID, ParentID  string
	FromID, Username, Text string
	Timestamp              time.Time
	LikeCount              int
	Hidden                 bool
}

// world is what exists.
type world struct {
	mu        sync.RWMutex
	accounts  map[string]Account // by id
	byToken   map[string]Account
	proofs    map[string]string // by token
	appSecret []byte
	media     map[string]Media
	comments  map[string]Comment
	replies   map[string][]string // ids of the replies by the comment's id, in order
	ended     map[string]bool     // broadcasts that are over, by the media's id
}

func (w *world) init(accounts []Account, appSecret string) {
	w.accounts, w.byToken, w.proofs = map[string]Account{}, map[string]Account{}, map[string]string{}
	w.media, w.comments, w.replies = map[string]Media{}, map[string]Comment{}, map[string][]string{}
	w.ended = map[string]bool{}
	w.appSecret = []byte(appSecret)
	for _, a := range accounts {
		w.accounts[a.ID], w.byToken[a.Token] = a, a
		w.proofs[a.Token] = w.proof(a.Token)
	}
}

func (w *world) proof(token string) string {
	mac := hmac.New(sha256.New, w.appSecret)
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}

// bearer is the account that a token is of, and the proof that belongs to it.
func (w *world) bearer(token string) (account Account, proof string, known bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	account, known = w.byToken[token]
	return account, w.proofs[token], known
}

// SetToken gives an account another token. The former one is refused from now on.
func (f *Fake) SetToken(accountID, token string) {
	w := &f.world
	w.mu.Lock()
	defer w.mu.Unlock()
	a, ok := w.accounts[accountID]
	if !ok {
		return
	}
	delete(w.byToken, a.Token)
	delete(w.proofs, a.Token)
	a.Token = token
	w.accounts[a.ID], w.byToken[token], w.proofs[token] = a, a, w.proof(token)
}

// AddMedia puts a media in. What is empty is filled: the type is IMAGE, the product type FEED, the time now.
func (f *Fake) AddMedia(m Media) {
	if m.Type == "" {
		m.Type = "IMAGE"
	}
	if m.ProductType == "" {
		m.ProductType = "FEED"
	}
	if m.Timestamp.IsZero() {
		m.Timestamp = f.o.Now()
	}
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.media[m.ID] = m
}

// AddComment puts a comment in. Its time is now if it has none; a media that isn't there is a stranger's.
func (f *Fake) AddComment(c Comment) {
	if c.Timestamp.IsZero() {
		c.Timestamp = f.o.Now()
	}
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.add(c)
}

func (w *world) add(c Comment) {
	w.comments[c.ID] = c
	if c.ParentID != "" && !slices.Contains(w.replies[c.ParentID], c.ID) {
		w.replies[c.ParentID] = append(w.replies[c.ParentID], c.ID)
	}
}

// Remove takes a media or a comment away, as its author may at any time. The comments of a media go with it.
func (f *Fake) Remove(id string) {
	w := &f.world
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.media, id)
	for _, c := range w.comments {
		if c.ID == id || c.MediaID == id || c.ParentID == id {
			delete(w.comments, c.ID)
		}
	}
}

// EndBroadcast ends the broadcast that a media of product type LIVE is. Its comments can't be answered privately any more.
func (f *Fake) EndBroadcast(mediaID string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.ended[mediaID] = true
}

// isOver reports whether a media is a broadcast that was ended.
func (f *Fake) isOver(mediaID string) bool {
	f.world.mu.RLock()
	defer f.world.mu.RUnlock()
	return f.world.ended[mediaID]
}

// comment finds a comment, or invents it.
func (f *Fake) comment(id string) (Comment, bool) {
	f.world.mu.RLock()
	c, ok := f.world.comments[id]
	f.world.mu.RUnlock()
	if !ok && f.o.Invent != nil {
		return f.o.Invent(id)
	}
	return c, ok
}

// mediaOf finds a media. One that was only named by a comment is a stranger's.
func (f *Fake) mediaOf(id string) (Media, bool) {
	f.world.mu.RLock()
	defer f.world.mu.RUnlock()
	m, ok := f.world.media[id]
	return m, ok
}

// owns reports whether a media is the account's.
func (f *Fake) owns(a Account, mediaID string) bool {
	m, ok := f.mediaOf(mediaID)
	return ok && strings.EqualFold(m.Owner, a.Username)
}

// repliesTo lists the replies to a comment, oldest first.
func (f *Fake) repliesTo(id string) []Comment {
	f.world.mu.RLock()
	defer f.world.mu.RUnlock()
	var found []Comment
	for _, reply := range f.world.replies[id] {
		if c, ok := f.world.comments[reply]; ok {
			found = append(found, c)
		}
	}
	return found
}

// mentions reports whether a text mentions a username: with "@", and not as the beginning of a longer one.
func mentions(text, username string) bool {
	text, name := strings.ToLower(text), "@"+strings.ToLower(username)
	for {
		_, rest, found := strings.Cut(text, name)
		if !found {
			return false
		}
		// A dot belongs to a name only if it goes on behind it.
		if after := strings.TrimLeft(rest, "."); after == "" || !isNameByte(after[0]) {
			return true
		}
		text = rest
	}
}

func isNameByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z'
}
