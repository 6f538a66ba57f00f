package share_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/share"
)

func TestDeal(t *testing.T) {
	abc := []string{"a", "b", "c"}
	for name, c := range map[string]struct {
		room share.Room
		want []int
	}{
		"evenly":                          {share.Of(6), []int{2, 2, 2}},
		"the odd one to the first":        {share.Of(7), []int{3, 2, 2}},
		"too little for all":              {share.Of(2), []int{1, 1, 0}},
		"nothing":                         {share.Of(0), []int{0, 0, 0}},
		"less than nothing":               {share.Of(-1), []int{0, 0, 0}},
		"first to who has least":          {share.Room{Most: 5, InHand: map[string]int{"a": 3, "b": 1}}, []int{0, 2, 3}},
		"no more than each may have":      {share.Room{Most: 9, Each: 2, InHand: map[string]int{"a": 1, "b": 5}}, []int{1, 0, 2}},
		"only to those who have nothing":  {share.Room{Most: 9, Each: 1, InHand: map[string]int{"a": 1, "c": 1}}, []int{0, 1, 0}},
		"to nobody where all have enough": {share.Room{Most: 9, Each: 1, InHand: map[string]int{"a": 1, "b": 1, "c": 1}}, []int{0, 0, 0}},
	} {
		if got := c.room.Deal(abc); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := share.Of(5).Deal([]string{"a"}); !slices.Equal(got, []int{5}) {
		t.Errorf("alone: %v", got)
	}
}

// Who got something never has more, by more than one, than somebody who could have had it.
func TestNobodyGetsMoreThanItsShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		room := share.Room{Most: rapid.IntRange(0, 40).Draw(t, "most"), Each: rapid.IntRange(0, 5).Draw(t, "each"), InHand: map[string]int{}}
		accounts := make([]string, rapid.IntRange(0, 8).Draw(t, "accounts"))
		for i := range accounts {
			accounts[i] = fmt.Sprint("account ", i)
			room.InHand[accounts[i]] = rapid.IntRange(0, 6).Draw(t, "in hand")
		}
		dealt, all := room.Deal(accounts), 0
		left := room
		for i, n := range dealt {
			left, all = left.Less(accounts[i], n), all+n
		}
		if all > room.Most || left.Most != room.Most-all {
			t.Fatalf("dealt %d of %d, left %d", all, room.Most, left.Most)
		}
		for i, a := range accounts {
			if all < room.Most && left.Open(a) {
				t.Errorf("%s could have had more: %v of %+v", a, dealt, room)
			}
			for _, other := range accounts {
				may := room.Each == 0 || left.InHand[other] < room.Each
				if dealt[i] > 0 && may && left.InHand[a] > left.InHand[other]+1 {
					t.Errorf("%s has %d, %s only %d: %v of %+v", a, left.InHand[a], other, left.InHand[other], dealt, room)
				}
			}
		}
	})
}
