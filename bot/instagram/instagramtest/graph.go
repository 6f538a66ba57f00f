package instagramtest

import (
	"crypto/hmac"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/platform"
	"github.com/sirupsen/logrus"
)

// maxBody bounds a form.
const maxBody = 1 << 20

// call is a Graph call in work.
type call struct {
	Request
	account Account
	token   string // whose it is
	trace   string
	host    platform.Login // whose Graph API was called
	node    string         // the id in the path
	edge    string         // what follows it
	app     bool           // the token is the app's own
	page    bool           // the token is that of the account's Page
}

var version = regexp.MustCompile(`^/v\d+\.\d+(/|$)`)

// serve answers one call.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	c, refused := f.read(r)
	fault, struck := f.fault(&c.Request)
	if struck && fault.Delay > 0 && !f.sleep(r, fault.Delay, fault.Deaf) {
		panic(http.ErrAbortHandler)
	}
	if struck && fault.CutBefore {
		f.record(c, 0)
		panic(http.ErrAbortHandler)
	}
	var a answer
	if struck && fault.answers() && !fault.Effect && !fault.CutAfter {
		a = fault.answer(c.trace)
	} else {
		a = f.dispatch(&c, refused)
		if struck && fault.answers() {
			a = fault.answer(c.trace)
		}
	}
	if struck && fault.CutAfter {
		f.record(c, 0)
		panic(http.ErrAbortHandler)
	}
	f.record(c, a.status)
	header := w.Header()
	header.Set("Date", f.o.Now().UTC().Format(http.TimeFormat))
	if struck {
		for key, values := range fault.Header {
			header[http.CanonicalHeaderKey(key)] = values
		}
	}
	header["Content-Type"] = jsonType
	header["X-Fb-Trace-Id"] = []string{c.trace}
	header["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	w.WriteHeader(a.status)
	if struck && fault.Half {
		_, _ = w.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(a.body)
}

var jsonType = []string{"application/json; charset=UTF-8"}

// sleep waits, unless the caller or the fake goes away.
func (f *Fake) sleep(r *http.Request, d time.Duration, deaf bool) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	gone := r.Context().Done()
	if deaf {
		gone = nil
	}
	select {
	case <-timer.C:
		return true
	case <-gone:
	case <-f.ctx.Done():
	}
	return false
}

func (f *Fake) record(c call, status int) {
	c.Status = status
	if f.o.Log != nil {
		f.o.Log.WithFields(logrus.Fields{"method": c.Method, "path": c.Path, "status": status}).Debug("graph call")
	}
	if !f.o.Lean {
		f.journal.addRequest(c.Request)
	}
}

// read takes a call apart and finds out whose it is. The refusal is that of a bad token or proof.
func (f *Fake) read(r *http.Request) (c call, refused *refusal) {
	c.Method, c.Path, c.At = r.Method, r.URL.Path, f.o.Now()
	c.host, c.Path = hostOf(c.Path)
	c.trace = "A" + strconv.FormatInt(f.ids.Load(), 36) + strconv.FormatInt(c.At.UnixNano(), 36)
	if m := version.FindString(c.Path); m != "" {
		c.Version = strings.Trim(m, "/")
		c.Path = c.Path[1+len(c.Version):]
	}
	c.node, c.edge, _ = strings.Cut(strings.TrimPrefix(c.Path, "/"), "/")
	c.Query, _ = url.ParseQuery(r.URL.RawQuery)
	c.Form = url.Values{}
	if r.Method == http.MethodPost {
		c.Form = readForm(r)
	}
	c.Edge = edgeOf(&c)
	refused = f.authorize(&c, r.Header)
	if !f.o.Lean {
		c.Header = r.Header.Clone()
		c.Header.Del("Authorization")
	}
	return c, refused
}

func edgeOf(c *call) string {
	fields := c.Query.Get("fields")
	switch {
	case c.edge == "" && strings.Contains(fields, "mentioned_comment."):
		return "mentioned_comment"
	case c.edge == "" && strings.Contains(fields, "mentioned_media."):
		return "mentioned_media"
	case c.edge == "" && c.node == "" && c.Form.Has("batch"):
		return "batch"
	case c.Method == http.MethodPost && c.edge == "" && (c.Form.Has("hide") || c.Query.Has("hide")):
		return "hide"
	case isRefresh(c) || c.edge == "" && c.node == "debug_token":
		return c.node
	case c.edge == "" && c.node != "":
		return "node"
	}
	switch c.edge {
	case "mentions", "replies", "messages", "media", "comments", "subscribed_apps", "subscriptions":
		return c.edge
	}
	return ""
}

// authorize checks token and appsecret_proof and takes both away.
func (f *Fake) authorize(c *call, header http.Header) *refusal {
	token, ok := strings.CutPrefix(header.Get("Authorization"), "Bearer ")
	if !ok {
		token = take(c, "access_token")
	}
	proof := take(c, "appsecret_proof")
	if token == "" {
		return &refusal{code: 190, message: "An access token is required to request this resource."}
	}
	c.token = token
	account, known, ok := f.bearer(c, token)
	if !ok {
		return &refusal{code: 190, message: "Invalid OAuth access token - Cannot parse access token"}
	}
	if refused := f.ended(token); refused != nil {
		return refused
	}
	if account.Login != "" && account.Login != c.host {
		return &refusal{code: 190, message: "Invalid OAuth access token - Cannot parse access token"}
	}
	switch {
	case proof == "" && f.o.RequireProof:
		return &refusal{code: 100, kind: "GraphMethodException", message: "API calls from the server require an appsecret_proof argument"}
	case proof != "" && !hmac.Equal([]byte(proof), []byte(known)):
		return &refusal{code: 100, kind: "GraphMethodException", message: "Invalid appsecret_proof provided in the API argument"}
	}
	c.account, c.Account = account, account.ID
	return nil
}

// take takes a parameter out of query and form.
func take(c *call, name string) string {
	value := c.Form.Get(name)
	if value == "" {
		value = c.Query.Get(name)
	}
	delete(c.Form, name)
	delete(c.Query, name)
	return value
}

// dispatch does what is asked.
func (f *Fake) dispatch(c *call, refused *refusal) answer {
	if refused != nil {
		return refused.at(c.host).answer(c.trace)
	}
	var a answer
	switch {
	case isRefresh(c):
		a, refused = f.refresh(c)
	case c.isTied(f):
		a, refused = f.tied(c)
	case c.Method == http.MethodGet:
		a, refused = f.get(c)
	case c.Method == http.MethodPost && c.edge == "mentions":
		a, refused = f.postMention(c)
	case c.Method == http.MethodPost && c.edge == "replies":
		a, refused = f.postReply(c)
	case c.Method == http.MethodPost && c.edge == "messages":
		a, refused = f.postMessage(c)
	case c.Method == http.MethodPost && c.Edge == "hide":
		a, refused = f.postComment(c)
	default:
		unsupported := missing(strings.ToLower(c.Method), c.node)
		refused = &unsupported
	}
	if refused != nil {
		return refused.at(c.host).answer(c.trace)
	}
	return a
}
