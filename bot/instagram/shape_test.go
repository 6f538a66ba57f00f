package instagram_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawn writes JSON with everything left to chance that doesn't matter: white space, the order of keys, unknown keys,
// numbers for strings of digits.
type drawn struct{ *rapid.T }

func (d drawn) space() string {
	return rapid.SampledFrom([]string{"", "", "", " ", "\n\t", "\r\n"}).Draw(d.T, "space")
}

func (d drawn) object(members map[string]string) string {
	if rapid.Bool().Draw(d.T, "unknown") {
		members["x_unknown"] = `{"id":"666","text":"}],\"","field":[null,{"value":-1.5e3}]}`
	}
	// A draw must begin with the same order each time.
	keys := slices.Sorted(maps.Keys(members))
	keys = rapid.Permutation(keys).Draw(d.T, "order")
	var parts []string
	for _, key := range keys {
		parts = append(parts, d.space()+`"`+key+`"`+d.space()+":"+d.space()+members[key]+d.space())
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// id writes an id, and "" in one of the ways in which it may lack.
func (d drawn) id(members map[string]string, key, id string) {
	switch {
	case id == "":
		switch rapid.IntRange(0, 2).Draw(d.T, "lacks") {
		case 1:
			members[key] = `""`
		case 2:
			members[key] = "null"
		}
	case id[0] != '0' && !strings.Contains(id, "_") && rapid.Bool().Draw(d.T, "number"):
		members[key] = id
	default:
		members[key] = `"` + id + `"`
	}
}

func (d drawn) text(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil {
		d.Fatal(err)
	}
	return string(quoted)
}

var (
	someID  = rapid.StringMatching(`[0-9]{1,20}|[0-9]{1,15}_[0-9]{1,15}`)
	maybeID = rapid.OneOf(rapid.Just(""), someID)
	// someParent is one that isn't taken for none; the corpus has those that are.
	someParent = rapid.OneOf(rapid.Just(""), rapid.StringMatching(`9{21}[0-9]`))
)

func drawValue(t *rapid.T) instagram.Value {
	return instagram.Value{
		CommentID:        someID.Draw(t, "comment"),
		Text:             rapid.String().Draw(t, "text"),
		HasText:          true,
		FromID:           maybeID.Draw(t, "from"),
		FromUsername:     rapid.StringMatching(`[a-z0-9._]{0,30}`).Draw(t, "username"),
		ParentID:         someParent.Draw(t, "parent"),
		MediaID:          someID.Draw(t, "media"),
		MediaProductType: rapid.SampledFrom([]string{"", "FEED", "AD"}).Draw(t, "product"),
		AdID:             maybeID.Draw(t, "ad"),
		OriginalMediaID:  maybeID.Draw(t, "original"),
	}
}

func (d drawn) value(v instagram.Value) string {
	media := map[string]string{"media_product_type": d.text(v.MediaProductType)}
	value := map[string]string{"text": d.text(v.Text)}
	d.id(media, "ad_id", v.AdID)
	d.id(media, "original_media_id", v.OriginalMediaID)
	if rapid.Bool().Draw(d.T, "media_id") {
		d.id(value, "media_id", v.MediaID)
	} else {
		d.id(media, "id", v.MediaID)
	}
	d.id(value, rapid.SampledFrom([]string{"id", "comment_id"}).Draw(d.T, "comment key"), v.CommentID)
	d.id(value, "parent_id", v.ParentID)
	from := map[string]string{"username": d.text(v.FromUsername)}
	d.id(from, "id", v.FromID)
	value["from"], value["media"] = d.object(from), d.object(media)
	return d.object(value)
}

// TestParseAnyForm: however a notification is written, it says the same.
func TestParseAnyForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawn{t}
		var want []instagram.Change
		var entries []string
		for range rapid.IntRange(1, 3).Draw(t, "entries") {
			account, at := someID.Draw(t, "account"), rapid.Int64Range(1_300_000_000, 4_000_000_000).Draw(t, "time")
			entry := map[string]string{"time": fmt.Sprint(at)}
			if rapid.Bool().Draw(t, "milliseconds") {
				entry["time"] = fmt.Sprintf(`"%d000"`, at)
			}
			d.id(entry, "id", account)
			field := rapid.SampledFrom([]string{"comments", "live_comments", "mentions"}).Draw(t, "field")
			n := rapid.IntRange(1, 3).Draw(t, "changes")
			flat := rapid.Bool().Draw(t, "flat")
			if flat {
				n = 1
			}
			var changes []string
			for range n {
				v := drawValue(t)
				change := map[string]string{"field": d.text(field), "value": d.value(v)}
				if flat {
					entry["field"], entry["value"] = change["field"], change["value"]
				} else {
					changes = append(changes, d.object(change))
				}
				v.Text = strings.ReplaceAll(v.Text, "\x00", "")
				want = append(want, instagram.Change{EntryID: account, Time: time.Unix(at, 0).UTC(), Field: field, Value: v})
			}
			if !flat {
				entry["changes"] = "[" + strings.Join(changes, ",") + "]"
			}
			entries = append(entries, d.object(entry))
		}
		body := d.object(map[string]string{"object": `"instagram"`, "entry": "[" + strings.Join(entries, ",") + "]"})
		if rapid.Bool().Draw(t, "array") {
			body = "[" + d.space() + body + d.space() + "]"
		}
		got, err := instagram.Parse([]byte(body))
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		for i := range got.Changes {
			again, err := instagram.ParseChange(got.Changes[i].Raw)
			if err != nil || again.Value != got.Changes[i].Value || again.Field != got.Changes[i].Field {
				t.Fatalf("raw %s gives another change: %v", got.Changes[i].Raw, err)
			}
			got.Changes[i].Raw = nil
		}
		if diff := cmp.Diff(want, got.Changes); diff != "" || len(got.Ignored) > 0 {
			t.Fatalf("%s\nignored %v (-want +got):\n%s", body, got.Ignored, diff)
		}
	})
}
