package webhook_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/webhook"
	"github.com/sirupsen/logrus"
)

// What the door itself costs: no network, and a store that keeps nothing.
func BenchmarkNotification(b *testing.B) {
	for _, changes := range []int{1, 100, 1000} {
		b.Run(fmt.Sprint(changes), func(b *testing.B) {
			all := make([]string, changes)
			for i := range all {
				all[i] = comment(fmt.Sprint(17865799348089001+i), "how much is the blue one, and do you ship it to Portugal?")
			}
			post(b, []byte(notification(account, all...)))
		})
	}
}

func post(b *testing.B, body []byte) {
	handler, err := webhook.New(webhook.Options{
		Secrets:  webhook.Secrets{VerifyToken: verifyToken, App: [][]byte{[]byte(secret)}},
		Accounts: []webhook.Account{{ID: account}},
		Store:    nowhere{}, Observe: nobody{}, Log: logrus.New(), Now: time.Now,
	})
	if err != nil {
		b.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, webhook.Path, nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set(instagram.SignatureHeader, instagram.Sign(body, []byte(secret)))
	request.ContentLength = int64(len(body))
	from := bytes.NewReader(body)
	request.Body = io.NopCloser(from)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		from.Reset(body)
		var answer unheard
		if handler.ServeHTTP(&answer, request); answer.status != http.StatusOK {
			b.Fatal(answer.status)
		}
	}
}

type nowhere struct{}

func (nowhere) Accept(_ context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	return inbox.Accepted{New: len(arrivals)}, nil
}

type nobody struct{}

func (nobody) Answered(int, time.Duration) {}
func (nobody) Received(string)             {}
func (nobody) Duplicates(int)              {}
func (nobody) Ignored(string, string)      {}

type unheard struct{ status int }

func (*unheard) Header() http.Header         { return nil }
func (*unheard) Write(b []byte) (int, error) { return len(b), nil }
func (u *unheard) WriteHeader(status int)    { u.status = status }
