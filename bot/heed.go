package bot

import (
	"context"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/sirupsen/logrus"
)

// heedEvery is how often the dispatcher looks for what people want done. With the longest pause that it makes it stays
// within 15 seconds.
const heedEvery = 5 * time.Second

// heeded is what people were found to want, at the last look.
type heeded struct {
	at      time.Time
	written written // before the look
	pauses  []ledger.Holding
}

// heed does what people have asked for in other processes and that is nobody's turn in an event's way: events are
// judged again, and what is paused is told of. That a pause holds needs no heed: the store sees to that.
func (b *Bot) heed(ctx context.Context) {
	b.heeded.at, b.heeded.written = b.Now(), written{}
	n, reopened := b.Store.Reopen(ctx, b.heeded.at)
	if reopened != nil && ctx.Err() == nil {
		b.Log.WithError(reopened).Error("events that a person wants judged again can't be taken up; it is tried again")
	}
	if n > 0 {
		b.Log.WithField("events", n).Info("a person has these events judged again")
	}
	pauses, err := b.Store.Pauses(ctx, b.heeded.at)
	if err != nil {
		if ctx.Err() == nil {
			b.Log.WithError(err).Error("pauses can't be read; they hold all the same")
		}
		return
	}
	b.tellPauses(pauses)
	b.heeded.pauses = pauses
	if reopened == nil {
		b.heeded.written = b.calm.written
	}
}

// tellPauses logs pauses that have begun, ended, or hold back replies that they didn't hold back before.
func (b *Bot) tellPauses(pauses []ledger.Holding) {
	former := map[ledger.Pause]ledger.Holding{}
	for _, pause := range b.heeded.pauses {
		former[pause.Pause] = pause
	}
	for _, pause := range pauses {
		known, ok := former[pause.Pause]
		if !ok || pause.Planned > known.Planned {
			b.logPause(pause).Warn("answering is paused")
		}
		delete(former, pause.Pause)
	}
	for _, pause := range former {
		b.logPause(pause).Info("this pause is over")
		b.noticed.changed()
		b.plannedLater()
	}
}

func (b *Bot) logPause(pause ledger.Holding) logrus.FieldLogger {
	log := b.Log.WithFields(logrus.Fields{"scope": string(pause.Scope), "reason": pause.Reason, "waiting": pause.Planned})
	if pause.Name != "" {
		log = log.WithField("name", pause.Name)
	}
	if !pause.Until.IsZero() {
		log = log.WithField("until", pause.Until.Format(time.RFC3339))
	}
	return log
}
