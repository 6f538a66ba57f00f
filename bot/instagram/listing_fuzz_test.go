package instagram_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram"
)

// said answers every call with the same text.
type said string

func (s said) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(s)))}, nil
}

// Whatever a list holds, what is made of it has ids that may stand in a path, and every comment of it is an event that
// tells the same.
func FuzzLists(f *testing.F) {
	for _, seed := range []string{
		`{"data":[{"id":"1","comments_count":3,"media_product_type":"FEED","timestamp":"2026-11-22T08:00:00+0000"}]}`,
		`{"data":[{"id":17895695668004550,"text":"hi \u2764","username":"ada","from":{"id":"7"},"hidden":true,"parent_id":"1",
			"replies":{"data":[{"id":"2","text":null}],"paging":{"cursors":{"after":"x"},"next":"https://example.com/?access_token=t"}}}],
			"paging":{"cursors":{"after":"QVFI="},"next":"https://example.com"}}`,
		`{"data":[{"id":"../1"},[],null,{"replies":[]},{"id":"3","comments_count":"-1"}],"paging":[]}`,
		`{"data":{}}`, `[]`, ``, `{"data":[{"id":"4","text":"\ud800\u0000<>&"}]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		client := instagram.NewClient(instagram.Options{Transport: said(answer)})
		account := instagram.Account{ID: "1", GraphURL: "https://graph.example"}
		posts, _ := client.OwnMedia(context.Background(), account)
		for _, p := range posts {
			if strings.Trim(p.ID, "0123456789_") != "" || p.Comments < -1 {
				t.Errorf("%+v", p)
			}
		}
		page, err := client.CommentsOn(context.Background(), account, "2", "")
		if err != nil {
			return
		}
		for _, top := range page.Comments {
			for _, c := range append(top.Replies.Comments, top) {
				change, err := instagram.Retell("1", instagram.Media{ID: "2"}, c.Comment)
				v := change.Value
				if err != nil || v.CommentID != c.ID || v.Text != c.Text || v.FromUsername != c.Username || v.FromID != c.FromID || v.ParentID != c.ParentID {
					t.Errorf("%v: %+v of %+v", err, v, c)
				}
			}
		}
	})
}
