package logic

// search looks for values of the variables that make every clause true, as Davis, Putnam, Logemann and Loveland did:
// draw the conclusions that must be drawn, then try a variable both ways.
type search struct {
	*proof
	values []value // of each term
	within [][]int // the clauses in which each term stands
	made   []term  // the terms made true, in order
	drawn  int     // how many of them conclusions were drawn from
	steps  int
}

type value int8

const (
	open value = iota
	yes
	no
)

func newSearch(p *proof) *search {
	terms := 2 * p.variables
	s := &search{proof: p, values: make([]value, terms), within: make([][]int, terms)}
	counts := make([]int, terms)
	for _, t := range p.terms {
		counts[t]++
	}
	room := make([]int, len(p.terms))
	for t, n := range counts {
		s.within[t], room = room[:0:n], room[n:]
	}
	for c := range p.ends {
		for _, t := range s.clauseAt(c) {
			s.within[t] = append(s.within[t], c)
		}
	}
	return s
}

func (s *search) clauseAt(c int) []term {
	begin := 0
	if c > 0 {
		begin = s.ends[c-1]
	}
	return s.terms[begin:s.ends[c]]
}

// fails reports that no values do it. Running out of steps isn't failing.
func (s *search) fails() bool {
	for c := range s.ends {
		if !s.conclude(c) {
			return true
		}
	}
	return s.refute(0)
}

// refute reports that no values do it that go on from those made so far, which make all clauses before this one true.
func (s *search) refute(clause int) bool {
	if !s.draw() {
		return true
	}
	for ; clause < len(s.ends); clause++ {
		try, left := s.left(clause)
		if left != enough {
			return s.steps <= maxSteps && s.refuteBoth(try, clause)
		}
	}
	return false
}

// refuteBoth reports that no values do it with the term nor with its opposite.
func (s *search) refuteBoth(try term, clause int) bool {
	mark := len(s.made)
	for _, t := range []term{try, try.not()} {
		s.make(t)
		if !s.refute(clause) {
			return false
		}
		s.undo(mark)
	}
	return true
}

// draw makes true what follows from what was made true. It is false if that can't be.
func (s *search) draw() bool {
	for ; s.drawn < len(s.made); s.drawn++ {
		for _, c := range s.within[s.made[s.drawn].not()] {
			if !s.conclude(c) {
				return false
			}
		}
	}
	return true
}

// conclude makes the only term true that a clause has left. It is false if the clause has none left.
func (s *search) conclude(c int) bool {
	last, left := s.left(c)
	if left == 1 {
		s.make(last)
	}
	return left > 0
}

// enough is how many terms a clause has left that is true already: more than it will need.
const enough = 1 << 30

// left is how many terms of a clause may still be true, and one of them.
func (s *search) left(c int) (last term, left int) {
	for _, t := range s.clauseAt(c) {
		s.steps++
		switch s.values[t] {
		case yes:
			return 0, enough
		case open:
			last, left = t, left+1
		}
	}
	return last, left
}

func (s *search) make(t term) {
	s.values[t], s.values[t.not()] = yes, no
	s.made = append(s.made, t)
}

func (s *search) undo(mark int) {
	for _, t := range s.made[mark:] {
		s.values[t], s.values[t.not()] = open, open
	}
	s.made = s.made[:mark]
	s.drawn = mark
}
