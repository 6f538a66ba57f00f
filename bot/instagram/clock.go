package instagram

import "time"

// ClockAhead is by how much the clock by which the call ended at that time surely ran ahead of Meta's, below zero where it
// ran behind, as far as the answer's date tells, which is in whole seconds; not told without a date.
func (c *Call) ClockAhead(ended time.Time) (ahead time.Duration, told bool) {
	began := ended.Add(-c.Took)
	switch {
	case c.Date.IsZero():
		return 0, false
	case !c.Date.Add(time.Second).After(began):
		return began.Sub(c.Date), true
	case c.Date.After(ended):
		return ended.Sub(c.Date), true
	default:
		return 0, true
	}
}
