package instagram_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
)

func TestWriteReachesTheEdges(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	mention := platform.Target{Kind: platform.CommentMention, Account: instagramtest.GuideAccountID, Comment: instagramtest.GuideCommentID, Media: instagramtest.GuideMediaID}
	caption := platform.Target{Kind: platform.CaptionMention, Account: instagramtest.GuideAccountID, Media: instagramtest.GuideMediaID}
	comment := platform.Target{Kind: platform.Comment, Account: instagramtest.GuideAccountID, Comment: "600", Media: "500"}
	for i, c := range []struct {
		target platform.Target
		text   string
		form   map[string]string
		path   string
	}{
		{mention, "Challenge accepted!", map[string]string{"comment_id": "17894227972186120", "media_id": "17918195224117851", "message": "Challenge accepted!"}, "/17841405726653026/mentions"},
		{caption, "MacLeod agrees!", map[string]string{"media_id": "17918195224117851", "message": "MacLeod agrees!"}, "/17841405726653026/mentions"},
		{comment, "ä & b=c +1%20 😀\nd", map[string]string{"message": "ä & b=c +1%20 😀\nd"}, "/600/replies"},
	} {
		id, err := s.client.Write(context.Background(), s.account, platform.ReplyRequest(c.target, c.text))
		if err != nil {
			t.Fatal(err)
		}
		reply := s.Replies()[i]
		if reply.ID != id || reply.Path != c.path || reply.Text != c.text {
			t.Errorf("got %q, %+v", id, reply)
		}
		if diff := cmp.Diff(c.form, reply.Form); diff != "" {
			t.Errorf("form (-want +got):\n%s", diff)
		}
	}
}

// TestWriteOnce: whatever goes wrong, a reply is asked for once, and an error that allows another try means that
// nothing was said.
func TestWriteOnce(t *testing.T) {
	for name, c := range map[string]struct {
		fault instagramtest.Fault
		want  instagram.Class
	}{
		"cut before the effect":    {instagramtest.Fault{CutBefore: true}, instagram.ClassUnknown},
		"cut after the effect":     {instagramtest.Fault{CutAfter: true}, instagram.ClassUnknown},
		"500":                      {instagramtest.Fault{Status: 500, Code: 2}, instagram.ClassUnknown},
		"500 though it was done":   {instagramtest.Fault{Status: 500, Code: 2, Effect: true}, instagram.ClassUnknown},
		"a gateway's page":         {instagramtest.Fault{Status: 504, Body: "<html>"}, instagram.ClassUnknown},
		"throttled":                {instagramtest.Fault{Code: 80002}, instagram.ClassWait},
		"a dead token":             {instagramtest.Fault{Status: 401, Code: 190, Subcode: 463}, instagram.ClassHuman},
		"gone":                     {instagramtest.Fault{Code: 100, Subcode: 33}, instagram.ClassGone},
		"a code nobody knows":      {instagramtest.Fault{Code: 777}, instagram.ClassUnknown},
		"made, but answered 400":   {instagramtest.Fault{Code: 20, Subcode: 1772107, Effect: true}, instagram.ClassDone},
		"a redirect to itself":     {instagramtest.Fault{Status: 307, Header: http.Header{"Location": {"/1/replies"}}}, instagram.ClassUnknown},
		"an answer without its id": {instagramtest.Fault{Status: 200, Body: "{}", Effect: true}, instagram.ClassUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, instagramtest.Options{})
			// A connection that was used before is one that net/http may want to try again on.
			if _, err := s.client.Media(context.Background(), s.account, "500", nil); err != nil {
				t.Fatal(err)
			}
			s.Fail(instagramtest.Match{Method: "POST"}, c.fault)
			to := platform.Target{Kind: platform.Comment, Account: s.account.ID, Comment: "600", Media: "500"}
			_, err := s.client.Write(context.Background(), s.account, platform.ReplyRequest(to, "hi"))
			if !is(err, c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if n := len(s.Requests()) - 1; n != 1 {
				t.Errorf("it was sent %d times", n)
			}
			if again := is(err, instagram.ClassRetry) || is(err, instagram.ClassWait) || is(err, instagram.ClassHuman); again && len(s.Replies()) > 0 {
				t.Error("it was said, and would be said again")
			}
		})
	}
}

func TestWriteToNobody(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	account := someAccount
	account.GraphURL = "http://" + listener.Addr().String()
	_ = listener.Close()
	client := instagram.NewClient(instagram.Options{})
	defer client.Close()
	if _, err := client.Write(context.Background(), account, someReply); !is(err, instagram.ClassRetry) {
		t.Errorf("nobody listens, and nothing was sent: %v", err)
	}
}

func TestWriteWithoutAHandshake(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request came") }))
	defer server.Close()
	account := someAccount
	account.GraphURL = "https" + strings.TrimPrefix(server.URL, "http")
	client := instagram.NewClient(instagram.Options{})
	defer client.Close()
	if _, err := client.Write(context.Background(), account, someReply); !is(err, instagram.ClassRetry) {
		t.Errorf("there was no TLS to send anything through: %v", err)
	}
}

func TestWriteCancelled(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		s := newStage(t, instagramtest.Options{})
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := s.client.Write(ctx, s.account, someReply)
		if !is(err, instagram.ClassRetry) || !errors.Is(err, context.Canceled) || len(s.Requests()) > 0 {
			t.Errorf("%v, %d requests", err, len(s.Requests()))
		}
	})
	t.Run("after", func(t *testing.T) {
		received := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			close(received)
			<-r.Context().Done()
		}))
		defer server.Close()
		account := someAccount
		account.GraphURL = server.URL
		client := instagram.NewClient(instagram.Options{})
		defer client.Close()
		ctx, cancel := context.WithCancel(context.Background())
		go func() { <-received; cancel() }()
		_, err := client.Write(ctx, account, someReply)
		if !is(err, instagram.ClassUnknown) || !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Run("by the client's own timeout", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}))
		defer server.Close()
		account := someAccount
		account.GraphURL = server.URL
		client := instagram.NewClient(instagram.Options{Timeout: 50 * time.Millisecond})
		defer client.Close()
		_, err := client.Write(context.Background(), account, someReply)
		if !errors.Is(err, context.DeadlineExceeded) || is(err, instagram.ClassDone) {
			t.Error(err)
		}
		if _, err := client.Media(context.Background(), account, "1", nil); !is(err, instagram.ClassRetry) {
			t.Error(err)
		}
	})
}

// TestCancelRace cancels at every moment: a class that allows another try must mean that no request came.
func TestCancelRace(t *testing.T) {
	var came atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			return
		}
		came.Add(1)
		_, _ = w.Write([]byte(`{"id":"1"}`))
	}))
	defer server.Close()
	account := someAccount
	account.GraphURL = server.URL
	client := instagram.NewClient(instagram.Options{})
	defer client.Close()
	var maySend, retries int64
	for i := range 300 {
		ctx, cancel := context.WithCancel(context.Background())
		var wait sync.WaitGroup
		wait.Go(func() {
			for range i * 20 {
				_ = ctx.Err()
			}
			cancel()
		})
		_, err := client.Write(ctx, account, someReply)
		wait.Wait()
		if is(err, instagram.ClassRetry) {
			retries++
		} else {
			maySend++
		}
	}
	server.Close()
	if came.Load() > maySend {
		t.Errorf("%d requests came, though only %d could have (%d were said not to be sent)", came.Load(), maySend, retries)
	}
	t.Logf("%d may have been sent, %d surely not, %d came", maySend, retries, came.Load())
}

// TestStaleConnection: a server that closes kept connections just when they are used again is what makes net/http
// send twice.
func TestStaleConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var posts atomic.Int64
	var serving sync.WaitGroup
	serving.Go(func() { serveOnceEach(listener, &posts) })
	account := someAccount
	account.GraphURL = "http://" + listener.Addr().String()
	client := instagram.NewClient(instagram.Options{})
	var done, unsure, retry int64
	for range 200 {
		switch _, err := client.Write(context.Background(), account, someReply); {
		case err == nil:
			done++
		case is(err, instagram.ClassUnknown):
			unsure++
		case is(err, instagram.ClassRetry):
			retry++
		default:
			t.Error(err)
		}
	}
	client.Close()
	_ = listener.Close()
	serving.Wait()
	if n := posts.Load(); n < done || n > done+unsure {
		t.Errorf("%d came of %d that went well and %d unsure ones", n, done, unsure)
	}
	t.Logf("%d went well, %d unsure, %d surely not sent", done, unsure, retry)
}

// serveOnceEach answers the first request of each connection as if more were welcome, and hangs up.
func serveOnceEach(listener net.Listener, posts *atomic.Int64) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		r, err := http.ReadRequest(bufio.NewReader(conn))
		if err == nil {
			if _, err = io.Copy(io.Discard, r.Body); err == nil {
				posts.Add(1)
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n"+`{"id":"1"}`)
		}
		_ = conn.Close()
	}
}

func TestWriteRefusesOddRequests(t *testing.T) {
	s := newStage(t, instagramtest.Options{})
	form := map[string]string{"message": "hi"}
	for _, r := range []platform.Request{
		{},
		{Method: "POST", Path: "", Form: form},
		{Method: "POST", Path: "/", Form: form},
		{Method: "POST", Path: "600/replies", Form: form},
		{Method: "POST", Path: "/../600/replies", Form: form},
		{Method: "POST", Path: "//evil.example/600/replies", Form: form},
		{Method: "POST", Path: "/600/replies?fields=id", Form: form},
		{Method: "POST", Path: "/600/replies#x", Form: form},
		{Method: "POST", Path: "/600/replies\r\nX: y", Form: form},
		{Method: "DELETE", Path: "/600", Form: form},
		{Method: "GET", Path: "/600", Form: form},
		{Method: "POST", Path: "/600/replies"},
	} {
		if _, err := s.client.Write(context.Background(), s.account, r); !is(err, instagram.ClassPermanent) {
			t.Errorf("%+v: %v", r, err)
		}
	}
	if n := len(s.Requests()); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}
