package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
)

// The codes of problems that are found before the rules themselves are looked at, or in place of that.
const (
	CodeUnread = "E001" // the rules can't be read from the disk
	CodePanic  = "E002" // the compiler fell over them
)

// errUnsettled is why rules that are written without pause are refused for now.
var errUnsettled = errors.New("read rules: the files change faster than they can be read")

const (
	// settle is how long two readings are apart that must be the same.
	settle = 20 * time.Millisecond
	// maxReadings ends the waiting for files that are written without pause. The next hint or poll looks again.
	maxReadings = 10
)

// look reads the rules, and activates or refuses what is new.
func (s *Source) look(ctx context.Context, trigger string) Result {
	src, err := s.settled(ctx)
	if ctx.Err() != nil {
		return s.unlooked(trigger, ErrStopped)
	}
	if err != nil {
		return s.refuse(trigger, err.Error(), s.unread(err))
	}
	s.bell.also(src.ListFolders())
	revision := src.Revision()
	switch {
	case s.isActive(revision):
		return s.keep(trigger)
	case s.isRefused(revision):
		return s.stillRefused(trigger)
	}
	set, problems := s.compile(src)
	if set == nil {
		return s.refuse(trigger, revision, &Refused{Problems: problems})
	}
	return s.activate(trigger, set, problems)
}

// settled reads the rules, and what is new until two readings are the same: an editor may be in the middle of a save,
// which empties a file before it fills it.
func (s *Source) settled(ctx context.Context) (rules.Source, error) {
	src, err := s.read(s.opts.Path)
	for range maxReadings {
		if s.isKnown(src, err) {
			return src, err
		}
		select {
		case <-time.After(settle):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		before, errBefore := src, err
		src, err = s.read(s.opts.Path)
		if same(before, errBefore, src, err) {
			return src, err
		}
	}
	return nil, errUnsettled
}

func (s *Source) isKnown(src rules.Source, err error) bool {
	if err != nil {
		return s.isRefused(err.Error())
	}
	revision := src.Revision()
	return s.isActive(revision) || s.isRefused(revision)
}

func same(a rules.Source, errA error, b rules.Source, errB error) bool {
	if errA != nil || errB != nil {
		return errA != nil && errB != nil && errA.Error() == errB.Error()
	}
	return a.Revision() == b.Revision()
}

func (s *Source) isActive(revision string) bool {
	active := s.Active()
	return active != nil && active.Revision() == revision
}

func (s *Source) isRefused(as string) bool { return s.refusal == as && as != "" }

// unread makes a problem of what went wrong in reading.
func (s *Source) unread(err error) *Refused {
	file := s.opts.Path
	if broken, ok := errors.AsType[*fs.PathError](err); ok {
		file = broken.Path
	}
	return &Refused{cause: err, Problems: problem.List{{
		File: file, Severity: problem.Error, Code: CodeUnread, Message: err.Error(),
	}}}
}

// compile survives what no file should be able to cause: a bad one must not end the daemon.
func (s *Source) compile(src rules.Source) (set *rules.Set, problems problem.List) {
	defer func() {
		if broken := recover(); broken != nil {
			s.log.WithField("stack", string(debug.Stack())).Errorf("compiling rules: panic: %v", broken)
			set, problems = nil, problem.List{{
				File: s.opts.Path, Severity: problem.Error, Code: CodePanic, Message: fmt.Sprintf("panic: %v", broken),
				Hint: "this is a fault of the program, not of the rules; please report it",
			}}
		}
	}()
	set, problems = rules.Compile(src)
	if set == nil {
		return nil, problems
	}
	problems = append(problems, s.opts.Accept(set)...)
	problems.Sort()
	if problems.HasErrors() {
		return nil, problems
	}
	return set, problems
}

// activate is where a set becomes the active one.
func (s *Source) activate(trigger string, set *rules.Set, warnings problem.List) Result {
	before := s.Active()
	s.active.Store(set)
	s.warnings = warnings
	s.accept()
	s.tellActive(before, set, warnings, trigger)
	return s.tell(Result{Set: set, Changed: true, Problems: warnings, Trigger: trigger})
}

// keep is for rules that are the active ones already. If another edit was refused before, it has been taken back.
func (s *Source) keep(trigger string) Result {
	result := Result{Set: s.Active(), Problems: s.warnings, Trigger: trigger}
	if s.rejected.Load() == nil && trigger != TriggerStart {
		s.tellAsked(result)
		return result
	}
	s.accept()
	s.tellKept(result)
	return s.tell(result)
}

func (s *Source) accept() {
	s.refusal = ""
	s.rejected.Store(nil)
}

// refuse leaves the active set as it is. What is refused is known by as, so that it is told of once.
func (s *Source) refuse(trigger, as string, refused *Refused) Result {
	if s.isRefused(as) {
		return s.stillRefused(trigger)
	}
	s.refusal = as
	s.rejected.Store(refused)
	result := s.refusedResult(trigger, refused)
	if result.Set == nil {
		return result // New fails with all of it
	}
	s.tellRefused(result)
	return s.tell(result)
}

func (s *Source) stillRefused(trigger string) Result {
	result := s.refusedResult(trigger, s.rejected.Load())
	s.tellAsked(result)
	return result
}

func (s *Source) refusedResult(trigger string, refused *Refused) Result {
	return Result{Set: s.Active(), Problems: refused.Problems, Err: refused, Trigger: trigger}
}

func (s *Source) tell(result Result) Result {
	s.opts.OnReload(result)
	return result
}
