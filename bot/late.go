package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/reply"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// lateAfter is how old what is known of a comment may be when it is answered. Meta tells of no edit, deletion or hiding,
// so that beyond this it is read once more. Who corrects or regrets does so in the first minutes mostly, and a rule's
// delay is shorter: a reply in time costs no call.
const lateAfter = 10 * time.Minute

// knownSince is when the event's words were true, of one that was decided at that time: a mention is read for the
// decision, a comment brought them along.
func knownSince(event *rules.Event, decided time.Time) time.Time {
	if event.Kind == platform.Comment || event.Kind == platform.LiveComment {
		return event.Time
	}
	return decided
}

// staleFacts reports whether what an earlier attempt has read of a mention may be too old to be answered by: the decision
// is to be by what it says now. A comment that came late is read again before it is answered.
func staleFacts(kept *rules.Event, received, now time.Time) bool {
	mention := kept.Kind == platform.CommentMention || kept.Kind == platform.CaptionMention
	return mention && now.Sub(received) > lateAfter
}

// late reports whether an event has to be read again before it is answered.
func late(event *rules.Event, decided, now time.Time) bool {
	return now.Sub(knownSince(event, decided)) > lateAfter
}

// recheck reads again what a delivery answers that had to wait, and says what has changed. It has the delivery's turn.
func (b *Bot) recheck(ctx context.Context, account instagram.Account, d ledger.Delivery) (reply.Objection, error) {
	if d.Now || d.Action == rules.ActionNotify {
		return reply.Objection{}, nil // it was judged just now, or it is for people of the house
	}
	event, decided, err := b.Store.Judged(ctx, d.Seq)
	switch {
	case errors.Is(err, ledger.ErrNoEntry):
		return reply.Objection{}, nil
	case err != nil:
		return reply.Objection{}, err
	case event.Text == "" || !late(&event, decided, b.Now()) || b.pace.HeldBeside(account.ID, reply.CallOf(d.Action, d.Live), reply.Reads, b.Now()):
		// Who may write and not read lacks the permission: what is known has to do.
		return reply.Objection{}, nil
	}
	began := b.Now()
	current, hidden, err := b.readAgain(ctx, account, &event)
	b.pace.Answered(account.ID, reply.Reads, err, began, b.Now())
	switch {
	case err != nil:
		return unread(&event, err)
	case hidden && d.Action == rules.ActionReply:
		return reply.Objection{Because: rules.BecauseGone, Reason: "the comment was hidden while the reply waited, and a hidden comment can't be answered"}, nil
	case d.Approved || current == "" || current == event.Text:
		return reply.Objection{}, nil
	}
	return b.edited(d, event, current, decided), nil
}

// readAgain reads the words of an event, and whether they are hidden.
func (b *Bot) readAgain(ctx context.Context, account instagram.Account, event *rules.Event) (text string, hidden bool, err error) {
	var c instagram.Comment
	switch event.Kind {
	case platform.CaptionMention:
		m, err := b.Graph.MentionedMedia(ctx, account, event.Media.ID, []string{"id", "caption"})
		return m.Caption, false, err
	case platform.CommentMention:
		c, err = b.Graph.MentionedComment(ctx, account, event.Comment.ID, []string{"id", "text"})
	default:
		c, err = b.Graph.Comment(ctx, account, event.Comment.ID, []string{"id", "text", "hidden"})
	}
	return c.Text, c.Hidden, err
}

// unread is what it means that an event can't be read again. Where Meta just doesn't show it to us, what is known has to
// do; comments on ads are such, of which Meta says that they don't exist.
func unread(event *rules.Event, err error) (reply.Objection, error) {
	var e *instagram.Error
	switch {
	case !errors.As(err, &e):
		return reply.Objection{}, err
	case e.Unsupported(), e.Trouble() == instagram.TroublePermission, e.Class == instagram.ClassGone && event.Media.IsAd:
		return reply.Objection{}, nil
	case e.Class == instagram.ClassGone:
		return reply.Objection{Because: rules.BecauseGone, Reason: "what it answers was deleted while the reply waited: " + err.Error()}, nil
	default:
		return reply.Objection{}, fmt.Errorf("read it again: %w", err)
	}
}

// edited judges an event anew whose words have changed, as of the time at which it was decided. Only a reply that would
// come out just the same is sent: another one was never entered, and the one that was answers words that are not there
// any more.
func (b *Bot) edited(d ledger.Delivery, event rules.Event, current string, decided time.Time) reply.Objection {
	event.Text = current
	if event.Kind == platform.CaptionMention && event.Media.Caption != "" {
		event.Media.Caption = current
	}
	decision := b.Rules().Survey(&event, decided)
	i := slices.IndexFunc(decision.Candidates, func(c rules.Candidate) bool { return c.Rule == d.Rule })
	if i < 0 {
		because := rules.BecauseWhen
		for _, outcome := range decision.Rules {
			if outcome.Name == d.Rule && outcome.Because != "" {
				because = outcome.Because
			}
		}
		return reply.Objection{Because: because, Reason: "what it answers was edited while the reply waited, and the rule doesn't match any more"}
	}
	if !wouldSay(&decision.Candidates[i], d) {
		return reply.Objection{Because: rules.BecauseGone, Reason: "what it answers was edited while the reply waited, and the rule wouldn't say the same any more"}
	}
	return reply.Objection{}
}

// wouldSay reports whether a candidate would do what the delivery does.
func wouldSay(c *rules.Candidate, d ledger.Delivery) bool {
	if d.Action == rules.ActionReply && len(c.Variants) > 0 {
		return slices.ContainsFunc(c.Variants, func(v rules.Variant) bool { return v.Result == rules.Matched && v.Text == d.Text })
	}
	return slices.ContainsFunc(c.Actions, func(a rules.Action) bool { return a.Action == d.Action && a.Text == d.Text })
}
