package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// invariant is a promise that must hold, whatever happens.
type invariant string

const (
	kept    invariant = "every accepted event is in the ledger once"
	ended   invariant = "every event ends once and for all"
	once    invariant = "one public reply an event at most"
	known   invariant = "the ledger has what Instagram holds, and nothing else"
	ordered invariant = "replies within a conversation keep the order of its events where nothing failed"
	worded  invariant = "what is said is what a good rule says of that event"
	alive   invariant = "the daemon ends only when it is told to, and nothing breaks down"
)

// violation is a promise that was broken.
type violation struct {
	broken invariant
	group  string // what it is about, for its history; empty for none
	how    string
}

// ledger is the daemon's word, put in order.
type ledger struct {
	byKey   map[string][]entry
	byGroup map[string][]entry
}

// check holds what was seen against what the ledger says.
//
// overtake is how far two replies may be apart and in the wrong order all the same, since they were on their way at once.
func check(w witness, entries []entry, overtake time.Duration) []violation {
	l := ledger{map[string][]entry{}, map[string][]entry{}}
	var found []violation
	for _, e := range entries {
		l.byKey[e.Event] = append(l.byKey[e.Event], e)
		x, ok := w.expected[e.Event]
		if !ok {
			found = append(found, violation{kept, "", fmt.Sprintf("event %d is %s, and nobody sent that", e.ID, e.Event)})
			continue
		}
		l.byGroup[x.group] = append(l.byGroup[x.group], e)
	}
	for _, how := range w.ends {
		found = append(found, violation{alive, "", how})
	}
	for _, x := range sorted(w.expected) {
		found = append(found, w.checkEvent(x, l.byKey[x.key])...)
	}
	return append(append(found, w.checkReplies(l)...), w.checkOrder(l, overtake)...)
}

func sorted(all map[string]expected) []expected {
	list := make([]expected, 0, len(all))
	for _, x := range all {
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b expected) int { return cmp.Or(cmp.Compare(a.number, b.number), strings.Compare(a.key, b.key)) })
	return list
}

// checkEvent looks at one event that was taken.
func (w *witness) checkEvent(x expected, entries []entry) (found []violation) {
	say := func(broken invariant, format string, args ...any) {
		found = append(found, violation{broken, x.group, x.key + ": " + fmt.Sprintf(format, args...)})
	}
	if len(entries) != 1 {
		say(kept, "it was answered with 200 and is in the ledger %d times", len(entries))
		return found
	}
	e := entries[0]
	switch {
	case e.Decided == nil:
		say(ended, "it is still open: %s", e.Reason)
	case e.Reopened != nil:
		say(ended, "it still waits to be judged again")
	case e.Verdict == "error" && !w.refused[x.id()]:
		say(ended, "it ended in an error, and no call for it was refused: %s", e.Because)
	case (e.Verdict == "reply" || e.Verdict == "approve") != (len(e.Deliveries) == 1) || len(e.Deliveries) > 1:
		say(ended, "it ended as %s with %d replies", e.Verdict, len(e.Deliveries))
	}
	for _, d := range e.Deliveries {
		switch d.State {
		case "posted", "refused", "cancelled", "rejected":
		case "unknown":
			if !d.crashed() && !w.doubtful(x.group) {
				say(known, "its reply is unknown, and every call for it was answered clearly: %s", d.Reason)
			}
		default:
			say(ended, "its reply stays %s: %s", d.State, d.Reason)
		}
	}
	return found
}

// id is what its reads bear.
func (x expected) id() string { return x.key[strings.LastIndexByte(x.key, '/')+1:] }

// doubtful reports whether a call for the group was answered so that nobody can tell what became of it.
func (w *witness) doubtful(group string) bool {
	return slices.ContainsFunc(w.tried[group], func(t tried) bool { return t.doubt })
}

// checkReplies looks at what stands at Instagram, group by group.
func (w *witness) checkReplies(l ledger) (found []violation) {
	members, replies := map[string][]expected{}, map[string][]said{}
	for _, x := range sorted(w.expected) {
		members[x.group] = append(members[x.group], x)
	}
	for _, s := range w.said {
		replies[s.group] = append(replies[s.group], s)
		found = append(found, w.checkWords(s, members[s.group])...)
	}
	for group, events := range members {
		if n := len(replies[group]); n > len(events) {
			found = append(found, violation{once, group, fmt.Sprintf("%d replies to %d events", n, len(events))})
		}
		found = append(found, w.checkFates(group, l.byGroup[group], replies[group])...)
	}
	slices.SortStableFunc(found, func(a, b violation) int {
		return cmp.Or(strings.Compare(a.group, b.group), strings.Compare(a.how, b.how))
	})
	return found
}

// checkWords holds a reply against the rules and against the events that it may answer.
func (w *witness) checkWords(s said, events []expected) []violation {
	wrong := func(how string) []violation {
		return []violation{{worded, s.group, fmt.Sprintf("%q: %s", s.text, how)}}
	}
	revision, about, named, ok := taken(s.text)
	switch {
	case !ok:
		return wrong("no rule says that")
	case !w.revisions[revision]:
		return wrong("these rules were never good")
	case len(events) == 0:
		return wrong("it answers nothing that was sent")
	}
	x := events[0]
	switch {
	case about != x.subject || named >= 0 && named != x.number:
		return wrong("it is the answer to something else than " + x.key)
	case s.account != x.account || s.media != x.media:
		return wrong("it stands on another account or media than " + x.key)
	}
	return nil
}

// checkFates matches the replies of a group by their ids with those that the ledger has as posted. The rest has to be
// accounted for by fates that can't be told: unknown, and posted without an id.
func (w *witness) checkFates(group string, entries []entry, replies []said) (found []violation) {
	say := func(format string, args ...any) {
		found = append(found, violation{known, group, fmt.Sprintf(format, args...)})
	}
	unmatched := map[string]bool{}
	for _, s := range replies {
		unmatched[s.id] = true
	}
	nameless, unknown := 0, 0
	for _, e := range entries {
		for _, d := range e.Deliveries {
			switch {
			case d.State == "unknown":
				unknown++
			case d.State != "posted":
			case d.PostedID == "":
				nameless++
			case !unmatched[d.PostedID]:
				say("%s is posted as %q, and Instagram holds no such reply to it", e.Event, d.PostedID)
			default:
				delete(unmatched, d.PostedID)
			}
		}
	}
	if len(unmatched) > nameless+unknown {
		say("Instagram holds %d replies of which the ledger doesn't know", len(unmatched)-nameless-unknown)
	}
	if over := nameless - len(unmatched) - w.count(group, func(t tried) bool { return t.done }); over > 0 {
		say("%d replies are posted without an id, and Instagram neither holds them nor said so", over)
	}
	return found
}

func (w *witness) count(group string, of func(tried) bool) (n int) {
	for _, t := range w.tried[group] {
		if of(t) {
			n++
		}
	}
	return n
}

// checkOrder compares the replies to neighbours in a conversation.
func (w *witness) checkOrder(l ledger, overtake time.Duration) (found []violation) {
	place := map[string]int{}
	for i, s := range w.said {
		place[s.id] = i
	}
	threads := map[string][]entry{}
	for _, x := range sorted(w.expected) {
		for _, e := range l.byKey[x.key] {
			if len(e.Deliveries) == 1 && e.Verdict == "reply" && e.Deliveries[0].State == "posted" && e.Deliveries[0].PostedID != "" {
				threads[x.account+"/"+x.thread] = append(threads[x.account+"/"+x.thread], e)
			}
		}
	}
	for _, thread := range threads {
		slices.SortFunc(thread, func(a, b entry) int { return cmp.Compare(a.ID, b.ID) })
		for i := range thread[1:] {
			earlier, later := thread[i], thread[i+1]
			first, ok1 := place[earlier.Deliveries[0].PostedID]
			second, ok2 := place[later.Deliveries[0].PostedID]
			x := w.expected[earlier.Event]
			if ok1 && ok2 && first > second && w.said[first].at.Sub(w.said[second].at) >= overtake && w.calm(x.account, x.taken, w.said[first].at) {
				found = append(found, violation{ordered, x.group, fmt.Sprintf("%s came before %s, and was answered after it", earlier.Event, later.Event)})
			}
		}
	}
	slices.SortFunc(found, func(a, b violation) int { return strings.Compare(a.how, b.how) })
	return found
}

// calm reports whether nothing failed for the account between two moments.
func (w *witness) calm(account string, from, to time.Time) bool {
	first, _ := slices.BinarySearchFunc(w.upsets, from, func(u upset, at time.Time) int { return u.at.Compare(at) })
	for _, u := range w.upsets[first:] {
		if u.at.After(to) {
			break
		}
		if u.account == "" || u.account == account {
			return false
		}
	}
	return true
}
