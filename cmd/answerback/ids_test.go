package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// Ids that a float64 doesn't hold: each would come out as its neighbour, or as something with an exponent.
const (
	idOfAccount = "17841405726653027"
	idOfPage    = "9007199254740993"
	idOfMedia   = "17895695668004551"
	idOfPost    = "17895695668004553"
	idElsewhere = "17918195224117853"
	idOfStory   = "18023345989012347"
	idOfComment = "17900000000077001"
	idOfMention = "17900000000077003"
	idOfAuthor  = "12345678901234567890123"
)

// digitsOf are ids written as people and other programs may write them: as numbers.
var digitsOf = strings.NewReplacer(
	"ACCOUNT", idOfAccount, "PAGE", idOfPage, "MEDIA", idOfMedia, "POST", idOfPost, "ELSEWHERE", idElsewhere,
	"STORY", idOfStory, "COMMENT", idOfComment, "MENTION", idOfMention, "AUTHOR", idOfAuthor,
)

const rulesOfIDs = `lists:
  vips: [AUTHOR]
rules:
  - name: one post
    on: comment
    accounts: ACCOUNT
    media: [POST]
    when: from.id in lists.vips and media.id == "MEDIA"
    reply: reply COMMENT to {{ comment.id }} {{ media.id }} {{ from.id }} {{ account.id }}
    private_reply: private {{ comment.id }}
    notify: {to: ops, text: "notify {{ comment.id }} {{ media.id }} {{ from.id }} {{ account.id }}"}
    tests:
      - event:
          text: COMMENT
          account: {id: ACCOUNT}
          comment: {id: COMMENT}
          from: {id: AUTHOR}
          media: {id: MEDIA, original_id: POST}
        expect: {verdict: reply, reply: reply COMMENT to COMMENT MEDIA AUTHOR ACCOUNT, private_reply: private COMMENT}
  - name: one elsewhere
    on: mention
    media: ELSEWHERE
    reply: mention {{ comment.id }} {{ media.id }}
  - name: a story
    on: story_insights
    notify: {to: ops, text: "story {{ media.id }}"}
`

const bodyOfIDs = `{"object":"instagram","entry":[{"id":ACCOUNT,"time":1785412106,"changes":[
	{"field":"comments","value":{"id":COMMENT,"text":"COMMENT","from":{"id":AUTHOR,"username":"ada"},"media":{"id":MEDIA,"original_media_id":POST}}},
	{"field":"mentions","value":{"comment_id":MENTION,"media_id":ELSEWHERE}},
	{"field":"story_insights","value":{"media_id":STORY,"reach":17}}]}]}`

// Ids pass unharmed through all of it, though nobody quotes them.
func TestIDsPassUnharmed(t *testing.T) {
	t.Parallel()
	s := newSiteOf(t, digitsOf.Replace(rulesOfIDs), instagramtest.Account{
		ID: idOfAccount, Username: instagramtest.GuideUsername, Token: scriptToken, PageID: idOfPage,
	})
	ops := newPeople(t)
	config := filepath.Join(s.dir, "answerback.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, strings.NewReplacer(
		`"`+idOfAccount+`"`, idOfAccount, `"`+idOfPage+`"`, idOfPage, "http://127.0.0.1:9/", ops.URL,
	).Replace(string(text)))
	body := ofNow([]byte(digitsOf.Replace(bodyOfIDs)))
	write(t, filepath.Join(s.dir, "sample.json"), string(body))
	s.fake.AddMedia(instagramtest.Media{ID: idOfMedia, Owner: instagramtest.GuideUsername})
	s.fake.AddMedia(instagramtest.Media{ID: idElsewhere, Owner: "stranger"})
	s.fake.AddComment(instagramtest.Comment{ID: idOfComment, MediaID: idOfMedia, FromID: idOfAuthor, Username: "ada", Text: "hello"})
	s.fake.AddComment(instagramtest.Comment{ID: idOfMention, MediaID: idElsewhere, FromID: idOfAuthor, Username: "ada", Text: "hello @" + instagramtest.GuideUsername})

	shown := s.tried(t)
	s.start(t)
	if err := s.fake.Send(t.Context(), s.daemon.webhook, body); err != nil {
		t.Fatal(err)
	}
	s.until(t, "not all is said", func() bool {
		return s.fake.ReplyCount() == 2 && len(s.fake.Messages()) == 1 && len(ops.told()) == 2 && s.metric("answerback_inbox_backlog") == "0"
	})
	_, metrics, err := s.daemon.ask("GET", "/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.stop(t)
	shown["metrics"] = strings.Join(labels.FindAllString(metrics, -1), "\n")
	shown["events list"] = s.output(t, "events", "list", "-c", "answerback.yaml", "-o", "json")
	for n := 1; n <= 3; n++ {
		shown["events show"] += s.output(t, "events", "show", "-c", "answerback.yaml", "-o", "json", fmt.Sprint(n))
	}
	shown["notes"] = fmt.Sprint(ops.told())
	shown["log"] = s.daemon.said()
	for _, r := range s.fake.Requests() {
		shown["Graph calls"] += fmt.Sprintln(r.Method, r.Path, r.Query, r.Form)
	}
	s.checkIDs(t, shown)
}

// tried is what the verbs that only read show of the ids.
func (s *site) tried(t *testing.T) map[string]string {
	t.Helper()
	s.output(t, "test", "rules")
	return map[string]string{
		"dry-run": s.output(t, "dry-run", "-c", "answerback.yaml", "-r", "rules", "-o", "json", "--text", "hello", "--from", "ada", "sample.json"),
	}
}

func (s *site) output(t *testing.T, args ...string) string {
	t.Helper()
	stdout, err := s.program(t, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, stdout)
	}
	return string(stdout)
}

var (
	longRuns = regexp.MustCompile(`[0-9]{15,}`)
	exponent = regexp.MustCompile(`[0-9]e\+[12][0-9]`)
	labels   = regexp.MustCompile(`\{.*\}`)
)

// checkIDs looks for each id where it must be told, and for runs of digits that are none of them.
func (s *site) checkIDs(t *testing.T, shown map[string]string) {
	t.Helper()
	known := []string{idOfAccount, idOfPage, idOfMedia, idOfPost, idElsewhere, idOfStory, idOfComment, idOfMention, idOfAuthor}
	for _, r := range s.fake.Replies() {
		known = append(known, r.ID)
	}
	for _, m := range s.fake.Messages() {
		known = append(known, longRuns.FindString(m.ID))
	}
	for where, text := range shown {
		for _, run := range longRuns.FindAllString(text, -1) {
			if !slices.Contains(known, run) {
				t.Errorf("%s: %s is no id that there is", where, run)
			}
		}
		if found := exponent.FindString(text); found != "" {
			t.Errorf("%s: a number like %s", where, found)
		}
	}
	for where, want := range map[string]string{
		"dry-run":     "ACCOUNT MEDIA POST ELSEWHERE STORY COMMENT MENTION AUTHOR PAGE",
		"events list": "ACCOUNT STORY COMMENT MENTION",
		"events show": "ACCOUNT MEDIA POST ELSEWHERE STORY COMMENT MENTION AUTHOR PAGE",
		"metrics":     "ACCOUNT",
		"notes":       "ACCOUNT MEDIA STORY COMMENT AUTHOR",
		"log":         "ACCOUNT",
		"Graph calls": "ACCOUNT MEDIA ELSEWHERE COMMENT MENTION AUTHOR PAGE",
	} {
		for _, id := range strings.Fields(digitsOf.Replace(want)) {
			if !strings.Contains(shown[where], id) {
				t.Errorf("%s: nothing of %s in\n%s", where, id, shown[where])
			}
		}
	}
}
