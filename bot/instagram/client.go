package instagram

import (
	"context"
	"net/http"
	"time"

	"github.com/answerback/answerback/rules/platform"
)

// Account is one that the bot answers for, with what is needed to speak in its name.
type Account struct {
	ID          string // what notifications bear as entry.id, and the node in Graph paths
	Aliases     []string
	Username    string
	AccessToken string
	AppSecret   string // makes appsecret_proof; empty: none is sent
	GraphURL    string // "https://graph.facebook.com"
	Login       platform.Login
	PageID      string // of the Facebook Page that the account is linked to; empty where unknown
}

// ids are all that the account is known by.
func (a *Account) ids() []string { return append([]string{a.ID}, a.Aliases...) }

// Options are what a client needs.
type Options struct {
	Version string        // "v26.0", put in front of every path
	Timeout time.Duration // of one call; 0: 20 seconds
	// Transport carries the calls; nil for one of its own. It must not repeat requests by itself. Only of the client's
	// own can it always be told that a write that failed was never sent.
	Transport http.RoundTripper
	// Observe is told of each call when it has ended; may be nil. It is called by many goroutines.
	Observe func(Call)
	// Now is the clock; nil: the real one.
	Now func() time.Time
}

// Call is one Graph call that has ended.
type Call struct {
	Account string // its id; "" for a call in the name of the app
	// Edge is "mentioned_comment", "mentioned_media", "comment", "media", "mentions", "replies", "messages", "hide";
	// "thread" reads replies back; "own_media", "comments", "comment_replies" look for what is there;
	// "refresh_access_token", "debug_token" are about the token; "profile", "page", "subscribed_apps" ask about the
	// account itself.
	Edge    string
	Class   Class // ClassOK if it went well
	Took    time.Duration
	TraceID string
	// Date is the answer's, by Meta's clock, in whole seconds; zero if there was no answer, or it told none.
	Date time.Time
	// Usage is what the answer's headers told of Meta's limits; zero if they told nothing.
	Usage Usage
	// Refused are fields that Meta refused, as "username" or "media.caption". They are left out for the account and
	// edge from then on, and tried again after an hour. An edge that isn't served to the account stands there by its name.
	Refused []string
}

// Comment is a comment as the Graph API tells it; what lacks is empty.
type Comment struct {
	ID, Text, Username, FromID, ParentID string
	Timestamp                            time.Time
	LikeCount                            int
	Hidden                               bool // from everybody but its author; false where Meta doesn't tell
	Media                                Media
}

// Media is a media as the Graph API tells it; what lacks is empty.
type Media struct {
	ID, Caption, Type, ProductType, Permalink, Username string
	Timestamp                                           time.Time
}

// Reader are the calls that read. fields are Graph field names as in "id", "text", "media{id,caption}"; "id" is always
// asked for. Those that Meta refuses for the account are left out, remembered, and reported to [Options.Observe]; what
// they would have told is empty. An error is an [*Error]; what is answered about another object is one too.
type Reader interface {
	// MentionedComment reads a comment on media of others that mentions the account.
	MentionedComment(ctx context.Context, account Account, commentID string, fields []string) (Comment, error)
	// MentionedMedia reads media of others whose caption mentions the account.
	MentionedMedia(ctx context.Context, account Account, mediaID string, fields []string) (Media, error)
	// Comment reads a comment on the account's own media: GET /{ig-comment-id}.
	Comment(ctx context.Context, account Account, commentID string, fields []string) (Comment, error)
	// Media reads one of the account's own media: GET /{ig-media-id}.
	Media(ctx context.Context, account Account, mediaID string, fields []string) (Media, error)
}

// Writer is the call that says or does something: it sends the request once, whatever happens, and gives Meta's id of
// what was made, if something is. An error is an [*Error]; its class tells whether it may be sent again.
type Writer interface {
	Write(ctx context.Context, account Account, request platform.Request) (id string, err error)
}

// Client calls the Graph API. It is a [Reader] and a [Writer], safe for concurrent use. It follows no redirects, which
// would carry the token elsewhere and repeat what was said, and puts no token in a URL.
type Client struct {
	prefix     string
	timeout    time.Duration
	transport  http.RoundTripper
	traced     bool // the transport tells when it writes
	observe    func(Call)
	now        func() time.Time
	identities identities
	refusals   refusals
	buffers    buffers
}

var (
	_ Reader = (*Client)(nil)
	_ Writer = (*Client)(nil)
)

const defaultTimeout = 20 * time.Second

// NewClient makes a client.
func NewClient(o Options) *Client {
	c := &Client{timeout: o.Timeout, transport: o.Transport, observe: o.Observe, now: o.Now}
	if o.Version != "" {
		c.prefix = "/" + o.Version
	}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	if c.transport == nil {
		c.transport = newTransport()
	}
	_, c.traced = c.transport.(*http.Transport)
	if c.observe == nil {
		c.observe = func(Call) {}
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c
}

// Close drops the connections that are idle.
func (c *Client) Close() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
