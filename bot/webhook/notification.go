package webhook

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
)

// storeWithin is how long the store may take. Meta's patience is not published (5 s is what its messaging pages say);
// who waits for longer has long been given up, and would only hold memory.
const storeWithin = 10 * time.Second

// notification takes one in and answers it.
func (h *Handler) notification(w http.ResponseWriter, r *http.Request) {
	start := h.now()
	status := h.take(r)
	h.observe.Answered(status, h.now().Sub(start))
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	answer(w, status)
}

// take is a notification's way through the door; it gives the status that it is to be answered with.
func (h *Handler) take(r *http.Request) int {
	body, err := h.bodies.read(r)
	defer h.bodies.done(body)
	if err != nil {
		return h.unread(r, err)
	}
	signature := r.Header.Get(instagram.SignatureHeader)
	if err := instagram.Verify(body.bytes, signature, h.secrets.Load().app); err != nil {
		return h.unsigned(r, err)
	}
	parsed, err := instagram.Parse(body.bytes)
	if err != nil {
		h.junk(err)
		return http.StatusOK
	}
	sorted := h.sort(parsed, h.now())
	if err := h.keep(r.Context(), sorted); err != nil {
		return h.unstored(r, err)
	}
	return http.StatusOK
}

// keep stores what is ours, and then counts what came: a notification that could not be stored comes again, and is
// counted when it does.
func (h *Handler) keep(ctx context.Context, s sorted) error {
	var accepted inbox.Accepted
	if len(s.arrivals) > 0 {
		ctx, cancel := context.WithTimeout(ctx, storeWithin)
		defer cancel()
		var err error
		if accepted, err = h.store.Accept(ctx, s.arrivals); err != nil {
			return err
		}
	}
	for _, kind := range s.kinds {
		h.observe.Received(string(kind))
	}
	if accepted.Duplicate > 0 {
		h.observe.Duplicates(accepted.Duplicate)
	}
	for _, ignored := range s.ignored {
		h.ignore(ignored)
	}
	return nil
}

// unread says what a body that was not read is answered with.
func (h *Handler) unread(r *http.Request, err error) int {
	status, why := http.StatusBadRequest, "the body ended before its time"
	switch {
	case errors.Is(err, errTooLarge):
		status, why = http.StatusRequestEntityTooLarge, "the body is over the limit"
	case errors.Is(err, errBusy):
		status, why = http.StatusServiceUnavailable, "too many large notifications at once; Meta sends them again"
	case isTimeout(err):
		status, why = http.StatusRequestTimeout, "the body came too slowly"
	}
	if log, due := h.cry.due(why, sometimes); due {
		log.WithField("remote", r.RemoteAddr).Warn("notification refused: " + why)
	}
	return status
}

// unsigned tells the operator which of the usual mistakes it may be; the sender isn't told.
func (h *Handler) unsigned(r *http.Request, err error) int {
	if log, due := h.cry.due(err.Error(), sometimes); due {
		log = log.WithField("remote", r.RemoteAddr).WithError(err)
		if errors.Is(err, instagram.ErrSignatureWrong) {
			log.Warn("notification refused: app_secret must be the secret of the app that sends, and no proxy on the way may change the body")
		} else {
			log.Warn("notification refused: not from Meta")
		}
	}
	return http.StatusForbidden
}

func (h *Handler) unstored(r *http.Request, err error) int {
	if r.Context().Err() != nil {
		if log, due := h.cry.due("gone", sometimes); due {
			log.Warn("notification not stored: the sender hung up first; Meta sends it again")
		}
	} else if log, due := h.cry.due("store", sometimes); due {
		log.WithError(err).Error("notification not stored; Meta sends it again")
	}
	return http.StatusServiceUnavailable
}
