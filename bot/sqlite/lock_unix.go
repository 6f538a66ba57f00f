//go:build unix

package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// lock keeps other processes from the database, in a file beside it. The system takes it back when the process ends,
// however that ends; the file stays, since removing it would let two processes lock two files of one name.
type lock struct{ file *os.File }

// acquire takes the lock or says which process has it.
func acquire(path string) (*lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %q: %w", path, err)
		}
		return nil, inUse(file)
	}
	l := &lock{file: file}
	l.sign()
	return l, nil
}

// sign writes who holds the lock, for the message to the next. The lock holds without: a full disk doesn't keep the
// daemon from starting.
func (l *lock) sign() {
	if l.file.Truncate(0) == nil {
		_, _ = l.file.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	}
}

func inUse(file *os.File) error {
	var pid [20]byte
	n, _ := file.ReadAt(pid[:], 0)
	if holder := strings.TrimSpace(string(pid[:n])); holder != "" {
		return fmt.Errorf("in use by process %s", holder)
	}
	return errors.New("in use by another process")
}

// names is by how many hard links a file is known.
func names(info fs.FileInfo) uint64 {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 1
	}
	return uint64(stat.Nlink)
}

func (l *lock) release() error { return l.file.Close() }
