package instagramtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

// maxBatch is how many changes Meta puts into one notification at most. Source: guide "Webhooks, getting started".
const maxBatch = 1000

// SenderOptions are what a sender of notifications needs.
type SenderOptions struct {
	// Secret signs.
	Secret string
	// Batch is how many changes go into one notification; 0: as many as Meta's, 1000.
	Batch int
	// Tries is how often a notification is sent until it is answered with 200; 0: 5.
	Tries int
	// Wait is called before each further try, counted from 1; nil: the first one at once, then after ever longer
	// waits, beginning with 100 ms.
	Wait func(ctx context.Context, try int) error
	// Twice sends every notification a second time after it was taken, as Meta may.
	Twice bool
	// Now is the clock of entry.time; nil: the real one.
	Now func() time.Time
}

// Sender sends signed notifications as Meta does. It is safe for concurrent use.
type Sender struct {
	o      SenderOptions
	client *http.Client
}

// NewSender makes a sender.
func NewSender(o SenderOptions) *Sender {
	if o.Batch <= 0 || o.Batch > maxBatch {
		o.Batch = maxBatch
	}
	if o.Tries <= 0 {
		o.Tries = 5
	}
	if o.Wait == nil {
		o.Wait = backOff
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Sender{o, &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close drops idle connections.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// backOff is Meta's way: once more at once, then with fewer and fewer tries.
func backOff(ctx context.Context, try int) error {
	if try == 1 {
		return ctx.Err()
	}
	timer := time.NewTimer(50 * time.Millisecond << try)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Change is one change to notify of. Value is JSON, as Meta's.
type Change struct {
	Account string // entry.id
	Field   string
	Value   []byte
}

// Notify sends changes, batched. The error tells of the first notification that was never taken; the others are sent
// all the same.
func (s *Sender) Notify(ctx context.Context, webhook string, changes ...Change) error {
	var first error
	for len(changes) > 0 {
		n := min(len(changes), s.o.Batch)
		if err := s.Send(ctx, webhook, s.Body(changes[:n]...)); err != nil && first == nil {
			first = err
		}
		changes = changes[n:]
	}
	return first
}

// Body is the notification of changes; those of one account that follow each other share an entry.
func (s *Sender) Body(changes ...Change) []byte {
	at := strconv.FormatInt(s.o.Now().Unix(), 10)
	b := []byte(`{"object":"instagram","entry":[`)
	for i, c := range changes {
		switch {
		case i > 0 && changes[i-1].Account == c.Account:
			b = append(b, ',')
		default:
			if i > 0 {
				b = append(b, `]},`...)
			}
			b = append(b, `{"id":"`+c.Account+`","time":`+at+`,"changes":[`...)
		}
		b = append(b, `{"field":"`+c.Field+`","value":`...)
		b = append(append(b, c.Value...), '}')
	}
	if len(changes) > 0 {
		b = append(b, `]}`...)
	}
	return append(b, `]}`...)
}

// Send posts one signed notification until it is answered with 200. The error is that of the last try.
func (s *Sender) Send(ctx context.Context, webhook string, body []byte) error {
	err := s.until200(ctx, webhook, body)
	if err == nil && s.o.Twice {
		err = s.until200(ctx, webhook, body)
	}
	return err
}

func (s *Sender) until200(ctx context.Context, webhook string, body []byte) error {
	for try := 1; ; try++ {
		status, err := s.Post(ctx, webhook, body)
		if err == nil && status == http.StatusOK {
			return nil
		}
		if err == nil {
			err = fmt.Errorf("the notification was answered with %d", status)
		}
		if try >= s.o.Tries {
			return err
		}
		if stopped := s.o.Wait(ctx, try); stopped != nil {
			return errors.Join(err, stopped)
		}
	}
}

// Post posts one signed notification once and tells the status of the answer.
func (s *Sender) Post(ctx context.Context, webhook string, body []byte) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, webhook, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("notify: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Webhooks/1.0 (https://fb.me/webhooks)")
	req.Header.Set(instagram.SignatureHeader, instagram.Sign(body, []byte(s.o.Secret)))
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("notify: %w", err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)); err != nil {
		return 0, fmt.Errorf("notify: %w", err)
	}
	return resp.StatusCode, nil
}
