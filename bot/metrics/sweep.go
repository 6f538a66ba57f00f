package metrics

// Sweeping says that missed comments of an account are looked for, and how a round may end.
func (m *Metrics) Sweeping(account string, results ...string) {
	m.found.of(account, "")
	for _, result := range results {
		m.sweeps.of(account, result)
	}
}

// Swept counts a round of the search for missed comments, by how it ended, and what it found.
func (m *Metrics) Swept(account, result string, found int) {
	m.sweeps.of(account, result).Inc()
	m.found.of(account, "").Add(float64(found))
}
