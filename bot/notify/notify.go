// Package notify tells people: it posts a note, as JSON that Slack and whatever takes the same understand, to a place
// that the configuration names, at least once under a stable id. Whoever knows a place's URL can post there, so that no
// URL, nor a part of one, is in any error or log of this package.
package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Note is what people are told.
type Note struct {
	Text  string // plain; what the place could take for markup is escaped when it is posted
	Rule  string // that wants it told
	Event string // number of the event that it is about
	ID    string // the same each time that the note is posted
}

// ErrNoPlace says that the configuration names no such place.
var ErrNoPlace = errors.New("the configuration names no such place")

// Error is a note that a place didn't take.
type Error struct {
	Status int // HTTP; 0 if there was no answer
	// Refused says that the place will not take it later either.
	Refused bool
	// RetryAfter is how long the place asked to be left alone; 0 if it didn't.
	RetryAfter time.Duration
	message    string
}

func (e *Error) Error() string { return e.message }

// Options are what a client needs.
type Options struct {
	Places  map[string]string // URLs by name
	Timeout time.Duration     // of one post; 0: 10 seconds
	// Transport carries the posts; nil for one of its own.
	Transport http.RoundTripper
}

// Client posts notes. It follows no redirects, and is safe for concurrent use.
type Client struct {
	places    atomic.Pointer[map[string]string]
	timeout   time.Duration
	transport http.RoundTripper
}

// New makes a client.
func New(o Options) *Client {
	c := &Client{timeout: o.Timeout, transport: o.Transport}
	if c.timeout <= 0 {
		c.timeout = 10 * time.Second
	}
	if c.transport == nil {
		c.transport = &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: c.timeout, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		}
	}
	c.SetPlaces(o.Places)
	return c
}

// SetPlaces puts other places, URLs by name, in the place of those that the client has.
func (c *Client) SetPlaces(places map[string]string) { c.places.Store(&places) }

// Close drops the connections that are idle.
func (c *Client) Close() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Post posts a note once. The error is [ErrNoPlace] or an [*Error].
func (c *Client) Post(ctx context.Context, place string, note Note) error {
	address, ok := (*c.places.Load())[place]
	if !ok {
		return ErrNoPlace
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := request(ctx, address, note)
	if err != nil {
		return &Error{Refused: true, message: "the place's URL can't be posted to"} // err quotes it
	}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return &Error{message: "no answer: " + fault(err)}
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	_ = resp.Body.Close()
	return judge(resp)
}

func request(ctx context.Context, address string, note Note) (*http.Request, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	user := at.User
	at.User = nil
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at.String(), bytes.NewReader(note.body()))
	if err != nil {
		return nil, err
	}
	if user != nil { // a RoundTripper doesn't do this, a Client would
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", note.ID)
	return req, nil
}

// body is the note as JSON. &, < and > are escaped as Slack wants it: else a stranger's words could call a channel.
// Source: Slack, "Formatting text for app surfaces", escaping text.
func (n Note) body() []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(struct { // strings can't fail
		Text  string `json:"text"`
		Rule  string `json:"rule"`
		Event string `json:"event"`
		ID    string `json:"id"`
	}{strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(n.Text), n.Rule, n.Event, n.ID})
	return b.Bytes()
}

// judge makes of an answer what is to be done. What the place says beside the status isn't repeated: many servers quote
// the URL.
func judge(resp *http.Response) error {
	status := resp.StatusCode
	if status >= 200 && status < 300 {
		return nil
	}
	e := &Error{Status: status, message: fmt.Sprintf("the place answers with HTTP %d", status)}
	switch {
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly || status == http.StatusTooManyRequests:
	case status >= 300 && status < 400:
		e.Refused, e.message = true, e.message+", a redirect, which is not followed"
	case status < 500:
		e.Refused = true
	}
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 && !e.Refused {
		e.RetryAfter = min(time.Duration(min(seconds, 24*3600))*time.Second, time.Hour)
	}
	return e
}
