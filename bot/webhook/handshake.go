package webhook

import (
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"net/http"
)

// longestChallenge bounds what is echoed. Meta's challenge is a whole number; nothing says how long it may grow.
const longestChallenge = 256

// handshake answers the question that Meta asks when somebody configures the webhook in its dashboard: the challenge,
// bare, if the verify token is ours; else 403, for which the dashboard shows that validating failed. The request bears
// no signature. Source: Meta's guide "Webhooks, getting started".
func (h *Handler) handshake(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	challenge := query.Get("hub.challenge")
	// Hashed first, so that not even the length of the token can be told from the time this takes.
	shown := sha256.Sum256([]byte(query.Get("hub.verify_token")))
	ours := subtle.ConstantTimeCompare(shown[:], h.secrets.Load().verifyToken[:]) == 1

	switch {
	case query.Get("hub.mode") != "subscribe":
		h.turnAway(w, r, "hub.mode is not subscribe: not a handshake of Meta's")
	case !ours:
		h.turnAway(w, r, "the verify token is not ours: what is typed in Meta's dashboard must be the configured verify_token")
	case challenge == "" || len(challenge) > longestChallenge:
		h.turnAway(w, r, "the challenge is empty or too long")
	default:
		h.cry.log.WithField("remote", r.RemoteAddr).Info("handshake: Meta knows the verify token, the webhook is verified")
		// The challenge is the sender's choice; as plain text that no browser may guess about, it is harmless.
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = io.WriteString(w, challenge) // a client that is gone needs no answer
	}
}

func (h *Handler) turnAway(w http.ResponseWriter, r *http.Request, why string) {
	if log, due := h.cry.due("handshake "+why, sometimes); due {
		log.WithField("remote", r.RemoteAddr).Warn("handshake refused: " + why)
	}
	answer(w, http.StatusForbidden)
}
