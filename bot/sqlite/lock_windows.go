package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// lock keeps other processes from the database, in a file beside it. The system takes it back when the process ends,
// however that ends.
type lock struct{ file *os.File }

// acquire takes the lock or says that another process has it.
func acquire(path string) (*lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(file.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	if err == nil {
		return &lock{file: file}, nil
	}
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		err = errors.New("in use by another process")
	} else {
		err = fmt.Errorf("lock %q: %w", path, err)
	}
	return nil, errors.Join(err, file.Close())
}

// names is by how many hard links a file is known; it is not asked here.
func names(fs.FileInfo) uint64 { return 1 }

func (l *lock) release() error { return l.file.Close() }
