package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// Everything about an event of a soak follows from its number, so that the load generator keeps nothing of it: another
// program that grew would take the memory from the one that is watched.

const (
	soakAccounts = 5
	// quietAccount gets few events: Meta says all the time that its limit is nearly used up.
	quietAccount = soakAccounts - 1
	ownMedia     = 20
)

func soakAccount(n int) instagramtest.Account {
	return instagramtest.Account{ID: fmt.Sprint(17841405726653000 + n), Username: fmt.Sprintf("soak%d", n), Token: fmt.Sprintf("token-%d", n)}
}

func soakMedia(account, n int) string { return fmt.Sprintf("1800000000%02d%03d", account, n) }

// occasion is an event by its number.
type occasion struct {
	n       int64
	account int
	mention bool // on a stranger's media; else a comment on the account's own
	text    string
	parent  string
}

func occasionOf(n int64) occasion {
	const strides = quietAccount
	o := occasion{n: n, account: int(n % strides), mention: n/strides%2 == 0}
	if n%3000 == 0 {
		o.account = quietAccount
	}
	texts := []string{"challenge?", "what is the price?", "the price please", "challenge accepted", "be my friend", "lovely", "price?", "so nice"}
	o.text = texts[n/(strides*2)%int64(len(texts))]
	if o.mention {
		o.text = fmt.Sprintf("@soak%d %s", o.account, o.text)
	}
	// Every tenth comment opens a thread for those that follow it.
	if opens := n - n/(strides*2)%10*(strides*2); !o.mention && opens < n && o.account != quietAccount {
		o.parent = commentID(opens)
	}
	return o
}

func (o occasion) id() string { return commentID(o.n) }

func (o occasion) author() string { return fmt.Sprintf("fan%d", o.n%50_000) }

func (o occasion) media() string {
	if o.mention {
		return "1" + o.id()[1:]
	}
	return soakMedia(o.account, int(o.n/quietAccount%ownMedia))
}

func (o occasion) comment() instagramtest.Comment {
	return instagramtest.Comment{
		ID: o.id(), MediaID: o.media(), ParentID: o.parent, FromID: fmt.Sprint(9_000_000 + o.n%50_000),
		Username: o.author(), Text: o.text, Timestamp: time.Now(),
	}
}

// change is what Meta tells of it.
func (o occasion) change() instagramtest.Change {
	account := soakAccount(o.account).ID
	if o.mention {
		return instagramtest.MentionChange(account, o.media(), o.id())
	}
	parent := ""
	if o.parent != "" {
		parent = fmt.Sprintf(`,"parent_id":%q`, o.parent)
	}
	return instagramtest.Change{Account: account, Field: "comments", Value: fmt.Appendf(nil,
		`{"id":%q,"text":%q,"from":{"id":"%d","username":%q},"media":{"id":%q,"media_product_type":"FEED"}%s}`,
		o.id(), o.text, 9_000_000+o.n%50_000, o.author(), o.media(), parent)}
}

// invent makes the comment of an id that the load generator gave out.
func invent(id string) (instagramtest.Comment, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if n -= firstComment; err != nil || n <= 0 || n > 1_000_000_000 {
		return instagramtest.Comment{}, false
	}
	return occasionOf(n).comment(), true
}

func soakFake() *instagramtest.Fake {
	o := instagramtest.Options{AppSecret: appSecret, Lean: true, Invent: invent}
	for n := range soakAccounts {
		o.Accounts = append(o.Accounts, soakAccount(n))
	}
	fake := instagramtest.New(o)
	for account := range soakAccounts {
		for n := range ownMedia {
			fake.AddMedia(instagramtest.Media{ID: soakMedia(account, n), Owner: soakAccount(account).Username})
		}
	}
	return fake
}

// soakRules are 100 rules. The generation is in texts and in names, so that each one makes another set, with rules that
// the former ones didn't have.
func soakRules(generation int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `defaults: {max_age: 20s}
rules:
  - name: challenge
    on: mention
    when: has(text, "challenge")
    reply: Challenge accepted!
  - name: price %[1]d
    on: comment
    when: has(text, "price")
    delay: 1s..3s
    cooldown: {per: user, for: 10s}
    reply: "@{{ from.username }} it is %[1]d"
  - name: any price
    when: has(text, "price") and history.user_replies < 1000
    reply: "@{{ from.username }} please look at the link in our bio"
  - name: friend
    mode: approve
    max_age: 5s
    when: has(text, "friend")
    reply: Let us be friends!
`, generation)
	for n := range 96 {
		fmt.Fprintf(&b, "  - name: rare %d of %d\n    when: has(text, \"rarity%d\")\n    reply: How rare!\n", n, generation, n)
	}
	return b.String()
}

// soakConfig has one account whose replies are capped, so that most of them wait until they are too old.
func soakConfig(graph string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `listen: 127.0.0.1:0
admin: {listen: "127.0.0.1:0"}
database: sqlite:soak.db
rules: rules.yaml
settle_after: 2s
limits: {replies_per_hour: 0, replies_per_thread: 3}
instagram:
  graph_url: %s
  app_secret: %s
  verify_token: bench
accounts:
`, graph, appSecret)
	for n := range soakAccounts {
		a, limits := soakAccount(n), ""
		if n == 0 {
			limits = ", limits: {replies_per_hour: 500, replies_per_thread: 3}"
		}
		fmt.Fprintf(&b, "  - {id: %q, username: %s, access_token: %s%s}\n", a.ID, a.Username, a.Token, limits)
	}
	return b.String()
}
