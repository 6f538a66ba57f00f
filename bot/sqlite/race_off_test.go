//go:build !race

package sqlite_test

// checks is how often rapid tries each property.
const checks = "100"
