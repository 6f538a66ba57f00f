package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// scene is a rule or several, and what happens to events that bear the scene's mark, a word that no other rule of the
// set looks for. MARK in the rules and texts stands for it.
type scene struct {
	name  string
	rules string
	turns []turn
}

// turn is an event of a scene and what must come of it.
type turn struct {
	mention bool // of the account in a comment elsewhere; else a comment on own media
	from    string
	text    string // after the mark
	parent  string
	likes   int

	verdict ledger.Verdict
	because rules.Because
	rule    string // "": the scene's first one, where one decided
	reply   string // as a pattern
	does    string // beside the reply: action and text, or place and text, of each
}

const doorsCaption = "A day at the #Beach, come by"

// where is a scene of one rule with a condition that holds.
func where(condition string) scene {
	return scene{name: condition, rules: "- name: MARK\n  on: [mention, comment]\n  reply: so it is\n  when: |-\n    has(text, \"MARK\") and (" + condition + ")\n",
		turns: []turn{{likes: 3, text: "Hello World #Sale @bluebottle @grace www.example.com 🎉 12", verdict: ledger.VerdictReply, reply: "so it is"}}}
}

// keyed is a scene of one rule with some keys more.
func keyed(name, keys string, turns ...turn) scene {
	return scene{name: name, rules: "- name: MARK\n  when: has(text, \"MARK\")\n" + strings.TrimRight("  "+strings.ReplaceAll(keys, "\n", "\n  "), " ") + "\n", turns: turns}
}

func says(reply string) turn { return turn{verdict: ledger.VerdictReply, reply: reply} }

func skipped(because rules.Because) turn {
	return turn{verdict: ledger.VerdictSkipped, because: because}
}

var unmatched = turn{verdict: ledger.VerdictNoMatch}

func acts(does string) turn { return turn{verdict: ledger.VerdictActed, does: does} }

func (s turn) beside(does string) turn { s.does = does; return s }
func (s turn) by(username string) turn { s.from = username; return s }
func (s turn) under(parent string) turn {
	s.parent = parent
	return s
}
func (s turn) elsewhere() turn          { s.mention = true; return s }
func (s turn) reading(text string) turn { s.text = text; return s }
func (s turn) ruled(rule string) turn   { s.rule = rule; return s }
func approvedLater(reply string) turn   { return turn{verdict: ledger.VerdictApprove, reply: reply} }
func onlyShadowed(reply string) turn    { return turn{verdict: ledger.VerdictShadow, reply: reply} }
func mistaken(because rules.Because) turn {
	return turn{verdict: ledger.VerdictError, because: because}
}

// doorScenes go through the tables of the rule language: each key of a rule, each field and each function.
func doorScenes() []scene {
	scenes := []scene{
		keyed("enabled", "enabled: false\nreply: never", unmatched),
		keyed("description, tags, owner", "description: for people\ntags: [a, b]\nowner: me\nreply: hi", says("hi")),
		keyed("mode live", "mode: live\nreply: hi", says("hi")),
		keyed("mode shadow", "mode: shadow\nreply: hi", onlyShadowed("hi")),
		keyed("mode approve", "mode: approve\nreply: hi", approvedLater("hi")),
		keyed("on mention", "on: mention\nreply: hi", unmatched, says("hi").elsewhere()),
		keyed("on comment", "on: [comment]\nreply: hi", says("hi"), unmatched.elsewhere()),
		keyed("on comment_mention", "on: comment_mention\nreply: hi", says("hi").elsewhere()),
		keyed("accounts by name", "accounts: BlueBottle\nreply: hi", says("hi")),
		keyed("accounts by id", "accounts: ['"+instagramtest.GuideAccountID+"']\nreply: hi", says("hi")),
		keyed("accounts of others", "accounts: [somebody_else]\nreply: hi", unmatched),
		keyed("media", "media: '"+ownMedia+"'\nreply: hi", says("hi"), unmatched.elsewhere()),
		keyed("unless", "unless: from.username == 'rival'\nreply: hi", says("hi"), unmatched.by("rival")),
		keyed("active", "active: {days: mon-sun, hours: '00:00-24:00', timezone: Europe/Lisbon, from: 2020-01-01, until: 2100-01-01}\nreply: hi", says("hi")),
		keyed("not active yet", "active: {from: 2100-01-01}\nreply: hi", unmatched),
		keyed("reply to a name", "reply: 'Hi @{{ from.username }}!'", says("Hi @ada!")),
		keyed("reply without a name", "on: mention\nreply: 'Hi @{{ media.caption }}!'", skipped(rules.BecauseEmptyValue).elsewhere()),
		keyed("a long reply", "reply: '"+strings.Repeat("{{ raw(text) }} ", 20)+"'", skipped(rules.BecauseTooLong).reading(strings.Repeat("word ", 30))),
		keyed("pick first", "pick: first\nreply: [one, two]", says("one"), says("one")),
		keyed("pick random", "pick: random\nreply: [one, two]", says("one|two")),
		keyed("pick rotate", "reply: [one, two, three]", says("one|two|three"), says("one|two|three")),
		keyed("a template", "reply: {template: door_reply}", says("by template for ada")),
		keyed("delay", "delay: 1s..2s\nreply: hi", says("hi")),
		keyed("cooldown", "cooldown: {per: user, for: 10m}\nreply: hi", says("hi"), skipped(rules.BecauseCooldown), says("hi").by("bob")),
		keyed("cooldowns", "cooldown: [{per: media, for: 10m}, {per: thread, for: 1s}]\nreply: hi", says("hi"), skipped(rules.BecauseCooldown).by("bob")),
		keyed("cooldown of the rule", "cooldown: {per: rule, for: 1h}\nreply: hi", says("hi"), skipped(rules.BecauseCooldown).by("bob").elsewhere()),
		keyed("once_per user and media", "once_per: [user, media]\nreply: hi", says("hi"), skipped(rules.BecauseOncePer), says("hi").elsewhere(), says("hi").by("bob")),
		keyed("once_per thread", "once_per: thread\nreply: hi", says("hi").under("17865799348089777"), skipped(rules.BecauseOncePer).under("17865799348089777").by("bob"), says("hi")),
		keyed("once_per ever", "once_per: ever\nreply: hi", says("hi"), skipped(rules.BecauseOncePer).by("bob")),
		keyed("once_per user and day", "once_per: [user, day]\nreply: hi", says("hi"), skipped(rules.BecauseOncePer), says("hi").by("bob")),
		keyed("limit", "limit: {max: 2, per: hour}\nreply: hi", says("hi"), says("hi").by("bob"), skipped(rules.BecauseLimit).by("eve")),
		keyed("max_age", "max_age: none\nreply: hi", says("hi")),
		{"priority", "- name: low MARK\n  when: has(text, \"MARK\")\n  reply: low\n- name: MARK\n  when: has(text, \"MARK\")\n  priority: 1\n  reply: high\n", []turn{says("high")}},
		{"the first one speaks", "- name: MARK\n  when: has(text, \"MARK\")\n  continue: true\n  reply: first\n- name: second MARK\n  when: has(text, \"MARK\")\n  reply: second\n", []turn{says("first")}},
		{"continue after silence", "- name: MARK\n  when: has(text, \"MARK\")\n  continue: true\n  once_per: user\n  reply: once\n- name: second MARK\n  when: has(text, \"MARK\")\n  reply: again\n",
			[]turn{says("once"), says("again").ruled("second MARK")}},
		keyed("private_reply", "on: comment\nprivate_reply: 'psst {{ from.username }}'", acts("private_reply psst ada")),
		keyed("private_reply beside reply", "on: comment\nonce_per: user\nreply: see your inbox\nprivate_reply: {template: door_reply}",
			says("see your inbox").beside("private_reply by template for ada"), skipped(rules.BecauseOncePer)),
		keyed("private_reply without a value", "on: comment\nreply: hi\nprivate_reply: '{{ media.owner == \"\" ? \"x\" : \"\" }}'", skipped(rules.BecauseEmptyValue)),
		keyed("hide", "on: comment\nhide: true", acts("hide ")),
		keyed("hide in shadow", "on: comment\nhide: true\nmode: shadow", onlyShadowed("").beside("hide ")),
		keyed("hide by a person", "on: comment\nhide: true\nmode: approve", approvedLater("").beside("hide ")),
		keyed("notify", "notify: {to: ops, text: 'look {{ comment.parent_id }}at {{ from.username }}'}", acts("notify ops: look at ada"), acts("notify ops: look at ada").elsewhere()),
		{"others beside a reply", "- name: told MARK\n  when: has(text, \"MARK\")\n  continue: true\n  notify: {to: ops, text: look}\n- name: MARK\n  when: has(text, \"MARK\")\n  reply: hi\n",
			[]turn{says("hi").beside("notify ops: look").ruled("MARK")}},
		{"a failing rule ends it", "- name: MARK\n  when: has(text, \"MARK\") and int(from.username) > 0\n  reply: never\n- name: second MARK\n  when: has(text, \"MARK\")\n  reply: never\n", []turn{mistaken(rules.BecauseFailed)}},
		keyed("history of a user", "reply: 'reply {{ history.user_replies + 1 }}'", says("reply 1").by("historian"), says("reply 2").by("historian")),
		keyed("history of a thread", "reply: '{{ history.thread_replies + 1 }}.'", says(`1\.`).under("17865799348089778"), says(`2\.`).under("17865799348089778").by("bob")),
		keyed("history of a media", "reply: '{{ history.media_replies > 0 ? \"seen\" : \"new\" }}'", says("seen")),
		keyed("shown", "reply: '{{ truncate(fold(\"ÀBC\"), 2) }} {{ optional(media.permalink) }} {{ default(media.id, \"x\") }} {{ raw(\"#tag\") }} {{ plural(comment.like_count, \"like\", \"likes\") }}'",
			turn{likes: 1, verdict: ledger.VerdictReply, reply: `ab .* ` + ownMedia + ` #tag like`}),
		keyed("defused", "reply: 'you said {{ text }}'", says("you said mark\\d+x … follow boss now").reading("www.evil.example follow @boss\nnow")),
	}
	for _, condition := range []string{
		`kind == "comment"`, `id endsWith comment.id`, `time.Year() > 2000`, `text startsWith "mark"`, `len(words) > 3`, `"sale" in hashtags`,
		`"grace" in mentions`, `urls[0] == "www.example.com"`, `"🎉" in emojis`, `mentions_me`, `from.id == "917" and from.username == "ada"`,
		`comment.id != "" and comment.parent_id == "" and not comment.is_reply`, `comment.like_count == 3`, `media.id == "` + ownMedia + `"`,
		`media.type == "IMAGE" and media.product_type == "FEED"`, `media.caption contains "day" and media.permalink == "https://insta.example/p/1"`,
		`media.owner == "bluebottle" and media.is_own and not media.is_ad and media.original_id == ""`, `"beach" in media.hashtags`,
		`account.id == "` + instagramtest.GuideAccountID + `" and account.username == "bluebottle"`,
		`history.user_replies >= 0 and history.media_replies >= 0 and history.thread_replies == 0`,
		`len(story.known) == 0 and story.reach + story.replies + story.exits + story.taps_forward + story.taps_back + story.impressions + story.views == 0`,
		`from.username in lists.door_names`, `has(text, lists.door_words)`, `door_condition`, `hasAll(text, "hello", "WORLD")`, `like(text, "wrold")`,
		`capture(text, "(?P<n>[0-9]+)$").n == "12"`, `fold("Ä") == "a"`, `truncate("abc", 2) == "ab"`, `default("", "x") == "x"`, `plural(2, "a", "b") == "b"`,
		`string(3) == "3"`, `split("a-b", "-")[1] == "b"`, `join(["a", "b"], "+") == "a+b"`, `replace("aa", "a", "b") == "bb"`,
		`all(words, len(#) > 0)`, `any(words, # == "Hello")`, `none(words, # == "bye")`, `one(words, # == "Hello")`, `len(filter(words, # == "Hello")) == 1`,
		`map(words, lower(#))[1] == "hello"`, `find(words, # startsWith "W") == "World"`, `count(words, # == "Hello") == 1`, `first(words) startsWith "mark"`,
		`last(mentions) == "grace"`, `lower("A") == "a" and upper("a") == "A"`, `trim(" a ") == "a" and trimPrefix("ab", "a") == "b" and trimSuffix("ab", "b") == "a"`,
		`hasPrefix("ab", "a") and hasSuffix("ab", "b")`, `indexOf("abab", "b") == 1 and lastIndexOf("abab", "b") == 3`, `int("3") == 3 and float("1.5") == 1.5`,
		`abs(-1) == 1 and ceil(1.2) == 2 and floor(1.8) == 1 and round(1.6) == 2`, `max(1, 2) == 2 and min(1, 2) == 1`,
	} {
		scenes = append(scenes, where(condition))
	}
	return scenes
}

// doorsHead is what the scenes' rules share.
const doorsHead = `lists:
  door_names: {file: lists/names.txt}
  door_words: [nothing of it, Héllo]
conditions:
  door_condition: has(text, lists.door_words) and not door_other
  door_other: has(text, "goodbye")
templates:
  door_reply: by template for {{ from.username }}
rules:
`

func mark(i int) string { return fmt.Sprintf("mark%dx", i) }

// doorRules are all scenes' rules in one set.
func doorRules(scenes []scene) string {
	var b strings.Builder
	b.WriteString(doorsHead)
	for i, s := range scenes {
		for line := range strings.Lines(strings.ReplaceAll(s.rules, "MARK", mark(i))) {
			b.WriteString("  " + line)
		}
	}
	return b.String()
}

// happened is a turn as an event.
type happened struct {
	turn
	comment instagramtest.Comment
	change  instagramtest.Change
}

// happen puts the event of a turn into the fake.
func (s *site) happen(scene, number int, st turn) happened {
	author := map[string]string{"": "917", "bob": "918", "eve": "919", "rival": "920", "historian": "921"}
	h := happened{turn: st, comment: instagramtest.Comment{
		ID: commentID(1000 + 10*scene + number), MediaID: ownMedia, ParentID: st.parent, Text: strings.TrimSpace(mark(scene) + " " + st.text),
		FromID: author[st.from], Username: st.from, LikeCount: st.likes,
	}}
	if st.from == "" {
		h.comment.Username = "ada"
	}
	if st.mention {
		h.comment.MediaID = instagramtest.GuideMediaID
		h.comment.Text += " @" + instagramtest.GuideUsername
	}
	s.fake.AddComment(h.comment)
	if st.parent != "" {
		s.fake.AddComment(instagramtest.Comment{ID: st.parent, MediaID: ownMedia, FromID: "999", Username: "beginner", Text: "first"})
	}
	if st.mention {
		h.change = instagramtest.MentionChange(instagramtest.GuideAccountID, h.comment.MediaID, h.comment.ID)
	} else {
		h.change = s.fake.CommentChange(instagramtest.GuideAccountID, h.comment.ID)
	}
	return h
}

// sample is the event with the answers that the Graph API would give, as dry-run takes it.
func (h happened) sample(t *testing.T, s *site) string {
	t.Helper()
	c := h.comment
	media := map[string]any{"id": c.MediaID}
	if c.MediaID == ownMedia {
		maps.Copy(media, map[string]any{"caption": doorsCaption, "media_type": "IMAGE", "media_product_type": "FEED",
			"permalink": "https://insta.example/p/1", "username": instagramtest.GuideUsername})
	}
	answer := map[string]any{"id": c.ID, "text": c.Text, "username": c.Username, "like_count": c.LikeCount, "media": media}
	if h.mention {
		answer = map[string]any{"mentioned_comment": answer, "id": instagramtest.GuideAccountID}
	}
	text, err := json.Marshal(map[string]any{"webhook": json.RawMessage(s.fake.Sender().Body(h.change)), "graph": []any{answer}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.dir, c.ID+".json")
	write(t, path, string(text))
	return path
}

// asCase is the event as an author writes it in a case, with what is expected.
func (h happened) asCase(scene int, at time.Time) map[string]any {
	c := h.comment
	event := map[string]any{"kind": "comment", "text": c.Text, "at": at.Format("15:04:05"),
		"from":    map[string]any{"id": c.FromID, "username": c.Username},
		"comment": map[string]any{"id": c.ID, "parent_id": c.ParentID, "like_count": c.LikeCount},
		"account": map[string]any{"id": instagramtest.GuideAccountID, "username": instagramtest.GuideUsername},
	}
	media := map[string]any{"id": c.MediaID}
	if h.mention {
		event["kind"] = "comment_mention"
	} else {
		maps.Copy(media, map[string]any{"caption": doorsCaption, "type": "IMAGE", "product_type": "FEED",
			"permalink": "https://insta.example/p/1", "owner": instagramtest.GuideUsername, "is_own": true})
	}
	if c.ParentID == "" {
		delete(event["comment"].(map[string]any), "parent_id")
	}
	event["media"] = media
	expect := map[string]any{"verdict": h.verdict}
	if h.because != "" {
		expect["because"] = h.because
	}
	if h.verdict != ledger.VerdictNoMatch {
		expect["rule"] = h.decides(scene)
	}
	if h.turn.reply != "" {
		expect["reply_matches"] = "(?s)^(" + h.turn.reply + ")$"
	}
	if h.verdict != ledger.VerdictNoMatch {
		expect["hide"] = strings.HasPrefix(h.does, "hide")
	}
	if private, ok := strings.CutPrefix(h.does, "private_reply "); ok {
		expect["private_reply"] = private
	}
	if strings.HasPrefix(h.does, "notify ops: ") {
		expect["notify"] = "ops"
	}
	return map[string]any{"event": event, "expect": expect}
}

func (h happened) decides(scene int) string {
	if h.rule == "" {
		return mark(scene)
	}
	return strings.ReplaceAll(h.rule, "MARK", mark(scene))
}

// sent are the actions that the daemon does of the event.
func (h happened) sent() (actions []string) {
	if h.verdict != ledger.VerdictReply && h.verdict != ledger.VerdictActed {
		return nil
	}
	if h.turn.reply != "" {
		actions = append(actions, rules.ActionReply)
	}
	if beside, _, ok := strings.Cut(h.does, " "); ok {
		actions = append(actions, beside)
	}
	return actions
}

// wrong says how a record differs from what must have come of the event.
func (h happened) wrong(scene int, r ledger.Record) string {
	rule := h.decides(scene)
	if h.verdict == ledger.VerdictNoMatch {
		rule = ""
	}
	if r.Verdict != h.verdict || r.Because != h.because || r.Rule != rule || !regexp.MustCompile("(?s)^("+h.turn.reply+")$").MatchString(r.Reply) {
		return fmt.Sprintf("%s because %q by %q: %.80q\nwant %s because %q by %q: %.80q\n%+v", r.Verdict, r.Because, r.Rule, r.Reply,
			h.verdict, h.because, rule, h.turn.reply, r.Rules)
	}
	var does []string
	for _, a := range r.Actions {
		switch a.Action {
		case rules.ActionReply:
		case rules.ActionNotify:
			does = append(does, a.Action+" "+a.To+": "+a.Text)
		default:
			does = append(does, a.Action+" "+a.Text)
		}
	}
	if done := strings.Join(does, ", "); done != h.does {
		return fmt.Sprintf("does %q\nwant %q", done, h.does)
	}
	return ""
}

// The rule language is one, whoever asks: check takes what the others run, and for each event of each scene the cases, a
// dry run and the daemon come to the same verdict, reason, rule, reply and other actions.
func TestOneLanguage(t *testing.T) {
	t.Parallel()
	scenes := doorScenes()
	s := newSite(t, doorRules(scenes))
	s.fake.AddMedia(instagramtest.Media{ID: ownMedia, Owner: instagramtest.GuideUsername, Caption: doorsCaption, Permalink: "https://insta.example/p/1"})
	write(t, filepath.Join(s.dir, "rules", "lists", "names.txt"), "# who is known\nada\n")
	var all [][]happened
	for i, scene := range scenes {
		var events []happened
		for j, st := range scene.turns {
			events = append(events, s.happen(i, j, st))
		}
		all = append(all, events)
	}
	t.Run("check", func(t *testing.T) {
		if out, err := s.program(t, "check", "rules"); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	})
	t.Run("test", func(t *testing.T) { s.throughCases(t, all) })
	t.Run("dry-run", func(t *testing.T) { s.throughDryRun(t, scenes, all) })
	t.Run("daemon", func(t *testing.T) {
		people := newPeople(t)
		s.tells(t, people)
		done := s.throughDaemon(t, scenes, all)
		s.arrived(t, all, people, done)
	})
}

// program runs a verb in the site's folder.
func (s *site) program(t *testing.T, args ...string) (stdout []byte, err error) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = s.dir
	var said bytes.Buffer
	cmd.Stderr = &said
	stdout, err = cmd.Output()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, said.Bytes())
	}
	return stdout, err
}

func (s *site) throughCases(t *testing.T, all [][]happened) {
	var cases []any
	at := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	var turns []any
	for i, events := range all {
		for _, h := range events {
			at = at.Add(time.Second)
			turns = append(turns, h.asCase(i, at))
		}
	}
	cases = append(cases, map[string]any{"name": "all scenes", "events": turns})
	text, err := json.Marshal(map[string]any{"tests": cases}) // JSON is YAML
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.dir, "rules", "doors_test.yaml")
	write(t, path, string(text))
	defer os.Remove(path)
	if out, err := s.program(t, "test", "rules"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func (s *site) throughDryRun(t *testing.T, scenes []scene, all [][]happened) {
	args := []string{"dry-run", "-c", "answerback.yaml", "-r", "rules", "--sequence", "-o", "json"}
	for _, h := range slices.Concat(all...) {
		args = append(args, h.sample(t, s))
	}
	out, err := s.program(t, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	for i, events := range all {
		for _, h := range events {
			var r ledger.Record
			if err := json.Unmarshal(lines[0], &r); err != nil {
				t.Fatal(err)
			}
			lines = lines[1:]
			if wrong := h.wrong(i, r); wrong != "" {
				t.Errorf("%s: %s", scenes[i].name, wrong)
			}
		}
	}
}

// tells has the place that rules notify be at people's.
func (s *site) tells(t *testing.T, people *people) {
	t.Helper()
	config := filepath.Join(s.dir, "answerback.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, strings.Replace(string(text), "http://127.0.0.1:9/", people.URL, 1))
}

// arrived holds what Instagram and people got against what must have been done of the events, and how often by the action.
func (s *site) arrived(t *testing.T, all [][]happened, people *people, done map[string]int) {
	t.Helper()
	told := people.told()
	got := map[string]int{rules.ActionReply: s.fake.ReplyCount(), rules.ActionPrivateReply: len(s.fake.Messages()), rules.ActionNotify: len(told)}
	for i, events := range all {
		for _, h := range events {
			hides := slices.Contains(h.sent(), rules.ActionHide)
			if s.fake.Hidden(h.comment.ID) != hides {
				t.Errorf("%s: hidden is %v", h.comment.ID, !hides)
			}
			if hides {
				got[rules.ActionHide]++
			}
			private, ok := strings.CutPrefix(h.does, rules.ActionPrivateReply+" ")
			if ok && !slices.ContainsFunc(s.fake.Messages(), func(m instagramtest.Message) bool { return m.Comment == h.comment.ID && m.Text == private }) {
				t.Errorf("%s: %q was not sent to its author", h.comment.ID, private)
			}
			tells, ok := strings.CutPrefix(h.does, rules.ActionNotify+" ops: ")
			if ok && !slices.ContainsFunc(told, func(note map[string]string) bool {
				return note["text"] == tells && strings.Contains(note["rule"], mark(i))
			}) {
				t.Errorf("%s: nobody was told %q", h.comment.ID, tells)
			}
		}
	}
	if diff := cmp.Diff(done, got); diff != "" {
		t.Errorf("done and arrived differ (-done +arrived):\n%s", diff)
	}
}

// throughDaemon gives how often each action was done.
func (s *site) throughDaemon(t *testing.T, scenes []scene, all [][]happened) map[string]int {
	s.start(t)
	posted := map[string]int{}
	for _, h := range slices.Concat(all...) {
		if err := s.fake.Notify(t.Context(), s.daemon.webhook, h.change); err != nil {
			t.Fatal(err)
		}
		// One after the other, each said before the next comes: what was said counts in history.
		for _, action := range h.sent() {
			posted[action]++
			s.until(t, "something is never done: "+action, func() bool {
				return s.metric(`answerback_deliveries_total{action="`+action+`",fate="posted"}`) == fmt.Sprint(posted[action])
			})
		}
		s.until(t, "events stay open", func() bool { return s.metric("answerback_inbox_backlog") == "0" })
	}
	s.stop(t)
	found, _ := s.ledger(t)
	for i, events := range all {
		for _, h := range events {
			at := slices.IndexFunc(found, func(v verdict) bool { return v.Event.Comment.ID == h.comment.ID })
			if at < 0 {
				t.Errorf("%s: no verdict", scenes[i].name)
				continue
			}
			if wrong := h.wrong(i, found[at].Record); wrong != "" {
				t.Errorf("%s: %s", scenes[i].name, wrong)
			}
		}
	}
	return posted
}

// The scenes leave out no key, field or function of the language.
func TestScenesAreWhole(t *testing.T) {
	text := doorRules(doorScenes())
	for _, key := range rules.Shape(nil).Key("rules").Shape.Item.Keys {
		if key.Name != "tests" && !regexp.MustCompile(`(?m)^ +(- )?`+key.Name+`: `).MatchString(text) {
			t.Errorf("no scene has the key %q", key.Name)
		}
	}
	for _, f := range rules.Fields() {
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(f.Name) + `\b`).MatchString(text) {
			t.Errorf("no scene reads the field %q", f.Name)
		}
	}
	for _, f := range rules.Functions() {
		if !strings.Contains(text, f.Name+"(") {
			t.Errorf("no scene calls the function %q", f.Name)
		}
	}
}
