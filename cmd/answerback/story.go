package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/enrich"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/webhook"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// show puts what a sample is about into the fake, has it notify the daemon, and tells the story.
func (d *demo) show(ctx context.Context, name string, text []byte) error {
	s, err := parseSample(name, text)
	if err != nil {
		return err
	}
	change := s.notification.Changes[0]
	event := enrich.Event(change, rules.Account{ID: demoAccount, Username: demoUsername}, d.now())
	for _, answer := range s.answers {
		answer.AddTo(&event)
	}
	d.renew(&event)
	d.put(event)
	d.shown++
	fmt.Fprintf(d.stdout, "%d  %s\n", d.shown, name)
	d.tell("@"+event.From.Username+" "+writes(event.Kind), fmt.Sprintf("%q", event.Text))

	notice := d.notice(event)
	d.tell("Meta notifies", folded(fmt.Sprintf("%s  %s", change.Field, notice.Value))...)
	if err := d.fake.Notify(ctx, "http://"+d.daemon.webhooks.String()+webhook.Path, notice); err != nil {
		return err
	}
	record, err := d.await(ctx, d.shown)
	if err != nil {
		return err
	}
	d.tellRest(record)
	return nil
}

// renew gives an event of a further round ids of its own: the same comment would be the same event, and a known event
// is not answered again.
func (d *demo) renew(event *rules.Event) {
	fresh := func(id string) string {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil || d.round == 0 {
			return id
		}
		return strconv.FormatInt(n+d.round, 10)
	}
	event.Comment.ID, event.Media.ID = fresh(event.Comment.ID), fresh(event.Media.ID)
}

// put puts the event's media and comment into the fake, as of now.
func (d *demo) put(event rules.Event) {
	media := instagramtest.Media{ID: event.Media.ID, Owner: event.Media.Owner}
	switch event.Kind {
	case platform.CaptionMention:
		media.Owner, media.Caption = event.From.Username, event.Text
	case platform.CommentMention:
		media.Owner = "a_stranger"
	}
	d.fake.AddMedia(media)
	if event.Comment.ID != "" {
		d.fake.AddComment(instagramtest.Comment{
			ID: event.Comment.ID, MediaID: event.Media.ID, FromID: event.From.ID, Username: event.From.Username, Text: event.Text,
		})
	}
}

func (d *demo) notice(event rules.Event) instagramtest.Change {
	if event.Kind == platform.Comment {
		return d.fake.CommentChange(demoAccount, event.Comment.ID)
	}
	return instagramtest.MentionChange(demoAccount, event.Media.ID, event.Comment.ID)
}

// await waits until an event is decided and what it made to be said is said.
func (d *demo) await(ctx context.Context, seq int64) (ledger.Record, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, demoPatience, errSilent)
	defer cancel()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		record, err := d.daemon.store.Record(ctx, seq)
		if err != nil && !errors.Is(err, ledger.ErrNoEntry) {
			return record, err
		}
		if err == nil {
			counts, err := d.daemon.store.Counts(ctx)
			if err != nil {
				return record, err
			}
			if counts.Deliveries[ledger.Planned]+counts.Deliveries[ledger.Sending] == 0 {
				return record, nil
			}
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return ledger.Record{}, context.Cause(ctx)
		}
	}
}

// tellRest tells what the daemon asked, decided and said.
func (d *demo) tellRest(record ledger.Record) {
	requests := d.fake.Requests()
	for _, r := range requests[d.asked:] {
		if r.Method == "GET" {
			d.tell("the bot asks", append([]string{r.Method + " " + r.Path}, question(r.Query)...)...)
		}
	}
	d.asked = len(requests)
	d.tell("the rules say", verdictWords(record))
	replies := d.fake.Replies()
	for _, r := range replies[d.posted:] {
		lines := []string{"POST " + r.Path}
		for _, key := range slices.Sorted(maps.Keys(r.Form)) {
			lines = append(lines, fmt.Sprintf("  %s=%s", key, r.Form[key]))
		}
		d.tell("the bot replies", lines...)
	}
	if len(replies) == d.posted {
		d.tell("the bot replies", "nothing")
	}
	d.posted = len(replies)
	fmt.Fprintln(d.stdout)
}

// question is what a Graph call asks for, as the lines in which it is shown: Meta's way to say it is a long one.
func question(query url.Values) []string {
	expansion, fields, _ := strings.Cut(query.Get("fields"), "{")
	if expansion == "" {
		return nil
	}
	if fields == "" {
		return []string{"  ?fields=" + expansion}
	}
	return []string{"  ?fields=" + expansion, "  {" + fields}
}

// folded breaks a long line after commas.
func folded(line string) []string {
	var lines []string
	for len(line) > storyWidth {
		at := strings.LastIndexByte(line[:storyWidth], ',') + 1
		if at == 0 {
			break
		}
		lines, line = append(lines, line[:at]), "  "+line[at:]
	}
	return append(lines, line)
}

func writes(kind platform.Kind) string {
	switch kind {
	case platform.CaptionMention:
		return "posts elsewhere"
	case platform.CommentMention:
		return "comments elsewhere"
	default:
		return "comments"
	}
}

// storyWidth is the room beside the labels in a terminal of 100 columns.
const storyWidth = 70

// tell prints a part of the story: who does what, and what it is.
func (d *demo) tell(who string, what ...string) {
	for _, line := range what {
		fmt.Fprintf(d.stdout, "   %-25s %s\n", who, line)
		who = ""
	}
}
