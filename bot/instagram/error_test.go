package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

// canned is a transport that gives one answer to everything.
type canned struct {
	status int
	header http.Header
	body   string
	err    error
}

func (c canned) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	if c.err != nil {
		return nil, c.err
	}
	header := c.header
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: c.status, Header: header, Body: io.NopCloser(strings.NewReader(c.body))}, nil
}

var (
	someAccount = instagram.Account{ID: "17841405726653026", AccessToken: "EAAtoken", AppSecret: "s3cr3t", GraphURL: "http://127.0.0.1:9"}
	someReply   = platform.ReplyRequest(platform.Target{Kind: platform.Comment, Account: "17841405726653026", Comment: "1"}, "hi")
)

// both reads and writes once with a canned answer.
func both(t *testing.T, answer canned) (read, write *instagram.Error) {
	t.Helper()
	client := instagram.NewClient(instagram.Options{Version: "v26.0", Transport: answer})
	_, err := client.Media(context.Background(), someAccount, "1", nil)
	if err != nil && !errors.As(err, &read) {
		t.Fatalf("not an *Error: %v", err)
	}
	_, err = client.Write(context.Background(), someAccount, someReply)
	if err != nil && !errors.As(err, &write) {
		t.Fatalf("not an *Error: %v", err)
	}
	return read, write
}

func classOf(e *instagram.Error) instagram.Class {
	if e == nil {
		return instagram.ClassOK
	}
	return e.Class
}

const (
	retry     = instagram.ClassRetry
	wait      = instagram.ClassWait
	gone      = instagram.ClassGone
	permanent = instagram.ClassPermanent
	human     = instagram.ClassHuman
	done      = instagram.ClassDone
	unknown   = instagram.ClassUnknown
)

// TestCodes holds every row of Meta's table of errors, at the status 400 that most come with.
func TestCodes(t *testing.T) {
	for _, c := range []struct {
		code, subcode int
		message       string
		read, write   instagram.Class
	}{
		{1, 0, "", retry, unknown},
		{1, 1357046, "error though it was sent", retry, unknown},
		{2, 0, "", retry, unknown},
		{-1, 2207001, "", retry, unknown},
		{-2, 2207003, "", retry, unknown},
		{4, 0, "", wait, wait},
		{4, 2207051, "taken for spam", human, human},
		{17, 0, "", wait, wait},
		{32, 0, "", wait, wait},
		{341, 0, "", wait, wait},
		{613, 0, "", wait, wait},
		{613, 2534040, "", wait, wait},
		{80001, 0, "", wait, wait},
		{80002, 0, "", wait, wait},
		{80002, 2446079, "", wait, wait},
		{80006, 0, "", wait, wait},
		{368, 0, "", human, human},
		{25, 2207050, "", human, human},
		{25, 0, "", human, human},
		{3, 0, "", human, human},
		{10, 0, "", human, human},
		{200, 0, "", human, human},
		{230, 0, "", human, human},
		{299, 0, "", human, human},
		{102, 0, "", human, human},
		{190, 0, "", human, human},
		{190, 458, "", human, human},
		{190, 459, "", human, human},
		{190, 460, "", human, human},
		{190, 463, "", human, human},
		{190, 464, "", human, human},
		{190, 467, "", human, human},
		{190, 492, "", human, human},
		{100, 33, "Unsupported post request", gone, gone},
		{100, 0, "(#100) The requested object does not exist", gone, gone},
		{100, 0, "(#100) Tried accessing nonexisting field (x) on node type (IGMedia)", permanent, permanent},
		{100, 0, "(#100) must be one of {feed, mention}", permanent, permanent},
		{100, 0, "(#100) The message is too long", permanent, permanent},
		{100, 99999, "nobody has described this", permanent, unknown},
		{20, 1772107, "", permanent, done},
		{20, 0, "", permanent, unknown},
		{24, 2207006, "", gone, gone},
		{110, 2207013, "", gone, gone},
		{110, 2207018, "", gone, gone},
		{9009, 0, "", gone, gone},
		{506, 0, "", permanent, done},
		{1609005, 0, "", permanent, permanent},
		{2500, 0, "", permanent, permanent},
		{36004, 2207010, "", permanent, permanent},
		{100, 2207040, "", permanent, permanent},
		{100, 2534025, "", gone, gone},
		{10, 2534022, "", gone, gone},
		{10, 2018278, "", gone, gone},
		{100, 2018278, "", gone, gone},
		{200, 2534041, "", gone, gone},
		{551, 1545041, "", gone, gone},
		{100, 2534014, "", gone, gone},
		{100, 2534013, "", gone, gone},
		{10, 2018300, "", gone, gone},
		{10, 1893063, "", human, human},
		{100, 2534029, "", human, human},
		{100, 0, "Invalid appsecret_proof provided in the API argument", human, human},
		{100, 0, "API calls from the server require an appsecret_proof argument", human, human},
		{9007, 2207027, "media not ready", permanent, unknown},
		{9, 2207042, "publishing cap", permanent, unknown},
		{36000, 2207004, "image too large", permanent, unknown},
		{424242, 0, "", permanent, unknown},
	} {
		t.Run(fmt.Sprintf("%d_%d_%.20s", c.code, c.subcode, c.message), func(t *testing.T) {
			body := fmt.Sprintf(`{"error":{"message":%q,"type":"OAuthException","code":%d,"error_subcode":%d,"fbtrace_id":"Atrace"}}`, c.message, c.code, c.subcode)
			read, write := both(t, canned{status: 400, body: body})
			if classOf(read) != c.read || classOf(write) != c.write {
				t.Errorf("got %s and %s, want %s and %s", classOf(read), classOf(write), c.read, c.write)
			}
			if read.TraceID != "Atrace" || write.Code != c.code || write.Subcode != c.subcode || write.Status != 400 {
				t.Errorf("something was lost: %+v", write)
			}
			// What a gateway answers with 5xx may have been done, whatever it says.
			if _, write = both(t, canned{status: 503, body: body}); c.write != done && classOf(write) != unknown {
				t.Errorf("a write that was answered with 503 is %s", classOf(write))
			}
			// As strings, the codes mean the same.
			body = fmt.Sprintf(`{"error":{"error_subcode":"%d","code":"%d","message":%q}}`, c.subcode, c.code, c.message)
			if read, write = both(t, canned{status: 400, body: body}); classOf(read) != c.read || classOf(write) != c.write {
				t.Errorf("codes as strings: got %s and %s", classOf(read), classOf(write))
			}
		})
	}
}

// TestAnswers holds what comes without a code.
func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		canned
		read, write instagram.Class
	}{
		"what was asked for":           {canned{status: 200, body: `{"id":"1"}`}, "ok", "ok"},
		"an id as a number":            {canned{status: 200, body: `{"id":1}`}, "ok", "ok"},
		"nothing":                      {canned{status: 200}, retry, unknown},
		"an object without id":         {canned{status: 200, body: `{"success":true}`}, retry, unknown},
		"null":                         {canned{status: 200, body: `null`}, retry, unknown},
		"an empty id":                  {canned{status: 200, body: `{"id":""}`}, retry, unknown},
		"HTML and 200":                 {canned{status: 200, body: "<html>login to the hotel's network"}, retry, unknown},
		"an error and 200":             {canned{status: 200, body: `{"error":{"code":190,"message":"m"}}`}, human, human},
		"too much":                     {canned{status: 200, body: `{"id":"1","x":"` + strings.Repeat("x", 1<<20) + `"}`}, retry, unknown},
		"an error of words":            {canned{status: 400, body: `{"error":"nope"}`}, permanent, unknown},
		"HTML and 502":                 {canned{status: 502, body: "<html>Bad gateway"}, retry, unknown},
		"500":                          {canned{status: 500}, retry, unknown},
		"504":                          {canned{status: 504}, retry, unknown},
		"400 without a word":           {canned{status: 400}, permanent, unknown},
		"401 without a word":           {canned{status: 401}, human, unknown},
		"403 without a word":           {canned{status: 403, body: "<html>Forbidden"}, human, unknown},
		"404 without a word":           {canned{status: 404}, gone, unknown},
		"408":                          {canned{status: 408}, retry, unknown},
		"429 without a word":           {canned{status: 429}, wait, wait},
		"a redirect":                   {canned{status: 307, header: http.Header{"Location": {"http://127.0.0.1:9/"}}}, human, unknown},
		"an unlisted transient code":   {canned{status: 400, body: `{"error":{"code":4242,"is_transient":true}}`}, retry, unknown},
		"the network failed":           {canned{err: io.ErrUnexpectedEOF}, retry, unknown},
		"an error that is no object":   {canned{status: 400, body: `{"error":[1]}`}, permanent, unknown},
		"a code beyond every number":   {canned{status: 400, body: `{"error":{"code":1e99,"message":"m"}}`}, permanent, unknown},
		"of two keys the last, also 4": {canned{status: 400, body: `{"error":{"code":190,"code":4}}`}, wait, wait},
	} {
		read, write := both(t, c.canned)
		if classOf(read) != c.read || classOf(write) != c.write {
			t.Errorf("%s: got %s (%v) and %s (%v), want %s and %s", name, classOf(read), read, classOf(write), write, c.read, c.write)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	const throttled = `{"error":{"code":80002,"message":"slow down"}}`
	for name, c := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"nothing told":        {nil, 0},
		"the usage header":    {http.Header{"X-Business-Use-Case-Usage": {`{"1":[{"estimated_time_to_regain_access":12}]}`}}, 12 * time.Minute},
		"seconds":             {http.Header{"Retry-After": {"90"}}, 90 * time.Second},
		"the longer of two":   {http.Header{"Retry-After": {"90"}, "X-Business-Use-Case-Usage": {`{"1":[{"estimated_time_to_regain_access":1}]}`}}, 90 * time.Second},
		"a date":              {http.Header{"Retry-After": {"Sun, 22 Nov 2026 08:01:00 GMT"}, "Date": {"Sun, 22 Nov 2026 08:00:00 GMT"}}, time.Minute},
		"a date that is past": {http.Header{"Retry-After": {"Sun, 22 Nov 2026 07:00:00 GMT"}, "Date": {"Sun, 22 Nov 2026 08:00:00 GMT"}}, 0},
		"junk":                {http.Header{"Retry-After": {"soon"}}, 0},
		"negative":            {http.Header{"Retry-After": {"-5"}}, 0},
		"for ever":            {http.Header{"Retry-After": {"999999999999"}}, 24 * time.Hour},
	} {
		read, write := both(t, canned{status: 400, header: c.header, body: throttled})
		if read.RetryAfter != c.want || write.RetryAfter != c.want || write.Class != wait {
			t.Errorf("%s: got %s and %s, want %s", name, read.RetryAfter, write.RetryAfter, c.want)
		}
	}
}

func TestErrorText(t *testing.T) {
	for name, c := range map[string]struct {
		canned
		want string
	}{
		"Meta's sample of a dead token": {canned{status: 401, body: string(sample(t, "answer_error_190_460.json"))},
			"graph: (#190/460) Message describing the error [OAuthException, HTTP 401, trace EJplcsCHuLu]"},
		"the code isn't told twice": {canned{status: 400, body: string(sample(t, "answer_error_80001.json"))},
			"graph: (#80001) There have been too many calls to this Page account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting. [OAuthException, HTTP 400, trace AmFGcW_3hwDB7qFbl_QdebZ]"},
		"Meta's sample of an envelope": {canned{status: 400, body: string(sample(t, "answer_error_envelope.json"))},
			"graph: (#36000/2207004) The image size is too large. [OAuthException, HTTP 400, trace A6LJylpZRKw2xKLFsAP-cJh]"},
		"no body": {canned{status: 502, header: http.Header{"X-Fb-Trace-Id": {"Ahead"}}},
			"graph: the answer is empty [HTTP 502, trace Ahead]"},
		"several lines, invisible characters": {canned{status: 400, body: `{"error":{"message":"a\r\nb\u202e\u0007c","code":4}}`},
			"graph: (#4) a bc [HTTP 400]"},
		"nothing but a status": {canned{status: 404, body: `{}`}, "graph: Not Found [HTTP 404]"},
		"a token in Meta's words": {canned{status: 400, body: `{"error":{"message":"bad token EAAtoken, see https://x/?access_token=abc%7Cdef&x=1&appsecret_proof=0123","code":190}}`},
			"graph: (#190) bad token …, see https://x/?access_token=…&x=1&appsecret_proof=… [HTTP 400]"},
		"a token with something invisible in it": {canned{status: 400, body: `{"error":{"message":"bad token EAA\u200btok\u00aden","code":190}}`},
			"graph: (#190) bad token … [HTTP 400]"},
		"a token in the network's words": {canned{err: errors.New(`Get "https://x/me?access_token=EAAother&fields=id": dial tcp: lookup x`)},
			`graph: Get "https://x/me?access_token=…&fields=id": dial tcp: lookup x`},
	} {
		read, write := both(t, c.canned)
		for _, e := range []*instagram.Error{read, write} {
			if got := e.Error(); got != c.want {
				t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
			}
		}
	}
}

func TestErrorTextIsBounded(t *testing.T) {
	read, write := both(t, canned{status: 400, body: fmt.Sprintf(`{"error":{"message":%q,"type":%q,"fbtrace_id":%q,"code":1}}`,
		strings.Repeat("ä", 5000), strings.Repeat("t", 5000), strings.Repeat("x", 5000))})
	for _, e := range []*instagram.Error{read, write} {
		if n := len(e.Error()); n > 2000 {
			t.Errorf("the text has %d bytes", n)
		}
	}
}

func TestErrorUnwraps(t *testing.T) {
	read, write := both(t, canned{err: io.ErrUnexpectedEOF})
	if !errors.Is(read, io.ErrUnexpectedEOF) || !errors.Is(write, io.ErrUnexpectedEOF) {
		t.Error("the network's error can't be found")
	}
}

func FuzzAnswer(f *testing.F) {
	for _, body := range files(f, samples+"answer_*.json") {
		f.Add(200, body)
		f.Add(400, body)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			t.Skip()
		}
		read, write := both(t, canned{status: status, body: string(body)})
		if c := classOf(write); status >= 500 && c != unknown && c != done {
			t.Fatalf("a write answered with %d is %s", status, c)
		}
		if c := classOf(read); c == unknown || c == done {
			t.Fatalf("a read is %s", c)
		}
		for _, e := range []*instagram.Error{read, write} {
			if e != nil && (strings.Contains(e.Error(), "EAAtoken") || strings.ContainsAny(e.Error(), "\r\n\x00")) {
				t.Fatalf("unfit for a log: %q", e.Error())
			}
		}
	})
}
