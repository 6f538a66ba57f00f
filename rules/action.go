package rules

import (
	"fmt"
	"io"
	"slices"

	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/yamlpos"
)

// actions are what a rule does where it matches; at least one of them.
type actions struct {
	replies        []variant
	privateReplies []variant
	hides          bool
	notice         *notice // nil: none
}

// notice is a message to people.
type notice struct {
	variant
	to yamlpos.Text
}

// texts are all that the rule may say.
func (a *actions) texts() []variant {
	texts := slices.Concat(a.replies, a.privateReplies)
	if a.notice != nil {
		texts = append(texts, a.notice.variant)
	}
	return texts
}

func (a *actions) fingerprint(w io.Writer) {
	for _, v := range a.privateReplies {
		fmt.Fprintf(w, " private %q %s", v.at.Value, v.Uses())
	}
	if a.hides {
		fmt.Fprint(w, " hide")
	}
	if a.notice != nil {
		fmt.Fprintf(w, " notify %q %q %s", a.notice.to.Value, a.notice.at.Value, a.notice.Uses())
	}
}

// actions understands what a rule does.
func (b *ruleBuilder) actions() actions {
	return actions{
		replies:        b.replies("reply", b.shape.Reply, platform.ReplyLimit()),
		privateReplies: b.replies("private_reply", b.shape.PrivateReply, platform.PrivateReplyLimit()),
		hides:          b.shape.Hide,
		notice:         b.notice(),
	}
}

func (b *ruleBuilder) replies(key string, s replyShape, limit platform.Limit) []variant {
	if !s.Template.Given() {
		b.notEmpty(key, s.Texts)
		return b.variants(b.language, key, s.Texts, limit)
	}
	named, ok := b.templates[s.Template.Value]
	if !ok {
		b.report(s.Template, codeUnknownWord, hintForTemplate(s.Template.Value, b.templates), "%s: there is no template %q", key, s.Template.Value)
		return nil
	}
	if limit != platform.ReplyLimit() { // that was looked at where the template stands
		for _, v := range named.variants {
			for _, f := range v.Over(limit) {
				b.report(s.Template, f.Code, "", "%s: in %s, %s", key, v.key, f.Message)
			}
		}
	}
	return named.variants
}

func (b *ruleBuilder) notice() *notice {
	s := b.shape.Notify
	if !b.shape.At.Has("notify") || s.At == (yamlpos.Pos{}) { // that it is no mapping was told
		return nil
	}
	for _, key := range []string{"to", "text"} {
		if !s.At.Has(key) {
			b.missing(s.At, "notify: "+key+" is missing", `as in {to: ops, text: "look at this"}`)
		}
	}
	made := b.variants(b.language, "notify", yamlpos.Texts{s.Text}, platform.NoticeLimit())
	if len(made) == 0 {
		return nil
	}
	return &notice{variant: made[0], to: s.To}
}

// fit makes sure that the platform can do what the rule wants to do, for all kinds of events that it is for.
func (b *ruleBuilder) fit(r *rule) {
	at := b.shape.At
	if at.Has("reply") {
		b.each(r, "reply", codeCannotReply, platform.Kind.CanReply, cannotReply)
	}
	if at.Has("private_reply") {
		b.each(r, "private_reply", codeCannotDo, platform.Kind.CanReplyPrivately, cannotReplyPrivately)
	}
	if r.hides {
		b.each(r, "hide", codeCannotDo, platform.Kind.CanHide, cannotHide)
	}
	if r.hides && at.Has("reply") {
		b.reportKey("hide", codeHiddenReply, "hide it, or answer it; private_reply goes together with hide", "hide: a hidden comment can't be answered publicly")
	}
}

// each reports the kinds of events for which an action can't be done, where they are named.
func (b *ruleBuilder) each(r *rule, key, code string, can func(platform.Kind) bool, why func(platform.Kind) string) {
	if len(r.on) == 0 {
		b.unnamed(r, key, code, can, why)
		return
	}
	for _, word := range r.on {
		kinds := platform.KindsNamed(word.Value)
		i := slices.IndexFunc(kinds, func(kind platform.Kind) bool { return !can(kind) })
		switch {
		case i < 0:
		case b.shape.On != nil:
			b.report(word, code, "", "on: %s", why(kinds[i]))
		default:
			b.reportKey(key, code, "the defaults of this file say on: "+word.Value, key+": "+why(kinds[i]))
		}
	}
}

// unnamed reports an action that can't be done for all that a rule is for which names no kinds.
func (b *ruleBuilder) unnamed(r *rule, key, code string, can func(platform.Kind) bool, why func(platform.Kind) string) {
	for _, kind := range platform.Kinds() {
		if r.kinds.has(kind) && !can(kind) {
			b.reportKey(key, code, "say what the rule is for, as in on: comment; without it a rule is for mentions too", key+": "+why(kind))
			return
		}
	}
}

func cannotReply(kind platform.Kind) string {
	if kind == platform.LiveComment {
		return "a comment on a live broadcast can't be answered publicly"
	}
	return string(kind) + " can't be answered: nobody said anything"
}

func cannotReplyPrivately(kind platform.Kind) string {
	if kind == platform.StoryInsights {
		return string(kind) + " can't be answered: nobody said anything"
	}
	return "a mention can't be answered privately, only a comment on your own media"
}

func cannotHide(kind platform.Kind) string {
	switch kind {
	case platform.LiveComment:
		return "a comment on a live broadcast can't be hidden"
	case platform.StoryInsights:
		return string(kind) + " can't be hidden: there is no comment"
	}
	return "a mention can't be hidden, only a comment on your own media"
}
