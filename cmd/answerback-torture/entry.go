package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// entry is an event as "answerback events list -o json" tells it.
type entry struct {
	ID         int64
	Event      string
	Verdict    string
	Because    string
	Decided    *time.Time
	Reason     string
	Reopened   *time.Time
	Deliveries []delivery
}

type delivery struct {
	ID       int64
	Text     string
	State    string
	Because  string
	Reason   string
	Attempts int
	Ended    *time.Time
	PostedID string `json:"posted_id"`
}

// crashed reports whether the daemon died while the reply was being sent.
func (d delivery) crashed() bool {
	return strings.Contains(d.Reason, "the program ended while it was being sent")
}

// list asks the binary for events, as an operator does; without a state for all.
func (s *site) list(ctx context.Context, state string, most int) ([]entry, error) {
	said, err := s.verb(ctx, "events", "list", "-o", "json", "--limit", strconv.Itoa(most), "--state", state)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for line := range bytes.Lines(said) {
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("events list: %w: %s", err, line)
		}
		entries = append(entries, e)
	}
	return entries, nil
}
