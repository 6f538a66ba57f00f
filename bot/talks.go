package bot

import (
	"context"
	"slices"
	"sync"
)

// talks keep the replies of a conversation in the order of its events. Events of a conversation are in work one at a
// time, up to their entry; the reply is sent after that, when the next event is at work already.
type talks struct {
	mu      sync.Mutex
	threads map[string][]*talker // in the order in which they joined
}

// talker is an event that may be answered.
type talker struct {
	before []*talker     // who has to be done first
	done   chan struct{} // closed when it has left
}

func newTalks() *talks { return &talks{threads: map[string][]*talker{}} }

// join has the event of a thread line up. It must be called before the event is entered.
func (t *talks) join(thread string) *talker {
	t.mu.Lock()
	defer t.mu.Unlock()
	me := &talker{before: slices.Clone(t.threads[thread]), done: make(chan struct{})}
	t.threads[thread] = append(t.threads[thread], me)
	return me
}

// await returns when all who joined before have left, or ctx has ended.
func (m *talker) await(ctx context.Context) {
	for _, other := range m.before {
		select {
		case <-other.done:
		case <-ctx.Done():
			return
		}
	}
}

// leave says that the event was answered, or is not to be.
func (t *talks) leave(thread string, me *talker) {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(me.done)
	me.before = nil // else each would keep the one before it, for ever
	left := slices.DeleteFunc(t.threads[thread], func(other *talker) bool { return other == me })
	if t.threads[thread] = left; len(left) == 0 {
		delete(t.threads, thread)
	}
}
