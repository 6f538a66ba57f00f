package sqlite

// threads counts the open events by the hash of their thread, so that the end of an event that is alone in its thread,
// as most are, needs no look for the next one. A count may be too high, never too low: events are counted when they
// are written, whatever becomes of the transaction, and taken off when the transaction that ended them is on disk.
type threads struct {
	open  [1 << 16]uint32
	ended []uint16 // in the transaction under way
}

// most is up to how many open events are counted at the start; of more, every thread is taken to have several.
const most = 100_000

func place(hash int64) uint16 { return uint16(hash) }

func (t *threads) begin(hash int64) { t.open[place(hash)]++ }

// end takes an event off and reports whether its thread may have another one.
func (t *threads) end(hash int64) (more bool) {
	t.ended = append(t.ended, place(hash))
	return t.open[place(hash)] > 1
}

func (t *threads) commit() {
	for _, place := range t.ended {
		t.open[place]--
	}
	t.rollback()
}

func (t *threads) rollback() { t.ended = t.ended[:0] }

// crowd takes every thread to have more events than ever end.
func (t *threads) crowd() {
	for i := range t.open {
		t.open[i] = 1 << 31
	}
}
