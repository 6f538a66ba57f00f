package instagram

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Visitor comes to a webhook as Meta does. It follows no redirects, as nobody says that Meta does, and takes no
// certificate that isn't signed by an authority that the system trusts.
type Visitor struct {
	timeout   time.Duration
	transport http.RoundTripper
}

// Reception is how a visitor was received.
type Reception struct {
	Status      int
	ContentType string
	Location    string // where a redirect points to, less its query: that of a handshake holds the verify token
	Body        string // at most 64 KiB
}

const maxReception = 64 << 10

// NewVisitor makes a visitor whose visits last no longer than the timeout. A nil transport is one of its own.
func NewVisitor(timeout time.Duration, transport http.RoundTripper) *Visitor {
	if transport == nil {
		transport = &http.Transport{
			Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, TLSHandshakeTimeout: timeout,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		}
	}
	return &Visitor{timeout, transport}
}

// Handshake asks what Meta asks when somebody configures the webhook. Source: guide "Webhooks, getting started".
func (v *Visitor) Handshake(ctx context.Context, webhook, verifyToken, challenge string) (Reception, error) {
	target, err := url.Parse(webhook)
	if err != nil {
		return Reception{}, err
	}
	query := target.Query()
	query.Set("hub.mode", "subscribe")
	query.Set("hub.challenge", challenge)
	query.Set("hub.verify_token", verifyToken)
	target.RawQuery = query.Encode()
	return v.visit(ctx, http.MethodGet, target.String(), "", "")
}

// Deliver posts a notification with a signature, once. Source: as with Handshake.
func (v *Visitor) Deliver(ctx context.Context, webhook, body, signature string) (Reception, error) {
	return v.visit(ctx, http.MethodPost, webhook, body, signature)
}

// Look reads a page, as a daemon's readiness.
func (v *Visitor) Look(ctx context.Context, address string) (Reception, error) {
	return v.visit(ctx, http.MethodGet, address, "", "")
}

func (v *Visitor) visit(ctx context.Context, method, address, body, signature string) (Reception, error) {
	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return Reception{}, withoutURL(err)
	}
	req.Header.Set("User-Agent", "Webhooks/1.0 (answerback doctor)")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(SignatureHeader, signature)
	}
	// An http.Client would quote a redirect that it can't parse, query and all.
	resp, err := v.transport.RoundTrip(req)
	if err != nil {
		return Reception{}, withoutURL(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxReception))
	if err != nil {
		return Reception{}, withoutURL(err)
	}
	return Reception{
		Status: resp.StatusCode, ContentType: resp.Header.Get("Content-Type"), Location: withoutQuery(resp.Header.Get("Location")),
		Body: strings.ToValidUTF8(string(text), "\uFFFD"),
	}, nil
}

// withoutQuery is where an address leads; empty if it can't be told.
func withoutQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
	return u.String()
}

// withoutURL takes the address away from an error: a handshake's holds the verify token.
func withoutURL(err error) error {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		return inURL.Err
	}
	return err
}
