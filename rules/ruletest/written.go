package ruletest

import (
	"fmt"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/yamlpos"
)

// written is a rule as its file has it, as far as its cases matter.
type written struct {
	file  string
	name  yamlpos.Text
	at    yamlpos.Pos
	kind  platform.Kind // the first that it is for
	tests *yamlpos.Node // nil if it has none
}

// rulesOf finds the rules of a file. It is patient: what is wrong with them is told by rules.Compile.
func rulesOf(f rules.File) []written {
	doc, _ := yamlpos.Parse(f.Name, f.Text)
	if doc.Root() == nil {
		return nil
	}
	file := entriesOf(doc.Root())
	kind := platform.CommentMention
	if defaults := file["defaults"]; defaults != nil {
		kind = firstKind(entriesOf(defaults)["on"], kind)
	}
	list := file["rules"]
	if list == nil {
		return nil
	}
	var found []written
	for _, node := range list.Items() {
		rule := entriesOf(node)
		w := written{file: f.Name, at: node.Pos(), kind: firstKind(rule["on"], kind), tests: rule["tests"]}
		if name := rule["name"]; name != nil {
			w.name = name.Text()
		}
		if w.name.Given() {
			found = append(found, w)
		}
	}
	return found
}

// example is a case of the rule as it could begin, which holds once its event is one for the rule.
func (w *written) example(mode rules.Mode) string {
	event, verdict := `{text: "…"}`, "acted"
	if w.kind == platform.StoryInsights {
		event = `{story: {reach: 100}}`
	}
	switch acts := w.at.Has("reply") || w.at.Has("private_reply") || w.at.Has("hide"); {
	case mode == rules.Approve && acts:
		verdict = "approve"
	case w.at.Has("reply"):
		verdict = "reply"
	}
	return fmt.Sprintf("{event: %s, expect: {verdict: %s}}", event, verdict)
}

func entriesOf(n *yamlpos.Node) map[string]*yamlpos.Node {
	entries, _ := n.Entries()
	byKey := make(map[string]*yamlpos.Node, len(entries))
	for _, e := range entries {
		byKey[e.Key.Value] = e.Value
	}
	return byKey
}

// firstKind is the kind that a rule's `on` names first; the other one if it has none.
func firstKind(on *yamlpos.Node, other platform.Kind) platform.Kind {
	if on == nil {
		return other
	}
	var words yamlpos.Texts
	on.Decode(&words)
	for _, word := range words {
		if kinds := platform.KindsNamed(word.Value); len(kinds) > 0 {
			return kinds[0]
		}
	}
	return other
}
