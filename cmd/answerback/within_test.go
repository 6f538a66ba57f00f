package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAStepOfTheStopIsBounded(t *testing.T) {
	for name, c := range map[string]struct{ left, takes, want time.Duration }{
		"it ends at once":                     {20 * time.Second, 0, 0},
		"it ends in time":                     {20 * time.Second, 9 * time.Second, 9 * time.Second},
		"it ends within patience":             {0, time.Second, time.Second},
		"it hangs, and there is time left":    {20 * time.Second, time.Hour, 20 * time.Second},
		"it hangs, and the time was over":     {0, time.Hour, 2 * time.Second},
		"it hangs, and time ends in patience": {time.Second, time.Hour, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), c.left)
				defer cancel()
				closed := errors.New("closed")
				began := time.Now()
				err := within(ctx, 2*time.Second, func() error {
					time.Sleep(c.takes)
					return closed
				})
				if took := time.Since(began); took != c.want || errors.Is(err, closed) != (c.takes < time.Hour) {
					t.Errorf("after %s: %v", took, err)
				}
				time.Sleep(c.takes) // what was left behind ends
			})
		})
	}
}
