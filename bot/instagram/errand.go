package instagram

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// errand is a call that is about the account or the app, and about no event: it is made once.
type errand struct {
	account *Account
	method  string
	edge    string // for [Call]
	path    string // behind the version; "/" is the version's root
	// unversioned paths have no version before them.
	unversioned bool
	// reads says of a POST that it changes nothing, so that it may be made again whatever became of it.
	reads bool
	// bare calls have no Authorization header: the token is in the body.
	bare bool
	// tells says that an answer may hold a token that nobody knows yet: one that isn't understood is not quoted.
	tells bool
	// parameters go into the query of a GET and into the body of a POST. None is a secret unless it goes into a body.
	parameters url.Values
}

// run makes the call. An error is an [*Error].
func (c *Client) run(ctx context.Context, e errand) (answer string, err error) {
	who, err := c.identities.of(e.account)
	if err != nil {
		return "", &Error{Class: ClassHuman, Message: err.Error(), Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	of := read
	if e.method != http.MethodGet && !e.reads {
		of = write
	}
	started := c.now()
	answer, header, failed := c.exchange(e.request(c.prefix, who).WithContext(ctx), e.account, of)
	call := Call{
		Account: e.account.ID, Edge: e.edge, Class: ClassOK, Took: c.now().Sub(started), TraceID: traceID(header), Date: date(header),
	}
	if call.Account != "" { // what is asked in the name of the app tells nothing of an account's limits
		call.Usage = ParseUsage(header, e.account.ids()...)
	}
	if failed != nil {
		if e.tells && failed.Status != 0 && failed.Code == 0 {
			failed.Message, failed.Err = "the answer can't be understood", nil
		}
		call.Class, call.TraceID = failed.Class, failed.TraceID
		err = failed
	}
	c.observe(call)
	return answer, err
}

func (e *errand) request(prefix string, who *identity) *http.Request {
	target, header := who.base, who.writes
	if e.unversioned {
		prefix = ""
	}
	if e.bare {
		header = header.Clone()
		header.Del("Authorization")
	}
	target.Path += prefix + e.path
	parameters := url.Values{}
	for key, values := range e.parameters {
		parameters[key] = values
	}
	if who.proof != "" {
		parameters.Set("appsecret_proof", who.proof)
	}
	if e.method == http.MethodGet {
		target.RawQuery = parameters.Encode()
		return &http.Request{Method: e.method, URL: &target, Header: who.reads}
	}
	form := parameters.Encode()
	return &http.Request{
		Method: e.method, URL: &target, Header: header,
		Body: io.NopCloser(strings.NewReader(form)), ContentLength: int64(len(form)),
	}
}

// lacking is the error of an answer that is none to what was asked.
func lacking() *Error {
	return &Error{Class: ClassRetry, Status: http.StatusOK, Message: "the answer lacks what was asked for"}
}

// listed reads {"data": […]}, each element by one. An answer without such a list is an error.
func listed[T any](answer string, one func(*walker) T) ([]T, error) {
	var found []T
	told := false
	w := walker{s: answer}
	for key := range w.members() {
		if key != "data" {
			continue
		}
		told = w.at() == '['
		for range w.elements() {
			found = append(found, one(&w))
		}
	}
	if !told {
		return nil, lacking()
	}
	return found, nil
}
