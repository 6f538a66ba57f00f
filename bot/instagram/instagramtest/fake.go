// Package instagramtest is a fake Instagram: the Graph API as far as answerback uses it, on a loopback address, as
// strict as the real one about tokens, parameters, lengths and who may read what; and a sender of signed notifications
// that batches and retries as Meta does. It serves tests, the demo and benchmarks.
//
// A [Fake] holds media and comments that were put in, remembers what it was asked and what was said, and fails on
// demand. It never talks to anyone but the addresses that it is given.
package instagramtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/rules/platform"
	"github.com/sirupsen/logrus"
)

// Account is a professional account of the fake's.
type Account struct {
	ID       string
	Username string
	Token    string // its access token
	// Login is how its owner let the app in: with Instagram Login the Graph API is at InstagramURL and lacks some fields,
	// with Facebook Login it is at URL. Without one the account is served as with Facebook Login at both.
	Login platform.Login
	// PageID is the Page that it is linked to: where private replies go out from with Facebook Login.
	PageID string
}

// Options are what a fake needs.
type Options struct {
	Accounts []Account
	// AppID is the app's; only with it can debug_token be asked.
	AppID string
	// AppSecret signs notifications and checks appsecret_proof.
	AppSecret string
	// RequireProof refuses calls without appsecret_proof, as the app's setting "Require App Secret" does. A wrong proof
	// is always refused.
	RequireProof bool
	// RefuseFields are fields that don't exist for the app, as "username": asking for one is error 100.
	RefuseFields []string
	// MentionsWithInstagramLogin serves mentioned_comment and mentioned_media to accounts with Instagram Login too, for
	// which Meta doesn't document them; without it they don't exist there.
	MentionsWithInstagramLogin bool
	// StripMentions tells captions without the "@" of the account's mention, as Meta's reference has it; its guide has
	// the "@".
	StripMentions bool
	// InDevelopment shows no comments in lists, as Meta does before an app is live.
	InDevelopment bool
	// Lean keeps no log of requests and replies, so that a benchmark measures the daemon. OnReply is still called.
	Lean bool
	// OnReply is told each public reply when it is made; may be nil. It is called by many goroutines.
	OnReply func(Reply)
	// Chance has requests fail that no fault given to Fail strikes; may be nil. It is called by many goroutines.
	Chance func(Request) (Fault, bool)
	// Invent makes a comment that was not put in; may be nil. It is called by many goroutines.
	Invent func(commentID string) (Comment, bool)
	// Address is where the fake listens; "" is a free port of 127.0.0.1.
	Address string
	// Notices says how notifications are sent; its Secret is AppSecret if it is empty, its Now is Now.
	Notices SenderOptions
	// Now is the clock; nil: the real one.
	Now func() time.Time
	// Log is told, at debug, what was asked; may be nil.
	Log logrus.FieldLogger
}

// Fake is a fake Instagram that is being served.
type Fake struct {
	o        Options
	world    world
	ties     ties
	faults   faults
	journal  journal
	sender   *Sender
	echo     atomic.Pointer[string]
	threads  atomic.Pointer[threadRules]
	ids      atomic.Int64
	lives    lives
	messages messages

	server *http.Server
	url    string
	stop   context.CancelFunc
	ctx    context.Context
	work   sync.WaitGroup
}

// New starts a fake. As with httptest.NewServer, it panics if it can't listen.
func New(o Options) *Fake {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	if o.Notices.Secret == "" {
		o.Notices.Secret = o.AppSecret
	}
	if o.Notices.Now == nil {
		o.Notices.Now = o.Now
	}
	listener, err := net.Listen("tcp", o.Address)
	if err != nil {
		panic(fmt.Sprintf("instagramtest: listen: %v", err))
	}
	f := &Fake{o: o, sender: NewSender(o.Notices), url: "http://" + listener.Addr().String()}
	f.ctx, f.stop = context.WithCancel(context.Background())
	f.world.init(o.Accounts, o.AppSecret)
	f.ids.Store(firstMadeID - 1)
	f.journal.init()
	f.server = &http.Server{Handler: http.HandlerFunc(f.serve), ReadHeaderTimeout: 10 * time.Second}
	f.work.Go(func() { _ = f.server.Serve(listener) })
	return f
}

// URL is what the Graph API is called by, as "http://127.0.0.1:40123".
func (f *Fake) URL() string { return f.url }

// InstagramURL is what the Graph API of accounts with Instagram Login is called by, as graph.instagram.com is.
func (f *Fake) InstagramURL() string { return f.url + instagramPath }

// Close ends the fake at once and waits for what it started.
func (f *Fake) Close() {
	f.stop()
	_ = f.server.Close()
	f.work.Wait()
	f.sender.Close()
}

// firstMadeID is the id of the first comment that is made: that of the reply in Meta's guide.
const firstMadeID = 17911496353086895

// nextID makes an id.
func (f *Fake) nextID() string { return fmt.Sprint(f.ids.Add(1)) }
