package instagram

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// MentionedComment is GET /{ig-user-id}?fields=mentioned_comment.comment_id(…){…}. Source: reference "IG User Mentioned
// Comment".
func (c *Client) MentionedComment(ctx context.Context, account Account, commentID string, fields []string) (Comment, error) {
	return readNode(ctx, c, query{account: &account, edge: "mentioned_comment", parameter: "comment_id", id: commentID, fields: fields}, (*walker).comment)
}

// MentionedMedia is GET /{ig-user-id}?fields=mentioned_media.media_id(…){…}. Source: reference "IG User Mentioned Media".
func (c *Client) MentionedMedia(ctx context.Context, account Account, mediaID string, fields []string) (Media, error) {
	return readNode(ctx, c, query{account: &account, edge: "mentioned_media", parameter: "media_id", id: mediaID, fields: fields}, (*walker).media)
}

// Comment is GET /{ig-comment-id}?fields=…. Source: reference "IG Comment".
func (c *Client) Comment(ctx context.Context, account Account, commentID string, fields []string) (Comment, error) {
	return readNode(ctx, c, query{account: &account, edge: "comment", id: commentID, fields: fields}, (*walker).comment)
}

// Media is GET /{ig-media-id}?fields=…. Source: reference "IG Media".
func (c *Client) Media(ctx context.Context, account Account, mediaID string, fields []string) (Media, error) {
	return readNode(ctx, c, query{account: &account, edge: "media", id: mediaID, fields: fields}, (*walker).media)
}

// query asks for one node.
type query struct {
	account *Account
	edge    string
	// parameter names the id in an edge of the account; "" where the node is read by itself.
	parameter string
	id        string
	fields    []string
	suffix    string // more of the URL's query, escaped
}

// maxNamed is how many refused fields are dropped one by one before all that can be done without are.
const maxNamed = 3

// readNode reads a node, with fewer fields where Meta refuses some.
func readNode[T interface{ nodeID() string }](ctx context.Context, c *Client, q query, decode func(*walker) T) (T, error) {
	var none T
	if !isID(q.id) || !isID(q.account.ID) {
		return none, &Error{Class: ClassPermanent, Message: "what was asked for has no id"}
	}
	if c.refusals.has(q.account.ID, q.edge, q.edge, c.now()) {
		return none, q.unsupported()
	}
	for dropped := 0; ; dropped++ {
		fields := c.refusals.without(q.account.ID, q.edge, q.fields, c.now())
		answer, refused, err := c.get(ctx, q, fields, dropped < maxNamed)
		switch {
		case err == nil:
			return nodeOf(q, answer, decode)
		case slices.Contains(refused, q.edge):
			c.refusals.add(q.account.ID, q.edge, refused, c.now())
			return none, err
		case len(refused) == 0 || dropped > maxNamed:
			return none, err
		}
		c.refusals.add(q.account.ID, q.edge, refused, c.now())
	}
}

// nodeOf finds the node in an answer and makes sure that it is the one that was asked for.
func nodeOf[T interface{ nodeID() string }](q query, answer string, decode func(*walker) T) (T, error) {
	var node, none T
	w := walker{s: answer}
	if q.parameter == "" {
		node = decode(&w)
	} else {
		for key := range w.members() {
			if key == q.edge {
				node = decode(&w)
			}
		}
	}
	switch node.nodeID() {
	case q.id:
		return node, nil
	case "":
		return none, &Error{Class: ClassRetry, Status: http.StatusOK, Message: "the answer lacks what was asked for"}
	default:
		return none, &Error{Class: ClassPermanent, Status: http.StatusOK, Message: "the answer is about another object"}
	}
}

// get makes one call. refused are the fields that can be dropped after the error.
func (c *Client) get(ctx context.Context, q query, fields []field, named bool) (answer string, refused []string, err error) {
	id, err := c.identities.of(q.account)
	if err != nil {
		return "", nil, &Error{Class: ClassHuman, Message: err.Error(), Err: err}
	}
	target := id.base
	target.Path += c.prefix + "/" + q.node()
	target.RawQuery = q.encode(fields, id.proof)
	req := &http.Request{Method: http.MethodGet, URL: &target, Header: id.reads}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	started := c.now()
	answer, header, e := c.exchange(req.WithContext(ctx), q.account, read)
	call := Call{
		Account: q.account.ID, Edge: q.edge, Class: ClassOK, Took: c.now().Sub(started), TraceID: traceID(header),
		Date: date(header), Usage: ParseUsage(header, q.account.ids()...),
	}
	if e != nil {
		if e.isUnsupported(&q) {
			e.Class, e.unsupported = ClassPermanent, true
			refused = []string{q.edge}
		} else {
			refused = e.refusedOf(fields, named)
		}
		call.Class, call.TraceID = e.Class, e.TraceID
		call.Refused = refused
		err = e
	}
	c.observe(call)
	return answer, refused, err
}

func (q *query) node() string {
	if q.parameter == "" {
		return q.id
	}
	return q.account.ID
}

// encode writes the query. Braces are escaped, since they may not stand in a URL.
func (q *query) encode(fields []field, proof string) string {
	var b strings.Builder
	b.Grow(256)
	b.WriteString("fields=")
	if q.parameter != "" {
		b.WriteString(q.edge + "." + q.parameter + "(" + q.id + ")%7B")
	}
	for i, f := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(f.name)
		for j, sub := range f.subs {
			if j == 0 {
				b.WriteString("%7B")
			} else {
				b.WriteByte(',')
			}
			b.WriteString(sub)
		}
		if len(f.subs) > 0 {
			b.WriteString("%7D")
		}
	}
	if q.parameter != "" {
		b.WriteString("%7D")
	}
	b.WriteString(q.suffix)
	if proof != "" {
		b.WriteString("&appsecret_proof=" + proof)
	}
	return b.String()
}
