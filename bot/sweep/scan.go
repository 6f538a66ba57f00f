package sweep

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

const (
	// threadPages is how many pages of a thread's replies are read besides those that come with its first comment: some 200
	// replies.
	threadPages = 4
	// fresh is for how long a comment is left to its notification, which may be on its way.
	fresh = time.Minute
)

// scan reads the comments on a media, newest first, down to those that are too old. It may take several rounds.
type scan struct {
	post    *post
	after   string   // the cursor behind what was read
	ended   bool     // no more of the top-level comments are to be read
	threads []thread // whose replies are to be read on
	calls   int      // in this round
}

// read makes one call of the current scan. Media that Meta doesn't show are passed over.
func (a *account) read(ctx context.Context) error {
	s := a.scan
	a.calls++
	s.calls++
	s.post.read = a.Now()
	err := a.turn(ctx, s)
	switch {
	case passedOver(err):
		s.post.again = s.after != "" // a cursor doesn't hold for ever
		a.scan, s.post.scan = nil, nil
		return nil
	case err != nil:
		a.scan = nil
		return err
	case s.ended && len(s.threads) == 0:
		a.scan, s.post.scan = nil, nil
	case s.calls >= share:
		a.scan = nil
	}
	return nil
}

// passedOver reports whether Meta refused to show this one thing.
func passedOver(err error) bool {
	var e *instagram.Error
	return errors.As(err, &e) && (e.Class == instagram.ClassGone || e.Class == instagram.ClassPermanent)
}

// turn reads one page.
func (a *account) turn(ctx context.Context, s *scan) error {
	if len(s.threads) > 0 {
		return a.turnThread(ctx, s)
	}
	page, err := a.Graph.CommentsOn(ctx, a.ID, s.post.ID, s.after)
	if err != nil {
		return err
	}
	oldest := a.oldest(a.Now())
	s.ended = page.After == "" || page.After == s.after || len(page.Comments) == 0 || !page.Comments[len(page.Comments)-1].Timestamp.After(oldest)
	s.after = page.After
	for _, c := range page.Comments {
		tooOld := !c.Timestamp.After(oldest)
		t := thread{first: c, replies: c.Replies.Comments, after: c.Replies.After}
		if t.after != "" && !tooOld {
			s.threads = append(s.threads, t)
		} else {
			a.take(s.post, t)
		}
	}
	return nil
}

// turnThread reads more of the first thread that has more. One that Meta doesn't show on, or that is too long to be read to
// its end, is left alone: what was answered in it, by hand maybe, can't be known.
func (a *account) turnThread(ctx context.Context, s *scan) error {
	t := &s.threads[0]
	page, err := a.Graph.RepliesTo(ctx, a.ID, t.first.ID, t.after)
	switch {
	case passedOver(err):
		s.threads = s.threads[1:]
		return nil
	case err != nil:
		return err
	}
	t.pages++
	t.replies = append(t.replies, page.Comments...)
	switch ended := page.After == "" || page.After == t.after; {
	case ended:
		a.take(s.post, *t)
		s.threads = s.threads[1:]
	case t.pages == threadPages:
		s.threads = s.threads[1:]
	default:
		t.after = page.After
	}
	return nil
}

// oldest is the time after which a comment must have been written.
func (a *account) oldest(now time.Time) time.Time { return now.Add(-a.Since) }

// take has what is new in a thread wait to be fed. What was just written is looked at again, in a later round; what Meta
// tells no time of may be old.
func (a *account) take(p *post, t thread) {
	now := a.Now()
	for _, c := range t.unanswered(a.Account) {
		switch {
		case !c.Timestamp.After(a.oldest(now)):
		case now.Sub(c.Timestamp) < fresh:
			p.again = true
		default:
			a.keep(p, c)
		}
	}
}

// keep has a comment wait, behind those that are older.
func (a *account) keep(p *post, c instagram.Comment) {
	change, err := instagram.Retell(a.ID, p.Media, c)
	if err != nil {
		a.Log.WithError(err).WithField("account", a.ID).Warn("a comment that was found can't be made an event of")
		return
	}
	i, _ := slices.BinarySearchFunc(a.waiting, change.Time.Add(1), func(w inbox.Arrival, at time.Time) int { return w.Notified.Compare(at) })
	a.waiting = slices.Insert(a.waiting, i, arrival(&change, a.ID, a.Now()))
}

// arrival is what the door makes of a notification.
func arrival(change *instagram.Change, account string, read time.Time) inbox.Arrival {
	v := change.Value
	target := platform.Target{Kind: change.Kind(), Account: account, Comment: v.CommentID, Parent: v.ParentID, Media: v.MediaID}
	return inbox.Arrival{
		Key: change.Key(account), Rank: change.Rank(), Account: account, Thread: target.Thread(), Media: v.MediaID,
		Change: change.Raw, Notified: change.Time, Received: read,
	}
}
