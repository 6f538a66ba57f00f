package instagram

import "strconv"

// isMetric reports whether a key of story_insights is a figure that we know. Meta's guide "Webhooks for Instagram" has
// all but views, which took the place of impressions in the Insights API in 2025.
func isMetric(key string) bool {
	switch key {
	case "reach", "replies", "exits", "taps_forward", "taps_back", "impressions", "views":
		return true
	}
	return false
}

// Metrics are the figures of a story that has ended, by Meta's names; none where the field isn't story_insights. Each
// may lack. -1 is Meta's way to say "below 5"; what is no whole number from there on counts as not told.
func (c *Change) Metrics() map[string]int {
	if c.Field != "story_insights" {
		return nil
	}
	metrics := map[string]int{}
	w := walker{s: string(c.Raw)}
	for key := range w.members() {
		if key != "value" {
			continue
		}
		for name := range w.members() {
			if !isMetric(name) {
				continue
			}
			delete(metrics, name) // of two equal keys the last one counts
			if n, err := strconv.Atoi(w.word()); err == nil && n >= -1 {
				metrics[name] = n
			}
		}
	}
	return metrics
}
