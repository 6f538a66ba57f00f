package event

import (
	"strconv"
	"strings"
)

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

// Words are the metrics that came, for people: -1 is told as what it means.
func (s *Story) Words() string {
	figures := s.Figures()
	words := make([]string, 0, len(s.Known))
	for _, name := range s.Known {
		n := figures[name]
		if n < 0 {
			words = append(words, name+" below 5")
			continue
		}
		words = append(words, name+" "+strconv.Itoa(n))
	}
	if len(words) == 0 {
		return "no figures"
	}
	return strings.Join(words, ", ")
}
