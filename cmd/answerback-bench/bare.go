package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

// bareVerb has this binary be the yardstick.
const bareVerb = "bare"

// bareMain is the yardstick: it verifies a notification, reads each mention's comment and posts a reply, with the same
// HTTP calls as answerback, and keeps nothing. What it does in a second is what HTTP alone costs on this machine.
func bareMain(args []string) int {
	flags := flag.NewFlagSet(bareVerb, flag.ExitOnError)
	graph := flags.String("graph", "", "the Graph API's address")
	secret := flags.String("secret", "", "the app secret")
	token := flags.String("token", "", "the access token")
	workers := flags.Int("workers", 64, "events in work at once")
	flags.Parse(args)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	b := newBare(*graph, *secret, *token, *workers)
	server := &http.Server{Handler: b}
	go server.Serve(listener)
	fmt.Printf("listening webhooks=%s\n", listener.Addr())
	<-ctx.Done()
	server.Close()
	close(b.queue)
	b.done.Wait()
	return 0
}

type bare struct {
	graph, token string
	secrets      [][]byte
	client       *http.Client
	queue        chan mention
	done         sync.WaitGroup
}

type mention struct{ account, comment, media string }

func newBare(graph, secret, token string, workers int) *bare {
	b := &bare{
		graph: graph + "/v26.0", token: token, secrets: [][]byte{[]byte(secret)},
		client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: workers}},
		queue:  make(chan mention, 100_000),
	}
	for range workers {
		b.done.Go(func() {
			for m := range b.queue {
				if err := b.answer(m); err != nil {
					fmt.Fprintln(os.Stderr, "bare:", err)
				}
			}
		})
	}
	return b
}

func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || instagram.Verify(body, r.Header.Get("X-Hub-Signature-256"), b.secrets) != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	var notification struct {
		Entry []struct {
			ID      string `json:"id"`
			Changes []struct {
				Value struct {
					CommentID string `json:"comment_id"`
					MediaID   string `json:"media_id"`
				} `json:"value"`
			} `json:"changes"`
		} `json:"entry"`
	}
	if err := json.Unmarshal(body, &notification); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for _, entry := range notification.Entry {
		for _, change := range entry.Changes {
			b.queue <- mention{entry.ID, change.Value.CommentID, change.Value.MediaID}
		}
	}
}

func (b *bare) answer(m mention) error {
	fields := url.QueryEscape("mentioned_comment.comment_id(" + m.comment + "){id,text,timestamp,username}")
	body, err := b.call(http.MethodGet, b.graph+"/"+m.account+"?fields="+fields, nil)
	if err != nil {
		return err
	}
	var answer struct {
		Comment struct {
			Text string `json:"text"`
		} `json:"mentioned_comment"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	if !strings.Contains(answer.Comment.Text, "challenge") {
		return nil
	}
	form := url.Values{"comment_id": {m.comment}, "media_id": {m.media}, "message": {"Challenge accepted!"}}
	_, err = b.call(http.MethodPost, b.graph+"/"+m.account+"/mentions", strings.NewReader(form.Encode()))
	return err
}

func (b *bare) call(method, address string, form io.Reader) ([]byte, error) {
	request, err := http.NewRequest(method, address, form)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+b.token)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := b.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, body)
	}
	return body, err
}
