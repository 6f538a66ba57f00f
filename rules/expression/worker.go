package expression

import (
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/vm/runtime"

	"github.com/answerback/answerback/rules/text"
)

// worker is what runs in the place of something that an author wrote: prepared when the rule is loaded, and counted
// against the scope's bounds. Its name has a space, so no author can write it. Its type is for expr's checker.
type worker struct {
	name string
	is   any
	run  func(args ...any) (any, error)
}

const (
	workTextHas    = "text has"
	workTextHasAll = "text hasAll"
	workHas        = "has prepared"
	workHasAll     = "hasAll prepared"
	workHasAny     = "has any"
	workHasEvery   = "has every"
	workCapture    = "capture prepared"
	workMatches    = "matches prepared"
	workIn         = "in list"
	workInSet      = "in set"
	workCondition  = "condition holds"
	workLike       = "like prepared"
	workLikeAny    = "like any"
	workSplit      = "split bounded"
	workAppend     = "append bounded"
	workAdd        = "add bounded"
	workTurn       = "loop turn"
	workText       = "text or empty"
	workNumber     = "number or 0"
	workAuthored   = "authored shown"
	workUsername   = "username shown"
	workRaw        = "raw shown"
	workOptional   = "optional shown"
	workDefault    = "default shown"
	workBeside     = "beside shown"

	// environment is expr's name for what a program runs in; here the scope.
	environment = "$env"
)

func workers() []worker {
	return []worker{
		{workTextHas, new(func(any, any) bool), func(a ...any) (any, error) {
			s := a[0].(*Scope)
			subject, err := s.subject(s.Text)
			return err == nil && a[1].(*text.Matcher).In(subject), err
		}},
		{workTextHasAll, new(func(any, any) bool), func(a ...any) (any, error) {
			s := a[0].(*Scope)
			subject, err := s.subject(s.Text)
			return err == nil && a[1].(*text.Matcher).AllIn(subject), err
		}},
		{workHas, new(func(any, string, any) bool), func(a ...any) (any, error) {
			subject, err := a[0].(*Scope).subject(a[1].(string))
			return err == nil && a[2].(*text.Matcher).In(subject), err
		}},
		{workHasAll, new(func(any, string, any) bool), func(a ...any) (any, error) {
			subject, err := a[0].(*Scope).subject(a[1].(string))
			return err == nil && a[2].(*text.Matcher).AllIn(subject), err
		}},
		{workHasAny, new(func(any, string, ...any) bool), hasDynamic((*text.Matcher).In)},
		{workHasEvery, new(func(any, string, ...any) bool), hasDynamic((*text.Matcher).AllIn)},
		{workCapture, new(func(any, string, any) map[string]string), capture},
		{workMatches, new(func(any, string, any) bool), func(a ...any) (any, error) {
			s, p := a[1].(string), a[2].(*pattern)
			if err := a[0].(*Scope).spend(p.cost(s)); err != nil {
				return nil, err
			}
			return p.MatchString(s), nil
		}},
		{workIn, new(func(any, string, []string) bool), func(a ...any) (any, error) {
			list := a[2].([]string)
			if err := a[0].(*Scope).spend(1 + len(list)/stepText); err != nil {
				return nil, err
			}
			return slices.Contains(list, a[1].(string)), nil
		}},
		{workInSet, new(func(string, any) bool), func(a ...any) (any, error) {
			_, found := a[1].(map[string]struct{})[a[0].(string)]
			return found, nil
		}},
		{workCondition, new(func(any, any) bool), func(a ...any) (any, error) { return a[0].(*Scope).holds(a[1].(*named)) }},
		{workLike, new(func(any, string, any) bool), func(a ...any) (any, error) {
			return like(a[0].(*Scope), a[1].(string), a[2].(*text.Spelling))
		}},
		{workLikeAny, new(func(any, string, string) bool), func(a ...any) (any, error) {
			s, word := a[0].(*Scope), a[2].(string)
			if err := s.read(word); err != nil {
				return nil, err
			}
			return like(s, a[1].(string), text.NewSpelling(word))
		}},
		{workSplit, new(func(any, string, string) []string), split},
		{workAppend, new(func(string, string) string), add},
		{workAdd, new(func(any, any) any), add},
		{workTurn, new(func(any) bool), func(a ...any) (any, error) { return true, a[0].(*Scope).spend(1) }},
		{workText, new(func(any) string), func(a ...any) (any, error) {
			if a[0] == nil {
				return "", nil
			}
			return a[0], nil
		}},
		{workNumber, new(func(any) int), func(a ...any) (any, error) {
			if a[0] == nil {
				return 0, nil
			}
			return a[0], nil
		}},
		{workAuthored, new(func(any) any), func(a ...any) (any, error) { return shownAs(a[0].(string), authored), nil }},
		{workUsername, new(func(any) any), func(a ...any) (any, error) { return shownAs(a[0].(string), username), nil }},
		{workRaw, new(func(any) any), func(a ...any) (any, error) { return shownAs(a[0].(string), authored), nil }},
		{workOptional, new(func(any) any), func(a ...any) (any, error) {
			return shown{shownOf(a[0]).pieces, true}, nil
		}},
		{workDefault, new(func(any, any) any), func(a ...any) (any, error) { return shownOf(a[0]).or(shownOf(a[1])), nil }},
		{workBeside, new(func(any, any) any), func(a ...any) (any, error) { return shownOf(a[0]).beside(shownOf(a[1])), nil }},
	}
}

func (l *Language) define(name string, run func(args ...any) (any, error), types ...any) {
	f := &builtin.Function{Name: name, Func: run}
	for _, t := range types {
		f.Types = append(f.Types, reflect.TypeOf(t).Elem())
	}
	if run == nil {
		f.Func = func(...any) (any, error) { panic("a use of " + name + " was not replaced") }
	}
	l.conf.Functions[name] = f
}

func hasDynamic(in func(*text.Matcher, *text.Subject) bool) func(...any) (any, error) {
	return func(a ...any) (any, error) {
		s := a[0].(*Scope)
		var words []string
		for _, arg := range a[2:] {
			if w, ok := arg.(string); ok {
				words = append(words, w)
				continue
			}
			list, err := textsOf(arg)
			if err != nil {
				return nil, err
			}
			words = append(words, list...)
		}
		for _, w := range words {
			if err := s.read(w); err != nil {
				return nil, err
			}
		}
		subject, err := s.subject(a[1].(string))
		return err == nil && in(text.NewMatcher(words...), subject), err
	}
}

// like compares with every word of the text, which costs about as much as reading it some times over.
func like(s *Scope, in string, word *text.Spelling) (any, error) {
	if err := s.spend(1 + len(in)/8); err != nil {
		return nil, err
	}
	subject, err := s.subject(in)
	return err == nil && word.In(subject), err
}

func capture(a ...any) (any, error) {
	s, p := a[1].(string), a[2].(*pattern)
	if err := a[0].(*Scope).spend(p.cost(s)); err != nil {
		return nil, err
	}
	groups := map[string]string{}
	found := p.FindStringSubmatchIndex(s)
	if found == nil {
		return groups, nil
	}
	for i, name := range p.SubexpNames() {
		if name != "" && found[2*i] >= 0 {
			groups[name] = s[found[2*i]:found[2*i+1]]
		}
	}
	return groups, nil
}

func add(a ...any) (any, error) {
	l, isText := a[0].(string)
	r, areTexts := a[1].(string)
	if !isText || !areTexts {
		return runtime.Add(a[0], a[1]), nil
	}
	if len(l)+len(r) > maxBuilt {
		return nil, errBuilt
	}
	return l + r, nil
}

func split(a ...any) (any, error) {
	parts := strings.SplitN(a[1].(string), a[2].(string), maxSteps)
	return parts, a[0].(*Scope).spend(len(parts))
}

// call is a call of a worker in the place of a node.
func call(at ast.Node, name string, args ...ast.Node) ast.Node {
	callee := &ast.IdentifierNode{Value: name}
	callee.SetLocation(at.Location())
	n := &ast.CallNode{Callee: callee, Arguments: args}
	n.SetLocation(at.Location())
	return n
}

func theScope() ast.Node { return &ast.IdentifierNode{Value: environment} }

func constant(v any) ast.Node { return &ast.ConstantNode{Value: v} }
