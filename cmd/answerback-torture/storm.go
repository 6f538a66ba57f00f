package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// storm carries a plan out.
type storm struct {
	*site
	plan   plan
	deeds  sync.WaitGroup // those under way
	kills  int
	deaths int // by itself, on a full disk
	copies int
	// overtake is as check has it.
	overtake time.Duration
}

// listenWithin is how long a cycle waits for the daemon to listen, before it is killed all the same.
const listenWithin = 5 * time.Second

// tellEvery is after how many cycles a word is said of how far it is.
const tellEvery = 100

// rage lives through all cycles.
func (s *storm) rage(ctx context.Context) error {
	defer s.deeds.Wait()
	for i, c := range s.plan.cycles {
		if err := s.cycle(ctx, c); err != nil {
			return err
		}
		if (i+1)%tellEvery == 0 {
			fmt.Printf("  %d kills, %d events taken\n", s.kills, s.scribe.count())
		}
	}
	for _, c := range s.plan.spare {
		if s.kills >= len(s.plan.cycles) {
			break
		}
		if err := s.cycle(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// cycle is one life of the daemon.
func (s *storm) cycle(ctx context.Context, c cycle) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	s.become(c.weather)
	s.disk.began()
	l, err := s.live()
	if err != nil {
		return err
	}
	if !c.early {
		select {
		case <-l.listening:
		case <-l.ended:
		case <-time.After(listenWithin):
		}
	}
	s.pass(ctx, c, l)
	select {
	case <-l.ended:
		s.deaths++
	default:
		s.kills++
	}
	s.scribe.upset("", "kill")
	l.kill(c.gentle)
	return nil
}

func (s *storm) become(w weather) {
	s.sky.become(w)
	if w.blind {
		s.fake.HideThreads()
	} else {
		s.fake.ShowThreads(w.lag)
	}
}

// pass has a cycle's notifications and deeds come at their times.
func (s *storm) pass(ctx context.Context, c cycle, l *life) {
	var waiting sync.WaitGroup
	defer waiting.Wait()
	s.sendAll(&waiting, c.batches)
	for _, d := range c.deeds {
		after(&waiting, d.at, func() { s.deeds.Go(func() { s.do(ctx, d, l) }) })
	}
	after(&waiting, c.life, func() {})
}

// sendAll has each notification come at its time.
func (s *storm) sendAll(waiting *sync.WaitGroup, batches []batch) {
	for _, b := range batches {
		after(waiting, b.at, func() { s.post(b.events) })
	}
}

func after(waiting *sync.WaitGroup, pause time.Duration, do func()) {
	waiting.Go(func() {
		time.Sleep(pause)
		do()
	})
}

// do does a deed. That a verb fails is no news while the disk is full or the database locked.
func (s *storm) do(ctx context.Context, d deed, l *life) {
	err := s.tryDeed(ctx, d, l)
	if err != nil && !strings.Contains(err.Error(), "exit status") && ctx.Err() == nil {
		s.scribe.ended(fmt.Sprintf("%s: %v", d.kind, err))
	}
}

func (s *storm) tryDeed(ctx context.Context, d deed, l *life) error {
	switch d.kind {
	case editWell, editBadly:
		form := editForm{rename: d.n%2 == 0, torn: d.n%3 == 0}
		if d.kind == editBadly {
			form.slip = 1 + d.n
		}
		if !s.rulesKept.Load() {
			form.slip, form.torn = 0, false
		}
		err := s.editRules(form)
		s.reload(l, d.n%5 == 0)
		return err
	case revoke:
		s.revokeToken(d.n % accountCount)
	case renew:
		return s.renewAll(l)
	case pause, resume:
		return s.switchPause(ctx, d)
	case fillDisk:
		s.scribe.upset("", "disk full")
		return s.disk.fill(d.n % 40)
	case freeDisk:
		return s.disk.free()
	case approve:
		return s.approve(ctx, d.n)
	case settle:
		return s.settleUnknown(ctx)
	case again:
		return s.retry(ctx)
	case backUp:
		return s.backUp(ctx)
	}
	return nil
}

func (s *storm) reload(l *life, really bool) {
	if really && l.isListening() {
		l.signal(syscall.SIGHUP)
	}
}

func (s *storm) renewAll(l *life) error {
	for n := range accountCount {
		if err := s.writeToken(n); err != nil {
			return err
		}
	}
	s.reload(l, true)
	return nil
}

// switchPause pauses or resumes everything, an account or a rule.
func (s *storm) switchPause(ctx context.Context, d deed) error {
	name := []string{"all", username(d.n / 3 % accountCount), "hello"}[d.n%3]
	s.scribe.upset("", string(d.kind))
	if d.kind == resume {
		_, err := s.verb(ctx, "resume", name)
		return err
	}
	_, err := s.verb(ctx, "pause", name, "--for", "1s", "--reason", "torture")
	s.scribe.upset("", string(d.kind))
	return err
}

// backUp copies the database and reads the copy.
func (s *storm) backUp(ctx context.Context) error {
	s.mu.Lock()
	s.copies++
	name := s.path(fmt.Sprintf("backups/%d.db", s.copies))
	s.mu.Unlock()
	if _, err := s.verb(ctx, "backup", name); err != nil {
		return err
	}
	text, err := os.ReadFile(s.path("answerback.yaml"))
	if err != nil {
		return err
	}
	copied := name + ".yaml"
	if err := os.WriteFile(copied, []byte(strings.Replace(string(text), "sqlite:db/answerback.db", "sqlite:"+name, 1)), 0o600); err != nil {
		return err
	}
	if err := s.readable(ctx, copied); err != nil {
		s.scribe.ended(fmt.Sprintf("a backup can't be read: %v", err))
	}
	return os.Remove(name)
}
