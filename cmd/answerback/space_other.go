//go:build !linux && !darwin

package main

// freeSpace isn't known here.
func freeSpace(string) (free uint64, told bool) { return 0, false }
