// Package event is what a rule may look at: one mention or comment with what is known of it, in one shape for the
// daemon, the expressions, the templates, the cases of authors and the records.
package event

import (
	"time"

	"github.com/answerback/answerback/rules/platform"
)

// Event is everything that a rule may look at and nothing else: the environment of expressions, the data of
// templates, the JSON of records. A missing value is empty, never nil. Fields under "of the text" are derived; see
// [Event.Derive].
type Event struct {
	Kind platform.Kind `json:"kind" expr:"kind"`
	// ID names the event for good: account, class and comment or media id, as in "17841405726653026/comment/178…".
	// It is the dedupe key, and what variants and delays are drawn from.
	ID string `json:"id" expr:"id"`
	// Time is when it happened: the comment's own timestamp where known, else the notification's time.
	Time time.Time `json:"time" expr:"time"`
	// Text is the comment's text; for a caption mention the caption.
	Text string `json:"text" expr:"text"`

	Words      []string `json:"words" expr:"words"`             // of the text, as written, without signs
	Hashtags   []string `json:"hashtags" expr:"hashtags"`       // of the text, without #, folded
	Mentions   []string `json:"mentions" expr:"mentions"`       // of the text, without @, folded
	URLs       []string `json:"urls" expr:"urls"`               // of the text
	Emojis     []string `json:"emojis" expr:"emojis"`           // of the text, one grapheme each
	MentionsMe bool     `json:"mentions_me" expr:"mentions_me"` // a mention by its kind, or the account's username among the mentions

	From    From    `json:"from" expr:"from"`
	Comment Comment `json:"comment" expr:"comment"`
	Media   Media   `json:"media" expr:"media"`
	Account Account `json:"account" expr:"account"`
	History History `json:"history" expr:"history"`
	Story   Story   `json:"story" expr:"story"`
}

// From is the author. Both are empty where Meta doesn't tell.
type From struct {
	ID       string `json:"id" expr:"id"`
	Username string `json:"username" expr:"username"`
}

// Comment is the comment that the event is about; empty for a caption mention.
type Comment struct {
	ID        string `json:"id" expr:"id"`
	ParentID  string `json:"parent_id" expr:"parent_id"`
	IsReply   bool   `json:"is_reply" expr:"is_reply"`
	LikeCount int    `json:"like_count" expr:"like_count"`
}

// Media is the media under or in which it happened.
type Media struct {
	ID          string   `json:"id" expr:"id"`
	Type        string   `json:"type" expr:"type"`                 // IMAGE, VIDEO, CAROUSEL_ALBUM
	ProductType string   `json:"product_type" expr:"product_type"` // FEED, REELS, STORY, AD, LIVE
	Caption     string   `json:"caption" expr:"caption"`
	Permalink   string   `json:"permalink" expr:"permalink"`
	Owner       string   `json:"owner" expr:"owner"` // username of the owner
	IsOwn       bool     `json:"is_own" expr:"is_own"`
	IsAd        bool     `json:"is_ad" expr:"is_ad"`
	OriginalID  string   `json:"original_id" expr:"original_id"` // an ad's original media; empty else
	Hashtags    []string `json:"hashtags" expr:"hashtags"`       // of the caption, without #, folded
}

// Account is the account of ours that the event came to.
type Account struct {
	ID       string `json:"id" expr:"id"`
	Username string `json:"username" expr:"username"`
}

// History is what the ledger knows: the account's public replies that were posted or may have been, within the
// configured retention, without this event's own.
type History struct {
	UserReplies   int `json:"user_replies" expr:"user_replies"`     // to the author; 0 if that is unknown
	MediaReplies  int `json:"media_replies" expr:"media_replies"`   // on the media
	ThreadReplies int `json:"thread_replies" expr:"thread_replies"` // in the conversation
}

// Story are the metrics of a story that has ended, for story_insights. Each is optional: Known lists those that came,
// as they are called here. -1 is Meta's way to say "below 5".
type Story struct {
	Known       []string `json:"known" expr:"known"`
	Reach       int      `json:"reach" expr:"reach"`
	Replies     int      `json:"replies" expr:"replies"`
	Exits       int      `json:"exits" expr:"exits"`
	TapsForward int      `json:"taps_forward" expr:"taps_forward"`
	TapsBack    int      `json:"taps_back" expr:"taps_back"`
	Impressions int      `json:"impressions" expr:"impressions"`
	Views       int      `json:"views" expr:"views"`
}

// Target is where a public reply to the event goes.
func (e *Event) Target() platform.Target {
	return platform.Target{Kind: e.Kind, Account: e.Account.ID, Comment: e.Comment.ID, Parent: e.Comment.ParentID, Media: e.Media.ID}
}
