package event

// Figures are the metrics that came, by the names in Known; what didn't come is not among them.
func (s *Story) Figures() map[string]int {
	figures := make(map[string]int, len(s.Known))
	for _, name := range s.Known {
		switch name {
		case "reach":
			figures[name] = s.Reach
		case "replies":
			figures[name] = s.Replies
		case "exits":
			figures[name] = s.Exits
		case "taps_forward":
			figures[name] = s.TapsForward
		case "taps_back":
			figures[name] = s.TapsBack
		case "impressions":
			figures[name] = s.Impressions
		case "views":
			figures[name] = s.Views
		}
	}
	return figures
}
