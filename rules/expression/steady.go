package expression

import (
	"reflect"
	"slices"

	"github.com/expr-lang/expr/ast"

	"github.com/answerback/answerback/rules/event"
)

// maxForeseeable is how long, in bytes, a text of a foreseeable event may be, and how long its list of metrics: more than
// the platform's texts ever are. Steps are foreseen for that.
const maxForeseeable = 1 << 16

// Foreseeable reports whether an event is as small as all real ones, so that what is foreseen of conditions holds.
func (s *Scope) Foreseeable() bool {
	e := &s.Event
	return max(len(e.Text), len(e.Media.Caption), len(e.From.Username), len(e.Media.Owner), len(e.Account.Username),
		len(e.Story.Known)) <= maxForeseeable
}

// isBounded reports whether a field is one of those that a foreseeable event bounds, or is computed from one.
func isBounded(field string) bool {
	switch field {
	case "text", "media.caption", "from.username", "media.owner", "account.username", "story.known":
		return true
	}
	derived, _ := event.Derivation(field)
	return derived != 0
}

// isSteady reports whether a test can't fail. It knows the usual ones; of all others it says that they may.
func (f foresight) isSteady(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return true
	case *ast.IdentifierNode, *ast.MemberNode, *ast.ChainNode:
		if _, list := f.listNamed(n); list != nil {
			return true
		}
		return f.names.field(fieldName(n))
	case *ast.ArrayNode:
		return f.areSteady(n.Nodes)
	case *ast.UnaryNode:
		return isLiteral(n) || (n.Operator == "not" || n.Operator == "!") && f.isSteady(n.Node)
	case *ast.BinaryNode:
		return f.isSteadyOperator(n)
	case *ast.BuiltinNode:
		switch n.Name {
		case "lower", "upper", "trim", "trimPrefix", "trimSuffix", "hasPrefix", "hasSuffix", "len":
			return f.areSteady(n.Arguments) && !slices.ContainsFunc(n.Arguments, isDynamic)
		}
	case *ast.CallNode:
		return f.isSteadyCall(n)
	}
	return false
}

func (f foresight) areSteady(nodes []ast.Node) bool {
	return !slices.ContainsFunc(nodes, func(n ast.Node) bool { return !f.isSteady(n) })
}

// isDynamic reports whether the type of a value is known only when it runs.
func isDynamic(n ast.Node) bool { return n.Type().Kind() == reflect.Interface }

func (f foresight) isSteadyOperator(n *ast.BinaryNode) bool {
	if !f.isSteady(n.Left) || !f.isSteady(n.Right) || isDynamic(n.Left) || isDynamic(n.Right) {
		return false
	}
	left, right := n.Left.Type().Kind(), n.Right.Type().Kind()
	switch n.Operator {
	case "and", "&&", "or", "||":
		return left == reflect.Bool && right == reflect.Bool
	case "==", "!=":
		return isPlain(n.Left.Type()) && isPlain(n.Right.Type())
	case "<", "<=", ">", ">=":
		return left == reflect.Int && right == reflect.Int
	case "contains", "startsWith", "endsWith":
		return isText(n.Left) && isText(n.Right)
	case "matches":
		return isText(n.Left) && f.affords(n)
	case "in":
		return isText(n.Left) && isTextList(n.Right) && f.affords(n)
	}
	return false
}

// affords reports whether a node's steps don't make it fail.
func (f foresight) affords(n ast.Node) bool { return f.roomy || f.stepsAt(n) == 0 }

// isTextList reports whether a node is a list of texts and nothing else.
func isTextList(n ast.Node) bool {
	if a, ok := n.(*ast.ArrayNode); ok {
		return len(a.Nodes) > 0 && !slices.ContainsFunc(a.Nodes, func(e ast.Node) bool {
			_, literal := e.(*ast.StringNode)
			return !literal
		})
	}
	return n.Type() == reflect.TypeFor[[]string]()
}

func (f foresight) isSteadyCall(n *ast.CallNode) bool {
	switch calleeOf(n) {
	case "fold":
		return len(n.Arguments) == 1 && isText(n.Arguments[0]) && f.isSteady(n.Arguments[0])
	case "has", "hasAll", "like":
		if len(n.Arguments) < 2 || !isText(n.Arguments[0]) || !f.isSteady(n.Arguments[0]) {
			return false
		}
		_, literal := f.words(n.Arguments[1:])
		return literal && f.affords(n)
	case workCondition:
		fails, known := conditionCalled(n).foreseen().fails.Known()
		return known && len(fails) == 0
	}
	return false
}

// unforeseen steps and lengths are more than any expression may take, and than any text is.
const (
	unforeseenSteps  = maxSteps + 1
	unforeseenLength = unforeseenSteps * stepText
)

// stepsOf are the most steps that an expression takes in a foreseeable event. Conditions count their own.
func (l *Language) stepsOf(root ast.Node) int {
	sum := 0
	each(root, func(n ast.Node) { sum = min(sum+l.stepsAt(n), unforeseenSteps) })
	return sum
}

// stepsAt are the steps that a node itself takes.
func (l *Language) stepsAt(n ast.Node) int {
	switch n := n.(type) {
	case *ast.PredicateNode:
		return unforeseenSteps
	case *ast.BinaryNode:
		switch n.Operator {
		case "matches":
			return l.stepsOfMatching(n.Left, n.Right)
		case "in":
			return l.stepsOfList(n.Right)
		}
	case *ast.CallNode:
		switch calleeOf(n) {
		case "has", "hasAll":
			return l.stepsOfSearch(n)
		case "like":
			return l.stepsOfSearch(n) + 1 + l.longest(n.Arguments[0])/8
		case "capture":
			return l.stepsOfMatching(n.Arguments[0], n.Arguments[1])
		case "split":
			return unforeseenSteps
		}
	}
	return 0
}

func (l *Language) stepsOfMatching(in, literal ast.Node) int {
	return l.mustPattern(literal.(*ast.StringNode).Value).steps(l.longest(in))
}

// stepsOfList are those of looking for a text in a list. Literal and named ones are sets.
func (l *Language) stepsOfList(n ast.Node) int {
	switch _, list := l.listNamed(n); {
	case list != nil || isLiteral(n):
		return 0
	case isBounded(fieldName(n)):
		return 1 + maxForeseeable/stepText
	}
	return unforeseenSteps
}

// stepsOfSearch are those of preparing the text for it. The event's own is prepared for nothing.
func (l *Language) stepsOfSearch(n *ast.CallNode) int {
	if _, literal := (foresight{Language: l}).words(n.Arguments[1:]); !literal {
		return unforeseenSteps
	}
	if isEventText(n.Arguments[0]) {
		return 0
	}
	return 1 + l.longest(n.Arguments[0])/stepText
}

// longest is the most bytes that a text has.
func (l *Language) longest(n ast.Node) int {
	const growth = 16 // more than a character ever grows when its case is changed or it is folded
	switch n := n.(type) {
	case *ast.StringNode:
		return len(n.Value)
	case *ast.BuiltinNode:
		switch n.Name {
		case "trim", "trimPrefix", "trimSuffix":
			return l.longest(n.Arguments[0])
		case "lower", "upper":
			return min(growth*l.longest(n.Arguments[0]), unforeseenLength)
		}
	case *ast.CallNode:
		if calleeOf(n) == "fold" && len(n.Arguments) == 1 {
			return min(growth*l.longest(n.Arguments[0]), unforeseenLength)
		}
	}
	if isBounded(fieldName(n)) {
		return maxForeseeable
	}
	return unforeseenLength
}
