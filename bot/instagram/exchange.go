package instagram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// maxAnswer bounds an answer; those that we ask for have a few kilobytes.
const maxAnswer = 1 << 20

var errTooLong = errors.New("the answer is too long")

// exchange sends a request once and reads the answer, the text of a JSON object without "error". The header is that of
// the answer, nil if there was none. The error's class is settled, but for a write that got no answer.
func (c *Client) exchange(req *http.Request, account *Account, of call) (answer string, header http.Header, _ *Error) {
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return "", nil, noAnswer(req.Context(), err, account, of)
	}
	answer, err = c.buffers.read(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		e := noAnswer(req.Context(), err, account, of)
		e.Status, e.TraceID = resp.StatusCode, traceID(resp.Header)
		return "", resp.Header, e
	}
	return answer, resp.Header, judge(resp.StatusCode, resp.Header, answer, account, of)
}

// noAnswer is the error of a call that the network failed.
func noAnswer(ctx context.Context, err error, account *Account, of call) *Error {
	class := ClassRetry
	if of == write {
		class = ClassUnknown
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = errors.Join(err, cause)
	}
	return &Error{Class: class, Message: presentable(err.Error(), account), Err: err}
}

// judge finds out whether an answer is an error; nil if it isn't.
func judge(status int, header http.Header, answer string, account *Account, of call) *Error {
	e := &Error{Status: status, TraceID: traceID(header)}
	switch {
	case answer == "":
		e.Message = "the answer is empty"
	case !json.Valid([]byte(answer)):
		e.Message = "the answer is not JSON: " + cut(answer, 80)
	case !e.read(answer) && status >= 200 && status < 300:
		return nil
	case e.Message == "":
		e.Message = http.StatusText(status)
	}
	e.Class = e.classify(of)
	e.Message = presentable(e.Message, account)
	e.Type, e.TraceID = presentable(cut(e.Type, maxName), account), presentable(cut(e.TraceID, maxName), account)
	if e.Class == ClassWait || e.Class == ClassRetry || e.Trouble() == TroubleLimit {
		e.RetryAfter = retryAfter(header, account.ids())
	}
	return e
}

// read takes Meta's envelope of errors, {"error": {…}}, or {"error": "…"} as what stands in front of it may answer. It
// reports whether there was one.
func (e *Error) read(answer string) (found bool) {
	w := walker{s: answer}
	for key := range w.members() {
		if key != "error" {
			continue
		}
		switch w.at() {
		case '{':
			found = true
			e.readObject(&w)
		case '"':
			found = true
			e.Message = w.text()
		}
	}
	return found
}

func (e *Error) readObject(w *walker) {
	for key := range w.members() {
		switch key {
		case "message":
			e.Message = w.word()
		case "type":
			e.Type = w.word()
		case "code":
			e.Code, _ = strconv.Atoi(w.word())
		case "error_subcode":
			e.Subcode, _ = strconv.Atoi(w.word())
		case "is_transient":
			e.transient = w.at() == 't'
		case "fbtrace_id":
			e.TraceID = w.word()
		}
	}
}

// traceID is what Meta's support asks for, where the body doesn't tell it.
func traceID(h http.Header) string {
	if h == nil {
		return ""
	}
	return h.Get("X-Fb-Trace-Id")
}

// buffers reads answers into buffers that are used again.
type buffers struct{ pool sync.Pool }

// read gives the text of a body of at most maxAnswer bytes.
func (b *buffers) read(body io.Reader) (string, error) {
	buf, _ := b.pool.Get().(*bytes.Buffer)
	if buf == nil {
		buf = bytes.NewBuffer(make([]byte, 0, 4<<10))
	}
	buf.Reset()
	_, err := buf.ReadFrom(io.LimitReader(body, maxAnswer+1))
	text := strings.ToValidUTF8(buf.String(), "\uFFFD")
	if buf.Cap() <= 64<<10 {
		b.pool.Put(buf)
	}
	if err == nil && len(text) > maxAnswer {
		err = errTooLong
	}
	return text, err
}
