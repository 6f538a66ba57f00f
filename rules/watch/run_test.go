package watch

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/answerback/answerback/rules"
)

// fakeBell rings when the test says so.
type fakeBell struct {
	ring   chan fsnotify.Event
	failed chan error
}

func (b *fakeBell) events() <-chan fsnotify.Event { return b.ring }
func (b *fakeBell) errors() <-chan error          { return b.failed }
func (b *fakeBell) renew() bool                   { return false }
func (b *fakeBell) also([]string)                 {}
func (b *fakeBell) close()                        {}

// disk is what is read: text, if it is set, else a new good text each time that edit is called.
type disk struct {
	mu    sync.Mutex
	n     int
	text  string
	reads []time.Time
	flaky bool // each reading gives another text
}

func (d *disk) read(string) (rules.Source, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reads = append(d.reads, time.Now())
	if d.flaky {
		d.n++
	}
	text := d.text
	if text == "" {
		text = fmt.Sprintf("rules:\n  - name: rule %d\n    reply: hello\n", d.n)
	}
	return rules.Source{{Name: "rules.yaml", Text: []byte(text)}}, nil
}

func (d *disk) edit() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	d.text = ""
}

func (d *disk) put(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text = text
}

// count is how often was read since the last call.
func (d *disk) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(d.reads)
	d.reads = nil
	return n
}

// inTime runs a test on a source with a fake clock, disk and bell. told is what it tells after the start.
func inTime(t *testing.T, test func(s *Source, d *disk, b *fakeBell, told *[]Result)) {
	synctest.Test(t, func(t *testing.T) {
		d, b := &disk{}, &fakeBell{make(chan fsnotify.Event), make(chan error)}
		var told []Result
		opts := Options{Poll: time.Hour, OnReload: func(r Result) { told = append(told, r) }}
		s, err := start(opts.withDefaults(), b, d.read)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Stop()
		told = nil
		d.count()
		test(s, d, b, &told)
	})
}

var written = fsnotify.Event{Name: "rules.yaml", Op: fsnotify.Write}

func TestOneEditIsReadAfterQuiet(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		d.edit()
		b.ring <- written
		time.Sleep(199 * time.Millisecond)
		synctest.Wait()
		if n := d.count(); n != 0 {
			t.Errorf("%d readings before the quiet time was over", n)
		}
		time.Sleep(time.Millisecond + settle)
		synctest.Wait()
		if n := d.count(); n != 2 || len(*told) != 1 || !(*told)[0].Changed || (*told)[0].Trigger != TriggerFile {
			t.Errorf("%d readings, told %+v", n, *told)
		}
	})
}

func TestStreamOfEditsIsReadNowAndThen(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		for range 399 { // nearly four seconds of an edit each 10 ms
			b.ring <- written
			time.Sleep(10 * time.Millisecond)
		}
		synctest.Wait()
		if n := d.count(); n != 1 {
			t.Errorf("unchanged files were read %d times in less than 4 s, want once after 2 s", n)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := d.count(); n != 1 {
			t.Errorf("read %d times after the stream, want once", n)
		}
	})
}

func TestHundredWritesInASecond(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		for range 100 {
			d.edit()
			b.ring <- written
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if len(*told) != 1 || s.Active().Names()[0] != "rule 100" {
			t.Errorf("told %d times, active %q", len(*told), s.Active().Names())
		}
	})
}

func TestTouchedFilesAreNotRead(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		b.ring <- fsnotify.Event{Name: "rules.yaml", Op: fsnotify.Chmod}
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := d.count(); n != 0 {
			t.Errorf("read %d times", n)
		}
	})
}

func TestLostEventsAreMadeUpFor(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		d.edit()
		b.failed <- fsnotify.ErrEventOverflow
		time.Sleep(time.Second)
		synctest.Wait()
		if len(*told) != 1 || !(*told)[0].Changed {
			t.Errorf("told %+v", *told)
		}
	})
}

func TestPollSeesWhatNobodyTold(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		d.edit()
		time.Sleep(time.Hour + settle)
		synctest.Wait()
		if len(*told) != 1 || (*told)[0].Trigger != TriggerPoll {
			t.Errorf("told %+v", *told)
		}
	})
}

func TestHalfASaveIsWaitedFor(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		d.put("rules:\n  - na")
		b.ring <- written
		time.Sleep(210 * time.Millisecond) // between the two readings
		d.edit()
		time.Sleep(time.Second)
		synctest.Wait()
		if len(*told) != 1 || !(*told)[0].Changed || s.Active().Names()[0] != "rule 1" {
			t.Errorf("told %+v", *told)
		}
	})
}

func TestFilesThatNeverSettleAreRefused(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		before := s.Active()
		d.mu.Lock()
		d.flaky = true
		d.mu.Unlock()
		if r := s.Reload(context.Background(), TriggerRequest); r.Err == nil || r.Changed || s.Active() != before {
			t.Errorf("reload: %+v", r)
		}
		d.mu.Lock()
		d.flaky = false
		d.mu.Unlock()
		if r := s.Reload(context.Background(), TriggerRequest); r.Err != nil || !r.Changed || len(s.Rejected()) > 0 {
			t.Errorf("reload after that: %+v", r)
		}
	})
}

func TestReloadsTogetherShareOneLook(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		d.edit()
		var calls sync.WaitGroup
		for range 50 {
			calls.Go(func() {
				if r := s.Reload(context.Background(), TriggerSignal); r.Err != nil || r.Set.Names()[0] != "rule 1" {
					t.Errorf("reload: %+v", r)
				}
			})
		}
		calls.Wait()
		// The first look serves those who had asked when it began, one more all others.
		if n := d.count(); n > 2+1 || len(*told) != 1 {
			t.Errorf("%d readings, told %d times", n, len(*told))
		}
	})
}

// An edit made before a reload is asked for is in its result, even if a look was going on.
func TestReloadDuringALook(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		d.edit()
		b.ring <- written
		time.Sleep(210 * time.Millisecond)
		d.edit()
		if r := s.Reload(context.Background(), TriggerRequest); r.Err != nil || r.Set.Names()[0] != "rule 2" {
			t.Errorf("reload: %+v", r)
		}
	})
}

func TestStopDuringALook(t *testing.T) {
	inTime(t, func(s *Source, d *disk, b *fakeBell, told *[]Result) {
		d.edit()
		b.ring <- written
		time.Sleep(210 * time.Millisecond)
		s.Stop()
		if len(*told) != 0 || s.Active().Names()[0] != "rule 0" {
			t.Errorf("told %+v, active %q", *told, s.Active().Names())
		}
	})
}
