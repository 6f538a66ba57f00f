package main

import (
	"context"
	"time"

	"github.com/answerback/answerback/bot/metrics"
)

// watchPauses has the metrics show what is paused.
func (d *daemon) watchPauses() {
	d.metrics.WatchPauses(func() ([]metrics.PauseFigure, bool) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		pauses, err := d.store.Pauses(ctx, d.now())
		figures := make([]metrics.PauseFigure, len(pauses))
		for i, p := range pauses {
			figures[i] = metrics.PauseFigure{Scope: string(p.Scope), Name: p.Name, Waiting: p.Planned}
		}
		return figures, err == nil
	})
}
