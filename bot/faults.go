package bot

import "sync"

// faults counts how often events in this run made the bot itself fail. The store's count of attempts doesn't tell them
// from those that only had to wait.
type faults struct {
	mu    sync.Mutex
	bySeq map[int64]int
}

// add counts one more, and gives their number.
func (f *faults) add(seq int64) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bySeq == nil {
		f.bySeq = map[int64]int{}
	}
	f.bySeq[seq]++
	return f.bySeq[seq]
}

// forget is for an event that is over.
func (f *faults) forget(seq int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.bySeq, seq)
}
