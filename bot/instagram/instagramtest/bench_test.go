package instagramtest_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// BenchmarkFake asks over bare connections, so that what is measured is the fake.
func BenchmarkFake(b *testing.B) {
	form := "comment_id=" + instagramtest.GuideCommentID + "&media_id=" + instagramtest.GuideMediaID + "&message=Challenge+accepted%21&appsecret_proof=" + proof("T")
	for name, request := range map[string]string{
		"read": "GET /v26.0/" + account + "?fields=mentioned_comment.comment_id(" + instagramtest.GuideCommentID +
			")%7Bid,text,timestamp,username%7D&appsecret_proof=" + proof("T") + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer T\r\n\r\n",
		"write": "POST /v26.0/" + account + "/mentions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer T\r\n" +
			"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + strconv.Itoa(len(form)) + "\r\n\r\n" + form,
	} {
		b.Run(name, func(b *testing.B) {
			f := newFake(b, instagramtest.Options{Lean: true})
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				conn, err := net.Dial("tcp", strings.TrimPrefix(f.URL(), "http://"))
				if err != nil {
					b.Error(err)
					return
				}
				defer conn.Close()
				r := bufio.NewReader(conn)
				for pb.Next() {
					if _, err := io.WriteString(conn, request); err != nil {
						b.Error(err)
						return
					}
					if err := take(r); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}

// take reads one answer, which must be a 200.
func take(r *bufio.Reader) error {
	length := 0
	for first := true; ; first = false {
		line, err := r.ReadString('\n')
		if err != nil {
			return err
		}
		if first && !strings.Contains(line, " 200 ") {
			return fmt.Errorf("answered with %q", line)
		}
		if n, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			if length, err = strconv.Atoi(strings.TrimSpace(n)); err != nil {
				return err
			}
		}
		if line == "\r\n" {
			_, err := r.Discard(length)
			return err
		}
	}
}
