package webhook_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/webhook"
	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"
)

// serve starts a real server on a free port of the loopback interface.
func serve(t *testing.T, handler http.Handler, change func(*http.Server)) (addr string, log *logtest.Hook) {
	t.Helper()
	logger, hook := logtest.NewNullLogger()
	logger.SetLevel(logrus.DebugLevel)
	server := webhook.Server("127.0.0.1:0", handler, logger)
	if change != nil {
		change(server)
	}
	listener, err := net.Listen("tcp", server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return listener.Addr().String(), hook
}

// talk sends raw bytes, a pause before each further part, and gives the status line of the answer; "" if the
// connection was closed without one.
func talk(t *testing.T, addr string, parts ...string) string {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, part := range parts {
		if _, err := io.WriteString(conn, part); err != nil {
			break
		}
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return ""
	}
	return strings.TrimSpace(line)
}

const postHead = "POST " + webhook.Path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"

// Nobody can hold a connection by being slow. The timeouts are short here; that they are finite in use is checked
// below.
func TestSlowClientsAreCutOff(t *testing.T) {
	d := newDoor(t)
	addr, _ := serve(t, d, func(s *http.Server) {
		s.ReadHeaderTimeout, s.ReadTimeout, s.IdleTimeout = 50*time.Millisecond, 50*time.Millisecond, 50*time.Millisecond
	})
	for _, test := range []struct{ name, sent, answer string }{
		{"nothing", "", ""},
		{"half a header", "POST " + webhook.Path + " HTTP/1.1\r\nHost: x\r\nX-A", "HTTP/1.1 400 Bad Request"},
		{"no body", postHead, "HTTP/1.1 408 Request Timeout"},
		{"half a body", postHead + `{"object":"inst`, "HTTP/1.1 408 Request Timeout"},
	} {
		if got := talk(t, addr, test.sent); got != test.answer {
			t.Errorf("%s: %q, want %q", test.name, got, test.answer)
		}
	}
}

func TestServerIsBounded(t *testing.T) {
	log, _ := logtest.NewNullLogger()
	s := webhook.Server("127.0.0.1:8080", http.NotFoundHandler(), log)
	for name, timeout := range map[string]time.Duration{
		"ReadHeaderTimeout": s.ReadHeaderTimeout, "ReadTimeout": s.ReadTimeout, "WriteTimeout": s.WriteTimeout, "IdleTimeout": s.IdleTimeout,
	} {
		if timeout <= 0 || timeout > 2*time.Minute {
			t.Errorf("%s is %v", name, timeout)
		}
	}
	if s.WriteTimeout <= s.ReadTimeout+10*time.Second {
		t.Error("an answer that waited for the store would come too late")
	}
	if s.Addr != "127.0.0.1:8080" {
		t.Errorf("address %q", s.Addr)
	}
}

func TestHeadersAreBounded(t *testing.T) {
	addr, _ := serve(t, newDoor(t), nil)
	got := talk(t, addr, "POST "+webhook.Path+" HTTP/1.1\r\nHost: x\r\nX-A: "+strings.Repeat("a", 64<<10)+"\r\n\r\n")
	if got != "HTTP/1.1 431 Request Header Fields Too Large" {
		t.Errorf("answer %q", got)
	}
}

func TestOverRealConnections(t *testing.T) {
	d := newDoor(t)
	addr, _ := serve(t, d, nil)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	post := func(body []byte, sized bool) int {
		t.Helper()
		from := unsized(body)
		r, err := http.NewRequest("POST", "http://"+addr+webhook.Path, from)
		if err != nil {
			t.Fatal(err)
		}
		if sized {
			r.ContentLength = int64(len(body))
		}
		r.Header.Set(instagram.SignatureHeader, instagram.Sign(body, []byte(secret)))
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode
	}
	for i, size := range []int{0, 1, 8<<10 - 1, 8 << 10, 8<<10 + 1, 100 << 10, 8 << 20, 8<<20 + 1} {
		want := 200
		if size > 8<<20 {
			want = 413
		}
		body := []byte(notification(account, comment(fmt.Sprint(i+1), "hi")))
		for len(body) < size {
			body = append(body, ' ')
		}
		for _, sized := range []bool{true, false} {
			if got := post(body, sized); got != want {
				t.Errorf("%d bytes (announced: %v): status %d, want %d", size, sized, got, want)
			}
		}
	}
	if n := len(d.store.keys()); n != 14 {
		t.Errorf("%d stored", n)
	}
}

func TestPanicIsInOurLog(t *testing.T) {
	addr, log := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("what now") }), nil)
	if got := talk(t, addr, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); got != "" {
		t.Errorf("answer %q", got)
	}
	entry := log.LastEntry()
	if entry == nil || entry.Level != logrus.ErrorLevel || !strings.Contains(entry.Message, "what now") {
		t.Errorf("log: %v", entry)
	}
}
