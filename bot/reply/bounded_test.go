package reply_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/reply"
)

// live is the memory in use after a garbage collection.
func live() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// What a pace remembers doesn't grow with the queue, nor with deliveries that never come back: those that a pause held
// back for too long, or that a person took away.
func TestAPaceKeepsLittle(t *testing.T) {
	const deliveries, cap, most = 20_000, 10, 1 << 20
	for name, step := range map[string]time.Duration{
		"a long queue":               0,
		"many that never come back":  time.Hour / cap,
		"few that never come back":   time.Hour,
		"a queue that grows quickly": time.Millisecond,
	} {
		t.Run(name, func(t *testing.T) {
			pace, now := reply.NewPace(), time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
			pace.Add("1", cap, nil)
			before := live()
			for delivery := range int64(deliveries) {
				pace.Reserve("1", reply.Writes, delivery, now)
				pace.Reserve("1", reply.Writes, -1-delivery, now)
				now = now.Add(step)
			}
			if grown := live() - before; grown > most {
				t.Errorf("%d bytes are kept of %d deliveries", grown, 2*deliveries)
			}
			runtime.KeepAlive(pace)
		})
	}
}

// Who would have to wait for long is told to come again, and those that come together at last keep their order.
func TestALongQueueComesAgain(t *testing.T) {
	const cap = 3
	pace, now := reply.NewPace(), time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	pace.Add("1", cap, nil)
	due, order := map[int64]time.Time{}, []int64(nil)
	for delivery := range int64(12) {
		due[delivery] = now
	}
	for range 5 {
		for delivery := range int64(12) {
			if at, waits := due[delivery]; !waits || at.After(now) {
				continue
			}
			switch at := pace.Reserve("1", reply.Writes, delivery, now); {
			case !at.After(now):
				order = append(order, delivery)
				delete(due, delivery)
			case at.Sub(now) > time.Hour:
				t.Fatalf("delivery %d is to come in %v", delivery, at.Sub(now))
			default:
				due[delivery] = at
			}
		}
		now = now.Add(time.Hour)
	}
	for i, delivery := range order {
		if int64(i) != delivery {
			t.Fatalf("they went in the order %v", order)
		}
	}
	if len(order) != 12 {
		t.Errorf("%d of 12 went within five hours at %d an hour", len(order), cap)
	}
}
