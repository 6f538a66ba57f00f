// Package webhook is the door: only what Meta signed gets in, and what got in is stored before Meta is told so.
//
// Meta posts notifications to one address, [Path]. When the webhook is configured in Meta's dashboard, it first asks
// there, with GET, whether we know the verify token (handshake.go). After that each POST is a notification of up to
// 1000 changes (notification.go), which goes through the same steps in the same order:
//
//  1. the body is read, up to 8 MiB (body.go);
//  2. its signature is checked, over the bytes as they came;
//  3. it is parsed, tolerantly, and sorted: events of our accounts on one side, what is not ours on the other (sort.go);
//  4. all its events are stored in one transaction;
//  5. and only then it is answered.
//
// The answer tells Meta what to do next, and nothing else decides which one is given:
//
//	200  stored, or nothing in it is for us. What was signed and can't be read is junk, and stays junk however often
//	     it is sent: 200 too, logged and counted.
//	400  the body ended before its time; 408 it came too slowly
//	403  no signature, or a wrong one
//	405  neither GET nor POST
//	413  more than 8 MiB
//	503  not stored, or no memory for it now: Meta sends it again, for 36 hours
//
// Strangers learn nothing here but the status. What an operator needs to mend a wrong setting is in the log, where the
// same thing is said once a minute at most, with the number of times it was left out.
//
// The package knows neither rules nor replies. It hands [inbox.Arrival] values to a [Store], and it keeps Meta's JSON
// of each change rather than what it understood of it: the worker reads it again.
package webhook

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/sirupsen/logrus"
)

// Path is where Meta sends notifications to.
const Path = "/webhooks/instagram"

// Store keeps what came in.
type Store interface {
	// Accept stores arrivals in one transaction; when it returns without an error they are on disk.
	Accept(ctx context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error)
}

// Observer is told what happened, for metrics. Its methods are called on every notification's way and must not block.
type Observer interface {
	// Answered is called once for each POST, before the answer goes out.
	Answered(status int, took time.Duration)
	// Received is called for each event that is stored now, or was before.
	Received(kind string)
	// Duplicates says how many of the events received were stored before.
	Duplicates(n int)
	// Ignored is called for each part of a notification that is not ours to act on.
	Ignored(reason, name string)
}

// Account is one that the bot answers for: the id by which it is known to the rest of the bot, and other ids by which
// Meta may call it.
type Account struct {
	ID      string
	Aliases []string
}

// Secrets are what Meta and we both know.
type Secrets struct {
	// VerifyToken is what Meta shows in the handshake.
	VerifyToken string
	// App are the secrets with one of which a notification must be signed: several while one is changed for another,
	// and where several apps send here.
	App [][]byte
}

// Options are what the door needs. All of them.
type Options struct {
	Secrets  Secrets
	Accounts []Account
	Store    Store
	Observe  Observer
	Log      logrus.FieldLogger
	Now      func() time.Time
}

// Handler answers Meta at [Path], and 404 elsewhere. It is safe for concurrent use.
type Handler struct {
	accounts map[string]string // what Meta calls it to the configured id
	secrets  atomic.Pointer[secrets]
	bodies   *bodies
	store    Store
	observe  Observer
	cry      *crier
	now      func() time.Time
}

type secrets struct {
	verifyToken [sha256.Size]byte
	app         [][]byte
}

// New makes a door. It refuses to be one without a lock: an empty secret or verify token is an error, and so is an id
// that stands for two accounts.
func New(o Options) (*Handler, error) {
	accounts, err := byName(o.Accounts)
	if err != nil {
		return nil, err
	}
	h := &Handler{
		accounts: accounts,
		bodies:   newBodies(),
		store:    o.Store,
		observe:  o.Observe,
		cry:      newCrier(o.Log, o.Now),
		now:      o.Now,
	}
	if err := h.Rotate(o.Secrets); err != nil {
		return nil, err
	}
	return h, nil
}

// Rotate puts new secrets in the place of the old ones. Requests in hand end with those that they began with. After an
// error the old ones stay.
func (h *Handler) Rotate(s Secrets) error {
	if s.VerifyToken == "" {
		return errors.New("no verify token")
	}
	if len(s.App) == 0 {
		return errors.New("no app secret")
	}
	kept := secrets{verifyToken: sha256.Sum256([]byte(s.VerifyToken))}
	for _, secret := range s.App {
		if len(secret) == 0 {
			return errors.New("an app secret is empty")
		}
		// Accounts of one app share its secret, and each secret costs a look at the whole body.
		if !slices.ContainsFunc(kept.app, func(other []byte) bool { return bytes.Equal(other, secret) }) {
			kept.app = append(kept.app, slices.Clone(secret))
		}
	}
	h.secrets.Store(&kept)
	return nil
}

func byName(accounts []Account) (map[string]string, error) {
	known := map[string]string{}
	for _, account := range accounts {
		for _, name := range append([]string{account.ID}, account.Aliases...) {
			if name == "" {
				return nil, fmt.Errorf("account %q: an empty id", account.ID)
			}
			if other, taken := known[name]; taken && other != account.ID {
				return nil, fmt.Errorf("id %q stands for account %q and account %q", name, other, account.ID)
			}
			known[name] = account.ID
		}
	}
	return known, nil
}

// ServeHTTP answers a handshake or a notification.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != Path:
		answer(w, http.StatusNotFound)
	case r.Method == http.MethodGet:
		h.handshake(w, r)
	case r.Method == http.MethodPost:
		h.notification(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		answer(w, http.StatusMethodNotAllowed)
	}
}

// answer says no more than the status: who is not Meta learns nothing, and Meta reads nothing else.
func answer(w http.ResponseWriter, status int) {
	if status == http.StatusOK {
		w.WriteHeader(status)
		return
	}
	http.Error(w, http.StatusText(status), status)
}
