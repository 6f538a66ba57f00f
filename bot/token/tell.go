package token

import (
	"fmt"
	"time"
)

// warn tells, once a day, of a token that is going to end, or has ended.
func (k *Keeper) warn(h *held, now time.Time) {
	note, urgent := h.note(now)
	since := now.Sub(h.warned)
	if note == "" || since >= 0 && since < daily {
		return
	}
	h.warned = now
	if urgent {
		k.log(h).Error(note)
	} else {
		k.log(h).Warn(note)
	}
}

// note is what an operator should know of a token, "" for nothing; urgent if it is too late for the daemon.
func (h *held) note(now time.Time) (note string, urgent bool) {
	note, urgent = h.lifeNote(now)
	switch {
	case h.astray == "":
		return note, urgent
	case note == "":
		return h.astray, true
	default:
		return note + "; " + h.astray, urgent
	}
}

// lifeNote is what an operator should know of how long the token that is used lives.
func (h *held) lifeNote(now time.Time) (note string, urgent bool) {
	at, told := h.end()
	left := at.Sub(now)
	switch {
	case !h.dead.IsZero():
		return "Meta refuses the access token: " + h.death + "; put a new one into the configuration", true
	case !at.IsZero() && told && left <= 0:
		return fmt.Sprintf("the access token ended at %s and can't be renewed any more: put a new one into the configuration", stamp(at)), true
	case !at.IsZero() && left < warnBefore:
		return h.endsSoon(at, left, told), false
	case h.unkept:
		return "the renewed access token stands nowhere: a restart would go back to the former one", false
	case !h.dataEnds.IsZero() && !h.dataEnds.After(now):
		return fmt.Sprintf("the app's access to the account's data ended at %s: its owner has to let the app in again", stamp(h.dataEnds)), true
	case !h.dataEnds.IsZero() && h.dataEnds.Sub(now) < warnBefore:
		return fmt.Sprintf("the app's access to the account's data ends %s, at %s: its owner has to let the app in again", days(h.dataEnds.Sub(now)), stamp(h.dataEnds)), false
	}
	return "", false
}

func (h *held) endsSoon(at time.Time, left time.Duration, told bool) string {
	note := fmt.Sprintf("the access token ends %s, at %s", days(left), stamp(at))
	if !told {
		note = fmt.Sprintf("the access token is known since %s and ends %s at the latest", stamp(h.since), days(left))
	}
	switch {
	case !h.renewable():
		note += ": put a new one into the configuration"
	case h.nowhere != "":
		note += " and is not renewed: " + h.nowhere
	case h.refused != "":
		note += " and could not be renewed: " + h.refused
	}
	return note
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Notes are what an operator should know of the tokens now.
func (k *Keeper) Notes() (notes []string) {
	now := k.Now()
	for _, h := range k.seen() {
		if note, _ := h.note(now); note != "" {
			notes = append(notes, fmt.Sprintf("account %s (%s): %s", h.ID, h.Username, note))
		}
	}
	return notes
}

// Ends are when the tokens end, as Meta told, or at the latest, by the accounts' ids. A token that doesn't end, or of which
// nothing is known, is not in it.
func (k *Keeper) Ends() map[string]time.Time {
	return k.times(func(h *held) time.Time { at, _ := h.end(); return at })
}

// DataEnds are when the app may read the accounts' data no longer, where Meta told.
func (k *Keeper) DataEnds() map[string]time.Time {
	return k.times(func(h *held) time.Time { return h.dataEnds })
}

func (k *Keeper) times(of func(*held) time.Time) map[string]time.Time {
	times := map[string]time.Time{}
	for _, h := range k.seen() {
		if at := of(&h); !at.IsZero() {
			times[h.ID] = at
		}
	}
	return times
}
