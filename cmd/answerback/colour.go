package main

import "os"

// colours reports whether results may bear colours: on a terminal that knows them, unless somebody asked for none
// (https://no-color.org: NO_COLOR set and not empty).
func (c *cli) colours() bool {
	if set, _ := c.getenv("NO_COLOR"); set != "" {
		return false
	}
	// Windows has no TERM; its older consoles print colours as text.
	if term, _ := c.getenv("TERM"); term == "" || term == "dumb" {
		return false
	}
	f, ok := c.stdout.(*os.File)
	if !ok {
		return false
	}
	about, err := f.Stat()
	return err == nil && about.Mode()&os.ModeCharDevice != 0
}
