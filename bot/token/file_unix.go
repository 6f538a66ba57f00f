//go:build unix

package token

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// own gives a file the owner and group of another. It is refused where that takes a right that the daemon lacks.
func own(file *os.File, like fs.FileInfo) error {
	of, ok := like.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	err := file.Chown(int(of.Uid), int(of.Gid))
	if errors.Is(err, fs.ErrPermission) {
		return errors.New("the file is another user's, and would not be after it was replaced")
	}
	return err
}

// syncFolder has a rename last. Where folders can't be synced, it does so soon all the same.
func syncFolder(path string) {
	if folder, err := os.Open(path); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
}
