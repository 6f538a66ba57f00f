package ruletest

import (
	"fmt"

	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// fileShape is a file of cases as it is written. Cases are decoded one by one, so that what is wrong in one keeps the
// others.
type fileShape struct {
	At    yamlpos.Pos
	Tests []*yamlpos.Node `yaml:"tests"`
}

// caseShape is a case as it is written: one event or sample with what is expected, or several.
type caseShape struct {
	stepShape
	Name   yamlpos.Text `yaml:"name"`
	Events []*stepShape `yaml:"events"`
}

// stepShape is an event with what is expected of it.
type stepShape struct {
	At     yamlpos.Pos
	Event  *eventShape  `yaml:"event"`
	Sample yamlpos.Text `yaml:"sample"`
	Expect *expectShape `yaml:"expect"`
}

// eventShape is an event as far as its author cares. What is computed from other fields can't be given.
type eventShape struct {
	Pos     yamlpos.Pos
	Kind    yamlpos.Text  `yaml:"kind"`
	ID      yamlpos.Text  `yaml:"id"`
	Text    yamlpos.Text  `yaml:"text,empty"`
	At      yamlpos.Text  `yaml:"at"`
	From    *whoShape     `yaml:"from"`
	Comment *commentShape `yaml:"comment"`
	Media   *mediaShape   `yaml:"media"`
	Account *whoShape     `yaml:"account"`
	History *historyShape `yaml:"history"`
	Story   *storyShape   `yaml:"story"`
}

// whoShape is an author or an account.
type whoShape struct {
	ID       string `yaml:"id"`
	Username string `yaml:"username"`
}

// DecodeYAML takes a mapping, and says to somebody who wrote a bare name how one is written.
func (w *whoShape) DecodeYAML(n *yamlpos.Node) problem.List {
	type plain whoShape
	found := n.Decode((*plain)(w))
	if n.Kind() == yamlpos.Scalar && len(found) == 1 {
		found[0].Hint = fmt.Sprintf("write %s: {username: %s}", n.Name(), n.Text().Value)
	}
	return found
}

type commentShape struct {
	ID        string `yaml:"id"`
	ParentID  string `yaml:"parent_id"`
	IsReply   bool   `yaml:"is_reply"`
	LikeCount int    `yaml:"like_count"`
}

type mediaShape struct {
	ID          string       `yaml:"id"`
	Type        yamlpos.Text `yaml:"type"`
	ProductType yamlpos.Text `yaml:"product_type"`
	Caption     yamlpos.Text `yaml:"caption,empty"`
	Permalink   string       `yaml:"permalink,empty"`
	Owner       string       `yaml:"owner,empty"`
	IsOwn       *bool        `yaml:"is_own"`
	IsAd        bool         `yaml:"is_ad"`
	OriginalID  string       `yaml:"original_id"`
}

type historyShape struct {
	UserReplies   int `yaml:"user_replies"`
	MediaReplies  int `yaml:"media_replies"`
	ThreadReplies int `yaml:"thread_replies"`
}

// storyShape are the metrics that came; those left out didn't come.
type storyShape struct {
	At          yamlpos.Pos
	Reach       *int `yaml:"reach"`
	Replies     *int `yaml:"replies"`
	Exits       *int `yaml:"exits"`
	TapsForward *int `yaml:"taps_forward"`
	TapsBack    *int `yaml:"taps_back"`
	Impressions *int `yaml:"impressions"`
	Views       *int `yaml:"views"`
}

// expectShape is what should come of an event.
type expectShape struct {
	At            yamlpos.Pos
	Verdict       yamlpos.Text  `yaml:"verdict"`
	Rule          yamlpos.Text  `yaml:"rule"`
	Because       yamlpos.Text  `yaml:"because"`
	Mode          yamlpos.Text  `yaml:"mode"`
	Reply         yamlpos.Text  `yaml:"reply"`
	ReplyContains yamlpos.Texts `yaml:"reply_contains"`
	ReplyMatches  yamlpos.Text  `yaml:"reply_matches"`
	PrivateReply  yamlpos.Text  `yaml:"private_reply"`
	Hide          *bool         `yaml:"hide"`
	Notify        yamlpos.Texts `yaml:"notify"`
}
