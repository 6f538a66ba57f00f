package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/answerback/answerback/bot/enrich"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// maxSample bounds a sample as the door bounds a notification.
const maxSample = 8 << 20

// sample is a notification, with the Graph API answers that tell what it doesn't.
type sample struct {
	name         string // as it was given on the command line
	notification instagram.Notification
	answers      []enrich.Answer
	bare         bool // it lacks the envelope, which says whose it is: its account is bareAccount
}

// readSample reads a file as a sample; "-" is standard input.
func (c *cli) readSample(path string) (sample, error) {
	body, err := c.readFile(path)
	if err != nil {
		return sample{}, err
	}
	s, err := parseSample(path, body)
	if err != nil {
		return s, fmt.Errorf("sample %q: %w", path, err)
	}
	return s, nil
}

// parseSample reads a notification as Meta posts it, or {"webhook": NOTIFICATION, "graph": [ANSWER, …]}.
func parseSample(name string, body []byte) (sample, error) {
	s := sample{name: name}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if !json.Valid(body) {
		return s, whereInvalid(body)
	}
	body, graph, err := unwrap(body)
	if err != nil {
		return s, err
	}
	s.notification, err = instagram.Parse(body)
	if errors.Is(err, instagram.ErrBare) {
		s.bare = true
		s.notification, err = instagram.Parse(enveloped(body))
	}
	if err != nil {
		return s, err
	}
	for i, raw := range graph {
		answer, err := enrich.ParseAnswer(raw)
		if err != nil {
			return s, fmt.Errorf("graph answer %d: %w", i+1, err)
		}
		s.answers = append(s.answers, answer)
	}
	return s, nil
}

// event is what the sample tells of a change, and whether it tells the text; figures have none that could be missing.
func (s sample) event(change instagram.Change, account rules.Account, received time.Time) (event rules.Event, texted bool) {
	event = enrich.Event(change, account, received)
	texted = change.Value.HasText || event.Kind == platform.StoryInsights
	for _, answer := range s.answers {
		texted = answer.AddTo(&event) || texted
	}
	return event, texted
}

// missingText is which text an event lacks, the flag that gives it, and the Graph API answer that would.
func missingText(event *rules.Event) (what, flag, answer string) {
	switch event.Kind {
	case platform.CaptionMention:
		return "the media's caption", "--caption", `{"mentioned_media": {"id": "` + event.Media.ID + `", "caption": …}}`
	case platform.Comment, platform.LiveComment:
		return "the comment's text", "--text", `{"id": "` + event.Comment.ID + `", "text": …}`
	}
	return "the comment's text", "--text", `{"mentioned_comment": {"id": "` + event.Comment.ID + `", "text": …}}`
}

// unwrap takes a sample apart that brings answers along. A misspelt key would leave them out in silence, so that is an
// error. What isn't wrapped is a bare notification.
func unwrap(body []byte) (notification []byte, graph []json.RawMessage, err error) {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(body, &parts); err != nil || parts["webhook"] == nil {
		return body, nil, nil
	}
	for _, key := range slices.Sorted(maps.Keys(parts)) {
		if key != "webhook" && key != "graph" {
			return nil, nil, fmt.Errorf("unknown key %q beside \"webhook\"; there can be \"graph\"", key)
		}
	}
	if given := parts["graph"]; given != nil {
		if err := json.Unmarshal(given, &graph); err != nil {
			return nil, nil, errors.New(`"graph" must be a list of answers`)
		}
	}
	return parts["webhook"], graph, nil
}

// readFile reads a sample's bytes; "-" is standard input.
func (c *cli) readFile(path string) ([]byte, error) {
	var in io.Reader = c.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, maxSample+1))
	if err != nil {
		return nil, fmt.Errorf("read sample %q: %w", path, err)
	}
	if len(body) > maxSample {
		return nil, fmt.Errorf("sample %q is over %d MiB", path, maxSample>>20)
	}
	return body, nil
}

// whereInvalid names the line and column at which a text stops being JSON.
func whereInvalid(body []byte) error {
	var any json.RawMessage
	err := json.Unmarshal(body, &any)
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	before := body[:min(int(syntax.Offset), len(body))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:])))
	return fmt.Errorf("not JSON at line %d, column %d: %w", line, max(column, 1), err)
}
