//go:build race

package bot_test

// queued is how many events wait for a token in a test: fewer where the race detector makes the store ten times slower.
const queued = 1_000

// flood is how many events come in at once in a test: likewise.
const flood = 1_000

// clockTales is how many stories of a leaping clock are played.
const clockTales = 15

// leapReadings is at how many readings in a row a clock leaps ahead in a test, each in a life of its own.
const leapReadings = 8
