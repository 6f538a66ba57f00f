package token

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// errReplaced says that somebody has put another token into the file meanwhile, which then is the right one.
var errReplaced = errors.New("the file holds another token now")

// writable reports, with an error, why a token's file can't be replaced: on a read-only mount, say.
func writable(path string) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return plain(err)
	}
	probe, err := os.CreateTemp(filepath.Dir(path), ".answerback-*")
	if err != nil {
		return plain(err)
	}
	return plain(errors.Join(probe.Close(), os.Remove(probe.Name())))
}

// replace puts a fresh token into the place of the former one in a file, which keeps its mode and its owner. Who reads it
// meanwhile, and who looks after a power failure, finds the one or the other, whole.
func replace(path, former, fresh string) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return plain(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return plain(err)
	}
	held := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	if held != former {
		return errReplaced
	}
	info, err := os.Stat(path)
	if err != nil {
		return plain(err)
	}
	return plain(exchange(path, fresh+string(content)[len(held):], info))
}

// exchange writes a file beside another one, and has it take that one's place.
func exchange(path, text string, like fs.FileInfo) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".answerback-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.WriteString(text)
	if err == nil {
		err = own(file, like)
	}
	if err == nil {
		err = file.Chmod(like.Mode().Perm())
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err = os.Rename(file.Name(), path); err != nil {
		return err
	}
	syncFolder(filepath.Dir(path))
	return nil
}

// plain takes the path out of an error: a variable in it may hold a secret, by mistake.
func plain(err error) error {
	var inPath *fs.PathError
	var inLink *os.LinkError
	switch {
	case errors.As(err, &inPath):
		return fmt.Errorf("%s: %w", inPath.Op, inPath.Err)
	case errors.As(err, &inLink):
		return fmt.Errorf("%s: %w", inLink.Op, inLink.Err)
	}
	return err
}
