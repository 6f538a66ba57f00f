package instagramtest_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

const account = instagramtest.GuideAccountID

func newFake(t testing.TB, o instagramtest.Options) *instagramtest.Fake {
	o.Accounts = []instagramtest.Account{
		{ID: account, Username: instagramtest.GuideUsername, Token: "T"},
		{ID: "17841400000000009", Username: "other", Token: "U"},
	}
	o.AppSecret = "s3cr3t"
	o.Now = func() time.Time { return start }
	f := instagramtest.New(o)
	t.Cleanup(f.Close)
	f.AddGuide()
	f.AddMedia(instagramtest.Media{ID: "500", Owner: instagramtest.GuideUsername, Caption: "our own"})
	f.AddMedia(instagramtest.Media{ID: "501", Owner: instagramtest.GuideUsername, ProductType: "LIVE"})
	f.AddMedia(instagramtest.Media{ID: "502", Owner: "stranger", ProductType: "STORY", Caption: "@bluebottle"})
	f.AddMedia(instagramtest.Media{ID: "503", Owner: instagramtest.GuideUsername, ProductType: "AD"})
	f.AddComment(instagramtest.Comment{ID: "600", MediaID: "500", FromID: "700", Username: "ada", Text: "@bluebottle how much?"})
	f.AddComment(instagramtest.Comment{ID: "601", MediaID: "500", ParentID: "600", FromID: "701", Username: "bob", Text: "yes"})
	f.AddComment(instagramtest.Comment{ID: "602", MediaID: "500", Username: "eve", Text: "spam", Hidden: true})
	f.AddComment(instagramtest.Comment{ID: "603", MediaID: "501", Username: "ada", Text: "live"})
	f.AddComment(instagramtest.Comment{ID: "604", MediaID: instagramtest.GuideMediaID, Username: "ada", Text: "@bluebottles are fish"})
	return f
}

func proof(token string) string {
	mac := hmac.New(sha256.New, []byte("s3cr3t"))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}

// ask makes one call; the client is one of its own, so that nothing is left open.
func ask(t testing.TB, f *instagramtest.Fake, method, path string, form url.Values, token string) (int, string) {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, f.URL()+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

// code is what an error envelope says, as "100/33".
func code(t testing.TB, answer string) (code, subcode int, message string) {
	t.Helper()
	var envelope struct {
		Error struct {
			Message, Type string
			Code          int
			Subcode       int    `json:"error_subcode"`
			Trace         string `json:"fbtrace_id"`
		}
	}
	if err := json.Unmarshal([]byte(answer), &envelope); err != nil || envelope.Error.Trace == "" || envelope.Error.Type == "" {
		t.Fatalf("no envelope (%v): %s", err, answer)
	}
	return envelope.Error.Code, envelope.Error.Subcode, envelope.Error.Message
}

func TestRefusals(t *testing.T) {
	mention := func(pairs ...string) url.Values {
		v := url.Values{"media_id": {instagramtest.GuideMediaID}, "comment_id": {instagramtest.GuideCommentID}, "message": {"hi"}}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
			if pairs[i+1] == "" {
				v.Del(pairs[i])
			}
		}
		return v
	}
	message := url.Values{"message": {"hi"}}
	const mentions = "/v26.0/" + account + "/mentions"
	for name, c := range map[string]struct {
		method, path  string
		form          url.Values
		token         string
		code, subcode int
		message       string
	}{
		"no token":                       {"GET", "/500", nil, "", 190, 0, "access token is required"},
		"another token":                  {"GET", "/500", nil, "X", 190, 0, "Invalid OAuth access token"},
		"a wrong proof":                  {"GET", "/500?appsecret_proof=00", nil, "T", 100, 0, "Invalid appsecret_proof"},
		"no such object":                 {"GET", "/999", nil, "T", 100, 33, "'999' does not exist"},
		"media of another account":       {"GET", "/500", nil, "U", 100, 33, ""},
		"a comment on media of others":   {"GET", "/" + instagramtest.GuideCommentID, nil, "T", 100, 33, ""},
		"another account's node":         {"GET", "/17841400000000009", nil, "T", 100, 33, ""},
		"an unknown field":               {"GET", "/600?fields=id,nope", nil, "T", 100, 0, "Tried accessing nonexisting field (nope) on node type (IGComment)"},
		"an unknown field of the media":  {"GET", "/600?fields=media{nope}", nil, "T", 100, 0, "nonexisting field (nope) on node type (IGMedia)"},
		"an unknown field of the user":   {"GET", "/" + account + "?fields=nope", nil, "T", 100, 0, "node type (IGUser)"},
		"parent_id of a mention":         {"GET", "/" + account + "?fields=mentioned_comment.comment_id(17894227972186120){parent_id}", nil, "T", 100, 0, "nonexisting field (parent_id)"},
		"a mention of somebody else":     {"GET", "/" + account + "?fields=mentioned_comment.comment_id(604){id}", nil, "T", 100, 33, ""},
		"no id of a mention":             {"GET", "/" + account + "?fields=mentioned_comment{id}", nil, "T", 100, 0, "comment_id is required"},
		"bad syntax":                     {"GET", "/600?fields=id,media{", nil, "T", 2500, 0, ""},
		"an unknown edge":                {"GET", "/600/nope", nil, "T", 2500, 0, ""},
		"an unknown edge to write":       {"POST", "/600/nope", message, "T", 100, 33, ""},
		"DELETE":                         {"DELETE", "/600", nil, "T", 100, 33, ""},
		"no message":                     {"POST", mentions, mention("message", ""), "T", 100, 0, "message is required"},
		"no message to reply":            {"POST", "/600/replies", url.Values{}, "T", 100, 0, "message is required"},
		"no media":                       {"POST", mentions, mention("media_id", ""), "T", 100, 0, "media_id is required"},
		"own media":                      {"POST", mentions, mention("media_id", "500", "comment_id", "600"), "T", 100, 0, "must not be owned"},
		"a comment without a mention":    {"POST", mentions, mention("comment_id", "604"), "T", 100, 33, "'604'"},
		"a comment on another media":     {"POST", mentions, mention("media_id", "17918195224117852"), "T", 100, 33, ""},
		"another account's mentions":     {"POST", mentions, mention(), "U", 100, 33, ""},
		"a mention in a story":           {"POST", mentions, mention("media_id", "502", "comment_id", ""), "T", 100, 0, "story"},
		"a comment under a media":        {"POST", "/500/comments", message, "T", 100, 33, ""},
		"hiding on a broadcast":          {"POST", "/603", url.Values{"hide": {"true"}}, "T", 100, 0, "live"},
		"hiding on media of others":      {"POST", "/604", url.Values{"hide": {"true"}}, "T", 100, 33, ""},
		"hiding, or what":                {"POST", "/600", url.Values{"hide": {"maybe"}}, "T", 100, 0, "hide is required"},
		"too long":                       {"POST", "/600/replies", url.Values{"message": {strings.Repeat("😀", 1101)}}, "T", 100, 0, "message is too long"},
		"a reply on media of others":     {"POST", "/" + instagramtest.GuideCommentID + "/replies", message, "T", 100, 33, ""},
		"a reply to a hidden comment":    {"POST", "/602/replies", message, "T", 100, 0, "hidden"},
		"a reply to a live comment":      {"POST", "/603/replies", message, "T", 100, 0, "live"},
		"a reply to nothing":             {"POST", "/999/replies", message, "T", 100, 33, ""},
		"a token of others in the query": {"GET", "/500?access_token=X", nil, "", 190, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, instagramtest.Options{})
			status, answer := ask(t, f, c.method, c.path, c.form, c.token)
			got, subcode, text := code(t, answer)
			if status < 400 || got != c.code || subcode != c.subcode || !strings.Contains(text, c.message) {
				t.Errorf("%d: %d/%d %s", status, got, subcode, text)
			}
			if n := len(f.Replies()); n > 0 {
				t.Error("it was said all the same")
			}
		})
	}
}

func TestRequireProof(t *testing.T) {
	f := newFake(t, instagramtest.Options{RequireProof: true})
	if _, answer := ask(t, f, "GET", "/500", nil, "T"); !strings.Contains(answer, "require an appsecret_proof") {
		t.Error(answer)
	}
	if status, answer := ask(t, f, "GET", "/500?access_token=T&appsecret_proof="+proof("T"), nil, ""); status != 200 {
		t.Error(answer)
	}
	if status, answer := ask(t, f, "POST", "/600/replies", url.Values{"message": {"hi"}, "access_token": {"T"}, "appsecret_proof": {proof("T")}}, ""); status != 200 {
		t.Error(answer)
	}
	for _, r := range f.Requests() {
		if r.Query.Has("access_token") || r.Form.Has("access_token") || r.Form.Has("appsecret_proof") || r.Header.Get("Authorization") != "" {
			t.Errorf("a secret is in the log: %+v", r)
		}
	}
}

func TestReadsAsMetaWritesThem(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	f.AddComment(instagramtest.Comment{ID: "610", MediaID: "500", FromID: "700", Username: "ada", Text: "ä/\"\n😀", LikeCount: 2})
	for path, want := range map[string]string{
		"/610": `{"timestamp":"2026-11-22T08:00:00+0000","text":"\u00e4\/\"\n\ud83d\ude00","id":"610"}`,
		"/v26.0/610?fields=from,like_count,hidden,media{media_product_type}": `{"from":{"id":"700","username":"ada"},"like_count":2,"hidden":false,"media":{"media_product_type":"FEED","id":"500"},"id":"610"}`,
		"/v3.2/500?fields=caption,media_type,username":                       `{"caption":"our own","media_type":"IMAGE","username":"bluebottle","id":"500"}`,
		"/600/replies?fields=id,text":                                        `{"data":[{"text":"yes","id":"601"}],"paging":{"cursors":{"after":"QVFI=1"}}}`,
		"/" + account + "?fields=id,username":                                `{"username":"bluebottle","id":"17841405726653026"}`,
	} {
		if status, answer := ask(t, f, "GET", path, nil, "T"); status != 200 || answer != want {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
}

// A comment is hidden, and shown again. The account's own stays visible, though Meta says that it was done.
func TestHideAndShow(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	f.AddComment(instagramtest.Comment{ID: "605", MediaID: "500", FromID: account, Username: instagramtest.GuideUsername, Text: "ours"})
	for _, c := range []struct {
		path   string
		form   url.Values
		hidden bool
	}{
		{"/600", url.Values{"hide": {"true"}}, true},
		{"/600", url.Values{"hide": {"false"}}, false},
		{"/600?hide=true", url.Values{}, true},
		{"/605", url.Values{"hide": {"true"}}, false},
	} {
		status, answer := ask(t, f, "POST", c.path, c.form, "T")
		if status != 200 || answer != `{"success":true}` || f.Hidden(c.path[1:4]) != c.hidden {
			t.Errorf("%s %v: %s, hidden %v", c.path, c.form, answer, f.Hidden(c.path[1:4]))
		}
	}
}

// Comments on ads are in no list, and the ad's copy of a post is none of the account's media; the comment's node is shown.
func TestAdsAreInNoList(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	f.AddComment(instagramtest.Comment{ID: "606", MediaID: "503", FromID: "700", Username: "ada", Text: "how much?"})
	if _, answer := ask(t, f, "GET", "/503/comments?fields=text", nil, "T"); answer != `{"data":[]}` {
		t.Error(answer)
	}
	if _, answer := ask(t, f, "GET", "/"+account+"/media?fields=id", nil, "T"); strings.Contains(answer, "503") {
		t.Error(answer)
	}
	if _, answer := ask(t, f, "GET", "/606?fields=text", nil, "T"); answer != `{"text":"how much?","id":"606"}` {
		t.Error(answer)
	}
}

func TestStripMentions(t *testing.T) {
	f := newFake(t, instagramtest.Options{StripMentions: true})
	_, answer := ask(t, f, "GET", "/"+account+"?fields=mentioned_media.media_id(17918195224117851){caption}", nil, "T")
	if want := `{"mentioned_media":{"caption":"bluebottle There can be only one!","id":"17918195224117851"},"id":"17841405726653026"}`; answer != want {
		t.Error(answer)
	}
}

func TestRepliesHangUnderTheTopLevel(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	status, answer := ask(t, f, "POST", "/v26.0/601/replies", url.Values{"message": {"hi bob"}}, "T")
	if status != 200 {
		t.Fatal(answer)
	}
	want := instagramtest.Reply{ID: "17911496353086895", Account: account, Media: "500", Comment: "600", Text: "hi bob",
		Edge: "replies", Path: "/601/replies", Form: map[string]string{"message": "hi bob"}, At: start}
	if diff := cmp.Diff([]instagramtest.Reply{want}, f.Replies()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, answer = ask(t, f, "GET", "/600/replies?fields=text,username", nil, "T")
	if want := `{"data":[{"text":"yes","username":"bob","id":"601"},{"text":"hi bob","username":"bluebottle","id":"17911496353086895"}],"paging":{"cursors":{"after":"QVFI=2"}}}`; answer != want {
		t.Error(answer)
	}
	f.Remove("600")
	for _, id := range []string{"600", "601", "17911496353086895"} {
		if status, _ := ask(t, f, "GET", "/"+id, nil, "T"); status == 200 {
			t.Errorf("%s is still there", id)
		}
	}
}

func TestFieldsOnAPostMakesTheCommentAllTheSame(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	_, answer := ask(t, f, "POST", "/600/replies?fields=id", url.Values{"message": {"hi"}}, "T")
	if got, subcode, _ := code(t, answer); got != 20 || subcode != 1772107 || len(f.Replies()) != 1 {
		t.Errorf("%s, %d replies", answer, len(f.Replies()))
	}
}

func TestInventAndLean(t *testing.T) {
	told := make(chan instagramtest.Reply, 1)
	f := newFake(t, instagramtest.Options{Lean: true,
		OnReply: func(r instagramtest.Reply) { told <- r },
		Invent: func(id string) (instagramtest.Comment, bool) {
			return instagramtest.Comment{ID: id, MediaID: "77", Text: "@bluebottle hi", Timestamp: start}, strings.HasPrefix(id, "9")
		}})
	if status, answer := ask(t, f, "GET", "/"+account+"?fields=mentioned_comment.comment_id(901){text}", nil, "T"); status != 200 {
		t.Error(answer)
	}
	if status, answer := ask(t, f, "POST", "/"+account+"/mentions", url.Values{"media_id": {"77"}, "comment_id": {"901"}, "message": {"hi"}}, "T"); status != 200 {
		t.Error(answer)
	}
	if r := <-told; r.Comment != "901" || f.ReplyCount() != 1 || len(f.Replies()) != 0 || len(f.Requests()) != 0 {
		t.Errorf("%+v, %d counted, %d and %d kept", r, f.ReplyCount(), len(f.Replies()), len(f.Requests()))
	}
}

func TestWaitReplies(t *testing.T) {
	f := newFake(t, instagramtest.Options{})
	got := make(chan int)
	go func() {
		replies, _ := f.WaitReplies(context.Background(), 2)
		got <- len(replies)
	}()
	for range 2 {
		ask(t, f, "POST", "/600/replies", url.Values{"message": {"hi"}}, "T")
	}
	if n := <-got; n != 2 {
		t.Errorf("waited for %d", n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if replies, err := f.WaitReplies(ctx, 3); err == nil || len(replies) != 2 {
		t.Errorf("%d, %v", len(replies), err)
	}
}
