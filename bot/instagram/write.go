package instagram

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules/platform"
)

// Write sends the request exactly once. It is an error of class unknown unless it is sure what became of it: what the
// network failed after a byte was written, what was answered with 5xx or without an id, and codes that nobody has
// described may all have worked. A comment that was hidden has no id to give.
func (c *Client) Write(ctx context.Context, account Account, request platform.Request) (id string, err error) {
	edge := edgeOf(request)
	started := c.now()
	id, header, e := c.write(ctx, &account, edge, request)
	call := Call{
		Account: account.ID, Edge: edge, Class: ClassOK, Took: c.now().Sub(started), TraceID: traceID(header),
		Date: date(header), Usage: ParseUsage(header, account.ids()...),
	}
	if e != nil {
		e.hintAtPage(edge, &account)
		call.Class, call.TraceID = e.Class, e.TraceID
		err = e
	}
	c.observe(call)
	return id, err
}

func (c *Client) write(ctx context.Context, account *Account, edge string, request platform.Request) (string, http.Header, *Error) {
	if err := ctx.Err(); err != nil {
		return "", nil, &Error{Class: ClassRetry, Message: err.Error(), Err: err}
	}
	if err := proper(request); err != nil {
		return "", nil, &Error{Class: ClassPermanent, Message: err.Error(), Err: err}
	}
	who, err := c.identities.of(account)
	if err != nil {
		return "", nil, &Error{Class: ClassHuman, Message: err.Error(), Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var seen witness
	answer, header, e := c.exchange(c.post(seen.watch(ctx), who, request), account, write)
	switch {
	case e != nil && e.Status == 0 && c.traced && seen.surelyNothing():
		e.Class = ClassRetry
		return "", header, e
	case e != nil:
		return "", header, e
	}
	id, e := made(edge, answer)
	if e != nil {
		e.Status, e.TraceID = http.StatusOK, traceID(header)
	}
	return id, header, e
}

// post makes the request. It has no GetBody: without it net/http can't send a body twice, which it else does by itself
// when a kept connection turns out to be closed.
func (c *Client) post(ctx context.Context, who *identity, request platform.Request) *http.Request {
	target := who.base
	target.Path += c.prefix + request.Path
	form := encodeForm(request.Form, who.proof)
	req := &http.Request{
		Method:        http.MethodPost,
		URL:           &target,
		Header:        who.writes,
		Body:          io.NopCloser(strings.NewReader(form)),
		ContentLength: int64(len(form)),
	}
	return req.WithContext(ctx)
}

// proper refuses what the client isn't made to send: a path out of ids and edges, a form with something in it.
func proper(request platform.Request) error {
	switch {
	case request.Method != http.MethodPost:
		return errors.New("only POST writes")
	case len(request.Path) < 2 || request.Path[0] != '/' || strings.Contains(request.Path, "//") ||
		strings.ContainsFunc(request.Path, outsideOfPath):
		return errors.New("the path is none of the Graph API's")
	case len(request.Form) == 0:
		return errors.New("there is nothing to say")
	}
	return nil
}

func outsideOfPath(r rune) bool {
	return r != '/' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
}

// encodeForm writes the form in the order of its keys.
func encodeForm(form map[string]string, proof string) string {
	var b strings.Builder
	b.Grow(512)
	for _, key := range slices.Sorted(maps.Keys(form)) {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(key))
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(form[key]))
	}
	if proof != "" {
		b.WriteString("&appsecret_proof=" + proof)
	}
	return b.String()
}
