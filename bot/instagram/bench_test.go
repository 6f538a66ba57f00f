package instagram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/rules/platform"
)

// batch is a notification of n comments, as Meta writes them.
func batch(n int) []byte {
	sender := instagramtest.NewSender(instagramtest.SenderOptions{Secret: "s"})
	changes := make([]instagramtest.Change, n)
	for i := range changes {
		changes[i] = instagramtest.Change{Account: "17841400000000003", Field: "comments", Value: fmt.Appendf(nil,
			`{"from":{"id":"1234567890123456","username":"commenter"},"id":"178657993480%05d","text":"how much is the blue one? \u2764","media":{"id":"17895695668004550","media_product_type":"FEED"}}`, i)}
	}
	return sender.Body(changes...)
}

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			body := batch(n)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if got, err := instagram.Parse(body); err != nil || len(got.Changes) != n {
					b.Fatal(err, len(got.Changes))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/change")
		})
	}
}

func BenchmarkParseChange(b *testing.B) {
	n, err := instagram.Parse(batch(1))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := instagram.ParseChange(n.Changes[0].Raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	body, secrets := batch(1), [][]byte{[]byte("secret")}
	header := instagram.Sign(body, secrets[0])
	b.ReportAllocs()
	for b.Loop() {
		if err := instagram.Verify(body, header, secrets); err != nil {
			b.Fatal(err)
		}
	}
}

// lean is a fake that says as little as it can, with an account of it.
func lean(b *testing.B) instagram.Account {
	fake := instagramtest.New(instagramtest.Options{
		Accounts:  []instagramtest.Account{{ID: instagramtest.GuideAccountID, Username: instagramtest.GuideUsername, Token: "EAAtoken"}},
		AppSecret: "secret", Lean: true,
	})
	b.Cleanup(fake.Close)
	fake.AddGuide()
	return instagram.Account{ID: instagramtest.GuideAccountID, AccessToken: "EAAtoken", AppSecret: "secret", GraphURL: fake.URL()}
}

var (
	benchFields = []string{"id", "text", "timestamp", "username"}
	benchReply  = platform.ReplyRequest(platform.Target{Kind: platform.CommentMention, Account: instagramtest.GuideAccountID,
		Comment: instagramtest.GuideCommentID, Media: instagramtest.GuideMediaID}, "Challenge accepted!")
)

// BenchmarkEvent is the two calls of an event: its text is read, and it is answered.
func BenchmarkEvent(b *testing.B) {
	b.Run("client", func(b *testing.B) {
		account := lean(b)
		client := instagram.NewClient(instagram.Options{Version: "v26.0"})
		defer client.Close()
		b.ReportAllocs()
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := client.MentionedComment(context.Background(), account, instagramtest.GuideCommentID, benchFields); err != nil {
					b.Error(err)
				}
				if _, err := client.Write(context.Background(), account, benchReply); err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.Run("plain", func(b *testing.B) {
		account := lean(b)
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128}}
		defer client.CloseIdleConnections()
		b.ReportAllocs()
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				plainEvent(b, client, account)
			}
		})
	})
}

// plainEvent makes the same calls without any care.
func plainEvent(b *testing.B, client *http.Client, account instagram.Account) {
	do := func(req *http.Request, err error, into any) {
		if err != nil {
			b.Error(err)
			return
		}
		req.Header.Set("Authorization", "Bearer "+account.AccessToken)
		resp, err := client.Do(req)
		if err != nil {
			b.Error(err)
			return
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || json.NewDecoder(bytes.NewReader(body)).Decode(into) != nil {
			b.Error(err, string(body))
		}
	}
	var read struct {
		MentionedComment struct{ ID, Text, Timestamp, Username string } `json:"mentioned_comment"`
	}
	req, err := http.NewRequest(http.MethodGet, account.GraphURL+"/v26.0/"+account.ID+"?fields="+url.QueryEscape(
		"mentioned_comment.comment_id("+instagramtest.GuideCommentID+"){id,text,timestamp,username}"), nil)
	do(req, err, &read)
	form := url.Values{}
	for key, value := range benchReply.Form {
		form.Set(key, value)
	}
	var made struct{ ID string }
	req, err = http.NewRequest(http.MethodPost, account.GraphURL+"/v26.0"+benchReply.Path, strings.NewReader(form.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	do(req, err, &made)
	if read.MentionedComment.Text == "" || made.ID == "" {
		b.Error("no text or no id")
	}
}
