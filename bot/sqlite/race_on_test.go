//go:build race

package sqlite_test

// checks is how often rapid tries each property: less where the race detector makes the store ten times slower.
const checks = "40"
