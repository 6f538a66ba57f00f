package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strconv"
	"time"
)

// approve says yes to most of what waits for a person, and no to some.
func (s *site) approve(ctx context.Context, n int) error {
	ids, err := s.pending(ctx)
	if err != nil {
		return err
	}
	for i, id := range ids {
		verb := "approve"
		if (n+i)%4 == 0 {
			verb = "reject"
		}
		if _, err := s.verb(ctx, verb, id); err != nil {
			return err
		}
	}
	return nil
}

// pending are the replies that wait for a person.
func (s *site) pending(ctx context.Context) ([]string, error) {
	said, err := s.verb(ctx, "pending", "-o", "json")
	if err != nil {
		return nil, err
	}
	var ids []string
	for line := range bytes.Lines(said) {
		var waiting struct{ ID int64 }
		if err := json.Unmarshal(line, &waiting); err != nil {
			return nil, fmt.Errorf("pending: %w: %s", err, line)
		}
		ids = append(ids, strconv.FormatInt(waiting.ID, 10))
	}
	return ids, nil
}

// mostAtOnce is how many events a person puts right in one go.
const mostAtOnce = 5

// settleUnknown looks at Instagram, as a person does, and says what became of replies of unknown fate.
func (s *site) settleUnknown(ctx context.Context) error {
	unknown, err := s.list(ctx, "unknown", mostAtOnce)
	if err != nil {
		return err
	}
	for _, e := range unknown {
		// What Instagram does late is done by then, on a slow machine too.
		if len(e.Deliveries) != 1 || e.Deliveries[0].Ended == nil || time.Since(*e.Deliveries[0].Ended) < settleAfter {
			continue
		}
		id := strconv.FormatInt(e.ID, 10)
		seen, sure := s.scribe.holds(e.Event)
		switch {
		case !sure:
		case seen:
			_, err = s.verb(ctx, "events", "resolve", id, "--as", "posted")
		default:
			if _, err = s.verb(ctx, "events", "resolve", id, "--as", "refused", "--note", "not there"); err == nil {
				_, err = s.verb(ctx, "events", "retry", id)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// retry has events that ended in an error judged again, and replies that were refused sent again.
func (s *site) retry(ctx context.Context) error {
	for _, state := range []string{"error", "refused"} {
		failed, err := s.list(ctx, state, mostAtOnce)
		if err != nil {
			return err
		}
		for _, e := range failed {
			if _, err := s.verb(ctx, "events", "retry", strconv.FormatInt(e.ID, 10)); err != nil {
				return err
			}
		}
	}
	return nil
}

// readable reports what is wrong with the database that a configuration names.
func (s *site) readable(ctx context.Context, config string) error {
	ctx, cancel := context.WithTimeout(ctx, verbLimit)
	defer cancel()
	if said, err := exec.CommandContext(ctx, s.binary, "events", "list", "-o", "json", "--limit", "1000000", "-c", config).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, said)
	}
	return nil
}

// holds is what a person finds who looks for the reply to an event. Where others were answered in the same words in the
// same place, that is not sure.
func (s *scribe) holds(key string) (seen, sure bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.seen.expected[key]
	if !ok || x.subject == thanks {
		return false, false
	}
	for _, said := range s.seen.said {
		if said.group == x.group {
			return true, true
		}
	}
	return false, true
}
