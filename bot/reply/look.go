package reply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/sirupsen/logrus"
)

// LookerOptions are what a looker needs.
type LookerOptions struct {
	Graph  instagram.ThreadReader
	Ledger ledger.Doubts
	Pace   *Pace
	// SettleAfter is how long after the POST the first look is, at the earliest. The second is 1.5 times that after it.
	SettleAfter time.Duration
	Log         logrus.FieldLogger
	Now         func() time.Time
	// Ahead is by how much Now is known to run ahead of Meta's clock; may be nil.
	Ahead func() time.Duration
	// Observe is told what a delivery became that isn't in doubt any more, or that is given up; may be nil.
	Observe func(state ledger.State)
}

// Looker finds out what became of deliveries whose fate is unknown, by reading their threads back.
type Looker struct{ LookerOptions }

// NewLooker makes a looker.
func NewLooker(o LookerOptions) *Looker { return &Looker{o} }

// giveUpAfter is how long after the POST a thread that can't be read is not asked for any more.
const giveUpAfter = 24 * time.Hour

// lookPause is the longest wait after a look that failed.
const lookPause = 5 * time.Minute

// Look looks once for a delivery and settles it, or says when it is looked for again. Without an account, because that
// was taken out of the configuration, it is given up. An error means that nothing could be entered: the delivery comes
// back when the time is over for which it was taken. A panic is such an error, until the delivery is a day old.
func (l *Looker) Look(ctx context.Context, account instagram.Account, d ledger.Doubt) error {
	err := guarded(func() error { return l.look(ctx, account, d) })
	if errors.Is(err, errPanic) && l.Now().Sub(d.Began) > giveUpAfter {
		what, _, _ := strings.Cut(err.Error(), "\n") // without the stack
		return l.settle(ctx, d, l.givenUp(&d, "looking for it fails: "+what))
	}
	return err
}

func (l *Looker) look(ctx context.Context, account instagram.Account, d ledger.Doubt) error {
	if account.ID == "" {
		return l.settle(ctx, d, l.givenUp(&d, "the account is not configured any more"))
	}
	began := l.Now()
	if at := l.Pace.Read(account.ID, d.Seq, began); at.After(began) {
		// The ledger keeps times to the millisecond.
		return l.settle(ctx, d, l.later(&d, at.Add(time.Millisecond)))
	}
	thread, err := l.read(ctx, account, &d)
	l.Pace.Answered(account.ID, Reads, err, began, l.Now())
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return l.settle(ctx, d, l.failed(&d, err))
	}
	return l.judge(ctx, account, d, thread)
}

// read asks for the thread that the reply would stand in.
func (l *Looker) read(ctx context.Context, account instagram.Account, d *ledger.Doubt) (instagram.Thread, error) {
	form := d.Request.Form
	if media := form["media_id"]; media != "" {
		return l.Graph.MentionedThread(ctx, account, media, form["comment_id"])
	}
	comment, ok := strings.CutSuffix(strings.TrimPrefix(d.Request.Path, "/"), "/replies")
	if !ok {
		return instagram.Thread{}, &instagram.Error{Class: instagram.ClassPermanent, Message: "nothing is known that shows what was said there"}
	}
	return l.Graph.Replies(ctx, account, comment)
}

// judge settles by what the thread shows.
func (l *Looker) judge(ctx context.Context, account instagram.Account, d ledger.Doubt, thread instagram.Thread) error {
	ids := make([]string, len(thread.Replies))
	for i, c := range thread.Replies {
		ids[i] = c.ID
	}
	sent, err := l.Ledger.SentIDs(ctx, account.ID, ids)
	if err != nil {
		return err
	}
	unknown := slices.DeleteFunc(slices.Clone(thread.Replies), func(c instagram.Comment) bool { return sent[c.ID] })
	for _, c := range ownReplies(account, unknown) {
		if !isIt(&d, c) {
			continue
		}
		err := l.settle(ctx, d, ledger.Fate{State: ledger.Posted, PostedID: c.ID, Reason: "found by reading the thread back", At: l.Now()})
		if errors.Is(err, ledger.ErrContested) {
			return l.settle(ctx, d, l.later(&d, l.Now().Add(l.SettleAfter/2)))
		}
		return err
	}
	sure := thread.Complete && !slices.ContainsFunc(unknown, func(c instagram.Comment) bool { return l.mayBeIt(account, &d, c) })
	return l.settle(ctx, d, l.notSeen(&d, sure))
}

// ownReplies are the account's, oldest first.
func ownReplies(account instagram.Account, replies []instagram.Comment) []instagram.Comment {
	own := slices.DeleteFunc(slices.Clone(replies), func(c instagram.Comment) bool { return !isBy(account, c) })
	slices.SortStableFunc(own, func(a, b instagram.Comment) int {
		return cmp.Or(a.Timestamp.Compare(b.Timestamp), strings.Compare(a.ID, b.ID))
	})
	return own
}

func isBy(account instagram.Account, c instagram.Comment) bool {
	return c.FromID != "" && (c.FromID == account.ID || slices.Contains(account.Aliases, c.FromID)) ||
		c.Username != "" && strings.EqualFold(c.Username, account.Username)
}

// isIt reports whether a reply of the account's is the delivery's: it says the same, and is no older than the POST.
// Meta's times are whole seconds.
func isIt(d *ledger.Doubt, c instagram.Comment) bool {
	return c.ID != "" && sameText(c.Text, d.Text) && !c.Timestamp.Before(d.Began.Truncate(time.Second))
}

// clockError is by how much Meta's clock and ours may differ.
const clockError = 10 * time.Minute

// mayBeIt reports whether a reply that nobody knows may be the delivery's all the same: the account's, but changed by
// Meta or with a time by another clock; or one with its text by somebody else, who is the account if that was given
// another name since the configuration was written. While there is such a one the delivery was not surely left unsaid.
func (l *Looker) mayBeIt(account instagram.Account, d *ledger.Doubt, c instagram.Comment) bool {
	if !isBy(account, c) && !sameText(c.Text, d.Text) {
		return false
	}
	slack := clockError
	if l.Ahead != nil {
		slack += max(0, l.Ahead())
	}
	return c.Timestamp.IsZero() || !c.Timestamp.Before(d.Began.Add(-slack))
}

// notSeen is what a delivery becomes that a look didn't find: at the first look nothing yet, since what was just said may
// not be shown everywhere; at the second it is said once more, if it is sure that it wasn't said, and only once. What
// Meta took isn't: it may only be late.
func (l *Looker) notSeen(d *ledger.Doubt, sure bool) ledger.Fate {
	d.Looks++
	now := l.Now()
	switch {
	case d.Looks < 2:
		// Two looks are never at once, however late the first one is.
		second := d.Began.Add(l.SettleAfter * 3 / 2)
		if least := now.Add(l.SettleAfter / 2); second.Before(least) {
			second = least
		}
		return l.later(d, second)
	case !sure:
		return l.givenUp(d, "looked for twice and not seen, but Instagram may not show it")
	case d.Accepted:
		return l.givenUp(d, "looked for twice and not seen, though Meta took it")
	case d.Again:
		return l.givenUp(d, "surely not posted, and sent twice already")
	default:
		return ledger.Fate{State: ledger.Planned, Reason: d.Reason + "; looked for twice, it was surely not posted", At: now, Due: now}
	}
}

// failed is what a delivery becomes whose thread could not be read.
func (l *Looker) failed(d *ledger.Doubt, err error) ledger.Fate {
	now := l.Now()
	var e *instagram.Error
	if !errors.As(err, &e) {
		return l.givenUp(d, err.Error())
	}
	if e.Class == instagram.ClassGone || e.Class == instagram.ClassPermanent {
		return l.givenUp(d, "Instagram doesn't show the thread: "+err.Error())
	}
	age := now.Sub(d.Began)
	if age > giveUpAfter {
		return l.givenUp(d, "the thread could not be read for too long: "+err.Error())
	}
	pause := max(l.SettleAfter/2, min(age/2, lookPause), e.RetryAfter)
	if e.Class == instagram.ClassHuman {
		pause = max(pause, humanPause)
	}
	return l.later(d, now.Add(pause))
}

// later leaves the fate as it is, to be looked for at the given time.
func (l *Looker) later(d *ledger.Doubt, due time.Time) ledger.Fate {
	return ledger.Fate{State: ledger.Unknown, Because: rules.BecauseFailed, Reason: d.Reason, At: l.Now(), Due: due}
}

// givenUp leaves the fate unknown for good.
func (l *Looker) givenUp(d *ledger.Doubt, why string) ledger.Fate {
	return ledger.Fate{State: ledger.Unknown, Because: rules.BecauseFailed, Reason: d.Reason + "; " + why, At: l.Now()}
}

// settle enters what was found out and tells of it. That somebody else was faster is no error.
func (l *Looker) settle(ctx context.Context, d ledger.Doubt, fate ledger.Fate) error {
	log := l.Log.WithFields(logrus.Fields{"delivery": d.ID, "event": d.Seq, "account": d.Account, "rule": d.Rule, "fate": string(fate.State)})
	err := l.Ledger.Settle(context.WithoutCancel(ctx), d, fate)
	switch {
	case errors.Is(err, ledger.ErrNotInDoubt):
		log.Debug("somebody else has settled the reply's fate")
		return nil
	case err != nil:
		return fmt.Errorf("settle delivery %d: %w", d.ID, err)
	}
	if fate.State == ledger.Unknown && !fate.Due.IsZero() {
		log.WithField("due", fate.Due.Format(time.RFC3339)).Debug("the reply is looked for again")
		return nil
	}
	if l.Observe != nil {
		l.Observe(fate.State)
	}
	switch fate.State {
	case ledger.Posted:
		log.WithField("id", fate.PostedID).Info("replied: the reply was found on Instagram")
	case ledger.Planned:
		log.Warn("the reply was surely not posted, it is sent once more")
	default:
		log.WithField("reason", fate.Reason).Error("it can't be told whether the reply was posted; a person must look")
	}
	return nil
}
