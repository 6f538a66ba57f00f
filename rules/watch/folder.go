package watch

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/sirupsen/logrus"
)

// folder is the bell of a real folder: that of the rules, or that in which the one rule file lies. A file itself is never
// watched, since most editors put a new one in its place.
type folder struct {
	path    string // of the rules, a folder or a file
	poll    time.Duration
	log     logrus.FieldLogger
	watcher *fsnotify.Watcher // nil if the system grants none
	watched string            // the folder that is watched; empty: none is
	seen    os.FileInfo       // what stood there when the watching began
	lost    bool              // that nothing is watched was told of
}

func newFolder(path string, poll time.Duration, log logrus.FieldLogger) *folder {
	f := &folder{path: path, poll: poll, log: log.WithField("path", path)}
	watcher, err := fsnotify.NewWatcher()
	if err != nil { // the limit of inotify instances, usually
		f.tellLost(err)
		return f
	}
	f.watcher = watcher
	return f
}

func (f *folder) events() <-chan fsnotify.Event {
	if f.watcher == nil {
		return nil
	}
	return f.watcher.Events
}

func (f *folder) errors() <-chan error {
	if f.watcher == nil {
		return nil
	}
	return f.watcher.Errors
}

// renew begins to watch, or goes on where the folder that is watched is no longer the one at the path: it was removed
// and made again, or is a link that leads elsewhere now. Of none of these an event can be relied on.
func (f *folder) renew() bool {
	if f.watcher == nil {
		return false
	}
	dir, info, err := f.stat()
	if err == nil && f.isWatched(dir, info) {
		return false
	}
	f.forget()
	if err == nil {
		err = f.watcher.Add(dir)
	}
	if err != nil {
		f.tellLost(err)
		return false
	}
	f.watched, f.seen = dir, info
	if f.lost {
		f.lost = false
		f.log.Info("rules are watched again")
	}
	return true
}

// stat finds the folder to watch.
func (f *folder) stat() (string, os.FileInfo, error) {
	dir := f.path
	info, err := os.Stat(dir)
	if err != nil && f.watched != "" {
		// Gone for now. What it was is known by what was watched.
		dir = f.watched
		info, err = os.Stat(dir)
	}
	if err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
		info, err = os.Stat(dir)
	}
	return dir, info, err
}

func (f *folder) isWatched(dir string, info os.FileInfo) bool {
	return dir == f.watched && os.SameFile(info, f.seen) && slices.Contains(f.watcher.WatchList(), dir)
}

// also watches the folders in which lists lie. What can't be watched, or is gone, is left to the poll.
func (f *folder) also(dirs []string) {
	if f.watcher == nil || f.watched == "" {
		return
	}
	watched := f.watcher.WatchList()
	for _, dir := range watched {
		if dir != f.watched && !slices.Contains(dirs, dir) {
			f.tellRemoved(f.watcher.Remove(dir))
		}
	}
	for _, dir := range dirs {
		if slices.Contains(watched, dir) || dir == f.watched {
			continue
		}
		if err := f.watcher.Add(dir); err != nil {
			f.log.WithError(err).WithField("folder", dir).Debug("lists can't be watched")
		}
	}
}

func (f *folder) forget() {
	for _, dir := range f.watcher.WatchList() {
		f.tellRemoved(f.watcher.Remove(dir))
	}
	f.watched, f.seen = "", nil
}

func (f *folder) tellRemoved(err error) {
	if err != nil && !errors.Is(err, fsnotify.ErrNonExistentWatch) {
		f.log.WithError(err).Debug("end of watching rules")
	}
}

func (f *folder) tellLost(err error) {
	if !f.lost {
		f.lost = true
		f.log.WithError(err).Warnf("rules can't be watched; they are looked at every %s", f.poll)
	}
}

func (f *folder) close() {
	if f.watcher != nil {
		f.watcher.Close() // ends with an error only if it was closed before
	}
}
