package instagram_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
)

// corpus is where every shape of a notification that is known lies, real and made; see its README.
const corpus = "../../testdata/notifications/"

func bodies(t testing.TB) map[string][]byte {
	return files(t, corpus+"*.json", samples+"guide_*.json", samples+"reference_*.json", samples+"direct_*.json")
}

// What a shape is read as stands beside it.
func TestParseShapes(t *testing.T) {
	for path, body := range bodies(t) {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			got, err := instagram.Parse(body)
			var text bytes.Buffer
			if err != nil {
				text.WriteString("error " + err.Error() + "\n")
			}
			for _, c := range got.Changes {
				text.WriteString("change " + string(c.Kind()) + " " + c.Key("ACCOUNT") + "\n")
				enc := json.NewEncoder(&text)
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				if err := enc.Encode(c); err != nil {
					t.Fatal(err)
				}
			}
			for _, i := range got.Ignored {
				text.WriteString("ignored " + i.Reason + ": " + i.Name + "\n")
			}
			golden(t, filepath.Join(corpus, name+".parsed"), text.Bytes())
			checkNotification(t, got)
		})
	}
}

// checkNotification asserts what holds for whatever was parsed.
func checkNotification(t testing.TB, n instagram.Notification) {
	t.Helper()
	for _, c := range n.Changes {
		if c.Kind() == "" {
			t.Errorf("a change of field %q is of no kind", c.Field)
		}
		ids := []string{c.EntryID, c.Value.CommentID, c.Value.FromID, c.Value.ParentID, c.Value.MediaID, c.Value.AdID, c.Value.OriginalMediaID}
		for _, id := range ids {
			if strings.Trim(id, "0123456789_") != "" || len(id) > 33 || strings.Count(id, "_") > 1 {
				t.Errorf("%q is no id", id)
			}
		}
		for _, text := range []string{c.Value.Text, c.Value.FromUsername, c.Value.MediaProductType} {
			if !utf8.ValidString(text) || utf8.RuneCountInString(text) > 10_000 {
				t.Errorf("text of %d bytes is too long or not UTF-8", len(text))
			}
		}
		for name, n := range c.Metrics() {
			if n < -1 {
				t.Errorf("metric %s is %d", name, n)
			}
		}
		if key := c.Key("1"); strings.HasSuffix(key, "/") {
			t.Errorf("the key %q has no id", key)
		}
		checkRaw(t, c)
	}
	for _, i := range n.Ignored {
		if i.Reason == "" || utf8.RuneCountInString(i.Name) > 64 {
			t.Errorf("ignored without a reason or with too long a name: %+v", i)
		}
	}
}

func checkRaw(t testing.TB, c instagram.Change) {
	t.Helper()
	var compact bytes.Buffer
	if err := json.Compact(&compact, c.Raw); err != nil || !bytes.Equal(compact.Bytes(), c.Raw) {
		t.Errorf("raw is not compact JSON (%v): %s", err, c.Raw)
	}
	again, err := instagram.ParseChange(c.Raw)
	if err != nil {
		t.Fatalf("raw %s: %v", c.Raw, err)
	}
	c.EntryID, c.Time = "", time.Time{}
	if diff := cmp.Diff(c, again); diff != "" {
		t.Errorf("raw gives another change (-first +again):\n%s", diff)
	}
}

func TestParseErrors(t *testing.T) {
	for body, want := range map[string]error{
		"":                          instagram.ErrJSON,
		"{":                         instagram.ErrJSON,
		`{"object":"instagram"} x`:  instagram.ErrJSON,
		"<html>":                    instagram.ErrJSON,
		strings.Repeat("[", 20_000): instagram.ErrJSON,
		strings.Repeat(`{"entry":`, 20_000) + "1": instagram.ErrJSON,
		"null":        instagram.ErrNotNotification,
		"5":           instagram.ErrNotNotification,
		`"object"`:    instagram.ErrNotNotification,
		"[]":          instagram.ErrNotNotification,
		"{}":          instagram.ErrNotNotification,
		"[[], 5, {}]": instagram.ErrNotNotification,
		`{"field":"comments","value":{"id":"1"}}`: instagram.ErrBare,
	} {
		if got, err := instagram.Parse([]byte(body)); !errors.Is(err, want) || len(got.Changes) > 0 {
			t.Errorf("%.40q: got %v, want %v", body, err, want)
		}
	}
}

func TestParseChangeErrors(t *testing.T) {
	for raw, want := range map[string]string{
		`{"field":"feed","value":{}}`:                   "not a change of ours: field feed",
		`{"value":{"id":"1"}}`:                          "not a change of ours: junk field",
		`{"field":"comments"}`:                          "not a change of ours: empty comments",
		`{"field":"comments","value":{}}`:               "not a change of ours: junk no comment id",
		`{"field":"comments","value":{"id":"../x"}}`:    "not a change of ours: junk id",
		`{"field":"mentions","value":{"comment_id":1}}`: "not a change of ours: junk no media id",
		`[]`:   "not a change of ours: junk field",
		`{"a"`: "not JSON",
	} {
		if _, err := instagram.ParseChange([]byte(raw)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", raw, err, want)
		}
	}
}

func TestParseBounds(t *testing.T) {
	long := strings.Repeat("ä", 10_001)
	body := `{"object":"instagram","entry":[{"id":"1","changes":[{"field":"comments","value":{"id":"1","text":"` + long + `"}}]}]}`
	got, err := instagram.Parse([]byte(body))
	if err != nil || len(got.Changes) != 1 {
		t.Fatal(err, got.Ignored)
	}
	if n := utf8.RuneCountInString(got.Changes[0].Value.Text); n != 10_000 {
		t.Errorf("the text was cut at %d code points", n)
	}
	checkNotification(t, got)

	junk := `{"object":"instagram","entry":[{"id":"1","changes":[` + strings.Repeat("1,", 1<<20) + `1]}]}`
	got, err = instagram.Parse([]byte(junk))
	if err != nil || len(got.Ignored) > 10_001 {
		t.Errorf("%d parts are kept (%v)", len(got.Ignored), err)
	}
	if last := got.Ignored[len(got.Ignored)-1].Name; last != "too many parts" {
		t.Errorf("that parts were dropped is not told: %q", last)
	}

	deep := `{"object":"instagram","entry":[{"id":"1","changes":[{"field":"comments","value":{"id":"1","x":` +
		strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `}}]}]}`
	got, err = instagram.Parse([]byte(deep))
	if err != nil || len(got.Changes) != 1 {
		t.Fatalf("deep nesting in an unknown key: %v, %v", err, got.Ignored)
	}
	checkNotification(t, got)
}

// What should be a list and is none is not the same as nothing: somebody has to hear of it.
func TestWhatShouldBeAListIsJunkWhereItIsNone(t *testing.T) {
	const change = `{"field":"comments","value":{"id":"11"}}`
	for body, want := range map[string]string{
		`{"object":"instagram","entry":{"id":"1","changes":[` + change + `]}}`:    "junk entry",
		`{"object":"instagram","entry":"1"}`:                                      "junk entry",
		`{"object":"instagram","entry":[{"id":"1","changes":` + change + `}]}`:    "junk changes",
		`{"object":"instagram","entry":[{"id":"1","messaging":{"message":{}}}]}`:  "junk messaging",
		`{"object":"instagram","entry":[{"id":"1","standby":true}]}`:              "junk standby",
		`{"object":"instagram","entry":[{"id":"1","changed_fields":"mentions"}]}`: "junk changed_fields",
		`{"object":"instagram","entry":["1"]}`:                                    "junk entry",
		`{"object":"instagram","entry":null}`:                                     "empty entry",
		`{"object":"instagram","entry":[null]}`:                                   "empty entry",
		`{"object":"instagram","entry":[{"id":"1","changes":null}]}`:              "empty entry",
		`{"object":"instagram","entry":[{"id":"1","changed_fields":null}]}`:       "empty entry",
	} {
		got, err := instagram.Parse([]byte(body))
		if err != nil || len(got.Changes) > 0 || len(got.Ignored) != 1 || got.Ignored[0].Reason+" "+got.Ignored[0].Name != want {
			t.Errorf("%s: got %+v, %v, want %s", body, got, err, want)
		}
	}
}

func TestParseSavedByAnEditor(t *testing.T) {
	got, err := instagram.Parse(append([]byte("\uFEFF"), sample(t, "guide_mention_in_comment.json")...))
	if err != nil || len(got.Changes) != 1 {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestKindKeyRank(t *testing.T) {
	for _, c := range []struct {
		raw  string
		kind platform.Kind
		key  string
		rank int
	}{
		{`{"field":"comments","value":{"id":"7","media":{"id":"8"}}}`, platform.Comment, "1/comment/7", 1},
		{`{"field":"live_comments","value":{"id":"7"}}`, platform.LiveComment, "1/comment/7", 1},
		{`{"field":"mentions","value":{"comment_id":"7","media_id":"8"}}`, platform.CommentMention, "1/comment/7", 0},
		{`{"field":"mentions","value":{"media_id":"8"}}`, platform.CaptionMention, "1/caption/8", 0},
		{`{"field":"story_insights","value":{"media_id":"8","reach":1}}`, platform.StoryInsights, "1/insights/8", 0},
	} {
		change, err := instagram.ParseChange([]byte(c.raw))
		if err != nil {
			t.Fatal(c.raw, err)
		}
		if change.Kind() != c.kind || change.Key("1") != c.key || change.Rank() != c.rank {
			t.Errorf("%s: got %q, %q, %d", c.raw, change.Kind(), change.Key("1"), change.Rank())
		}
	}
	if foreign := (&instagram.Change{Field: "feed"}); foreign.Kind() != "" {
		t.Errorf("a foreign field is of kind %q", foreign.Kind())
	}
}

func FuzzParse(f *testing.F) {
	for _, body := range bodies(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		n, err := instagram.Parse(body)
		if !bytes.Equal(before, body) {
			t.Fatal("the body was changed")
		}
		if err != nil && (len(n.Changes) > 0 || len(n.Ignored) > 0) {
			t.Fatal("an error and parts of a notification")
		}
		if err == nil && len(n.Changes) == 0 && len(n.Ignored) == 0 {
			t.Fatal("nothing was found, and nothing ignored")
		}
		checkNotification(t, n)
	})
}

func FuzzParseChange(f *testing.F) {
	for _, body := range bodies(f) {
		n, _ := instagram.Parse(body) // the bare change is no notification
		for _, c := range n.Changes {
			f.Add([]byte(c.Raw))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if c, err := instagram.ParseChange(raw); err == nil {
			checkNotification(t, instagram.Notification{Changes: []instagram.Change{c}})
		}
	})
}

// The corpus' index is whole.
func TestCorpusIsIndexed(t *testing.T) {
	index := string(files(t, corpus+"README.md")[corpus+"README.md"])
	for path := range files(t, corpus+"*.json") {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		if !strings.Contains(index, "| "+name+" ") && !strings.Contains(index, "| "+name+",") && !strings.Contains(index, ", "+name+" ") && !strings.Contains(index, ", "+name+",") {
			t.Errorf("nothing is said of %s", name)
		}
	}
}
