// Package share says who is next where accounts want more than there is: workers, places to send, events of a claim. An
// account that has least in hand comes first, so that nobody's flood and nobody's standstill is another's wait, and one
// that is alone gets everything.
package share

import "maps"

// Room is what there is to share out.
type Room struct {
	// Most is how many may be taken, of all accounts together.
	Most int
	// Each is how many an account may have in hand, with what it has already; 0: as many as there is room for.
	Each int
	// InHand is what the accounts have in hand already, by their ids. Who takes of the room leaves it as it is.
	InHand map[string]int
}

// Of is room for so many, where nobody has anything in hand.
func Of(most int) Room { return Room{Most: most} }

// Open reports whether the account may get anything of the room.
func (r Room) Open(account string) bool {
	return r.Most > 0 && (r.Each == 0 || r.InHand[account] < r.Each)
}

// Deal says how much each of the accounts, no two the same, gets if all of them want as much as they can get: one after
// another it goes to the one that has least in hand, of several such to the first.
func (r Room) Deal(accounts []string) []int {
	dealt := make([]int, len(accounts))
	if len(accounts) == 1 && r.Each == 0 {
		dealt[0] = max(r.Most, 0)
		return dealt
	}
	for range r.Most {
		least := -1
		for i, account := range accounts {
			has := r.InHand[account] + dealt[i]
			if r.Each > 0 && has >= r.Each {
				continue
			}
			if least < 0 || has < r.InHand[accounts[least]]+dealt[least] {
				least = i
			}
		}
		if least < 0 {
			break
		}
		dealt[least]++
	}
	return dealt
}

// Less is the room that is left when the account has taken so much of it.
func (r Room) Less(account string, taken int) Room {
	if taken == 0 {
		return r
	}
	r.InHand = maps.Clone(r.InHand)
	if r.InHand == nil {
		r.InHand = map[string]int{}
	}
	r.InHand[account] += taken
	r.Most -= taken
	return r
}
