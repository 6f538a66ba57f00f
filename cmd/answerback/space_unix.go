//go:build linux || darwin

package main

import "syscall"

// freeSpace is how much room there is for us on the disk of a folder, in bytes; told is false where that can't be known.
func freeSpace(folder string) (free uint64, told bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil || s.Bsize <= 0 {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
