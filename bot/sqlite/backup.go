package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	driver "modernc.org/sqlite"
)

// Backup writes all that the database holds at one moment to a new file, beside a daemon or without one, and returns
// when it is on disk. The copy is a database like this one, less its unused room; only its owner can read it. It is an
// error if there is a file of that name, or a log beside it; after an error, also that ctx has ended, no file is left
// behind. Nobody waits for a backup, but the daemon's log can't begin anew while it lasts.
//
// What is still to be said at that moment, which is now or later, the original may say and the copy doesn't know: a
// daemon on the copy looks for it on the platform before it says it.
func (d *Desk) Backup(ctx context.Context, path string, now time.Time) error {
	if err := d.backup(ctx, path, now); err != nil {
		return fmt.Errorf("backup of database %q to %q: %w", d.path, path, err)
	}
	return nil
}

func (d *Desk) backup(ctx context.Context, path string, now time.Time) (err error) {
	if err := alone(path); err != nil {
		return err
	}
	// The name is taken first, and the copy moves there when it is whole: what is cut off is empty, and no backup.
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // with mode 0600
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()), os.Remove(path))
		}
	}()
	for _, step := range []func() error{
		part.Close,
		func() error { return d.copyInto(ctx, part.Name()) },
		func() error { return markCopied(ctx, part.Name(), now) },
		func() error { return syncFile(part.Name()) },
		func() error { return os.Rename(part.Name(), path) },
	} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	syncFolder(filepath.Dir(path))
	return nil
}

// alone refuses a place beside which there is the log of another database: SQLite would take it for the copy's, and
// bring what it holds into that.
func alone(path string) error {
	for _, suffix := range []string{"-wal", "-journal"} {
		if _, err := os.Lstat(path + suffix); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(fmt.Errorf("%q is there, the log of another database", path+suffix), err)
		}
	}
	return nil
}

// syncFolder has the name of a new file outlive the power too. Not every system can.
func syncFolder(path string) {
	if folder, err := os.Open(path); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
}

// copyInto fills an empty file, over a connection of its own: those of readers may write nowhere.
func (d *Desk) copyInto(ctx context.Context, path string) error {
	connector, err := driver.NewConnector(deskSource(d.path, "_busy_timeout=5000"))
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
	return errors.Join(err, db.Close())
}

func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
