package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/sirupsen/logrus"
)

// shelf is where rules are kept, when it is open.
type shelf struct {
	mu     sync.Mutex
	closed bool
	kept   []string
}

func (s *shelf) keep(_ context.Context, set *rules.Set) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("disk full")
	}
	s.kept = append(s.kept, set.Revision())
	return nil
}

func (s *shelf) close(closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = closed
}

// has checks which sets were kept, one after the other.
func (s *shelf) has(t *testing.T, when string, want ...*rules.Set) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var revisions []string
	for _, set := range want {
		revisions = append(revisions, set.Revision())
	}
	if !slices.Equal(s.kept, revisions) {
		t.Errorf("%s: kept %v, want %v", when, s.kept, revisions)
	}
}

func someRules(t *testing.T, reply string) *rules.Set {
	t.Helper()
	set, problems := rules.Compile(rules.Source{{Name: "rules.yaml", Text: []byte("rules: [{name: one, reply: " + reply + "}]")}})
	if set == nil {
		t.Fatal(problems)
	}
	return set
}

// A start over broken files has to find the rules that really ran last.
func TestRulesThatCouldNotBeKeptAreKeptLater(t *testing.T) {
	first, second, third := someRules(t, "one"), someRules(t, "two"), someRules(t, "three")
	log := logrus.New()
	log.SetOutput(io.Discard)
	for name, play := range map[string]func(t *testing.T, s *shelf, k *keeper){
		"when the store takes them": func(t *testing.T, s *shelf, k *keeper) {
			time.Sleep(10 * time.Minute)
			s.close(false)
			time.Sleep(time.Minute)
			s.has(t, "a minute after", first, second)
			s.close(true)
			k.active(t.Context(), third)
			s.close(false)
			time.Sleep(time.Minute)
			s.has(t, "the next time", first, second, third)
		},
		"unless others are active": func(t *testing.T, s *shelf, k *keeper) {
			time.Sleep(10 * time.Second)
			k.active(t.Context(), first)
			s.close(false)
			time.Sleep(time.Hour)
			s.has(t, "the newest alone", first, first)
			k.active(t.Context(), third)
			time.Sleep(time.Hour)
			s.has(t, "and no older one behind it", first, first, third)
		},
		"by the end at the latest": func(t *testing.T, s *shelf, k *keeper) {
			time.Sleep(time.Hour)
			s.close(false)
			s.has(t, "before the end", first)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &shelf{}
				k := newKeeper(s.keep, log)
				k.active(t.Context(), first)
				s.has(t, "at once", first)
				s.close(true)
				k.active(t.Context(), second)
				play(t, s, k)
				k.mu.Lock()
				last := k.owed
				k.mu.Unlock()
				if err := k.stop(t.Context()); err != nil {
					t.Error(err)
				}
				if last != nil {
					s.has(t, "at the end", first, last)
				}
			})
		})
	}
}
