package sqlite

import "github.com/answerback/answerback/bot/share"

// mostAccounts is among how many accounts room is shared out at once; of more, some have to wait until it goes round.
const mostAccounts = 128

// round goes round the accounts that have something waiting. It is the writer's.
type round struct {
	next *statement // the first account from a place on in their order; no row behind the last
	at   string     // behind the account that got something last
}

// behind is the place of the accounts that follow one.
func behind(account string) string { return account + "\x00" }

// share has take called for accounts, by turns, until the room is used up or nobody has anything more to take. take
// says how much of what it may take it has taken.
func (r *round) share(room share.Room, take func(account string, most int) (taken int, err error)) error {
	circle := circle{next: r.next, began: r.at, at: r.at}
	for room.Most > 0 && !circle.closed {
		accounts, err := circle.some(room)
		if err != nil {
			return err
		}
		if room, err = r.deal(room, accounts, take); err != nil {
			return err
		}
	}
	return nil
}

// deal shares the room out among the accounts, again and again as long as some have less to take than they may.
func (r *round) deal(room share.Room, accounts []string, take func(string, int) (int, error)) (share.Room, error) {
	for len(accounts) > 0 && room.Most > 0 {
		before, more := room.Most, accounts[:0]
		for i, most := range room.Deal(accounts) {
			account := accounts[i]
			if most == 0 {
				more = append(more, account)
				continue
			}
			taken, err := take(account, most)
			if err != nil {
				return room, err
			}
			if taken > 0 {
				r.at = behind(account)
			}
			if taken == most {
				more = append(more, account)
			}
			room = room.Less(account, taken)
		}
		if room.Most == before && len(more) == len(accounts) {
			break // each has as many as it may have
		}
		accounts = more
	}
	return room, nil
}

// circle is once round the accounts, from a place to that place.
type circle struct {
	next      *statement
	began, at string
	wrapped   bool // it went on from the first account
	closed    bool
}

// some are the next accounts that the room is open to.
func (c *circle) some(room share.Room) (accounts []string, err error) {
	for !c.closed && len(accounts) < mostAccounts {
		row, err := c.next.first(c.at)
		switch {
		case err != nil:
			return nil, err
		case row == nil && !c.wrapped && c.began != "":
			c.wrapped, c.at = true, ""
			continue
		case row == nil || c.wrapped && column[string](row[0]) >= c.began:
			c.closed = true
			continue
		}
		account := column[string](row[0])
		if room.Open(account) {
			accounts = append(accounts, account)
		}
		c.at = behind(account)
	}
	return accounts, nil
}
