package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	driver "modernc.org/sqlite"
)

// resolve follows links, so that two names of one file are one lock.
func resolve(path string) (string, error) {
	if path == "" {
		return "", errors.New("no file named")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		return real, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	return filepath.Join(folder, filepath.Base(path)), nil
}

// create makes an empty file that is the owner's alone, where there is none. It doesn't open one that there is: closing
// it again would end the locks that SQLite holds on it elsewhere in this process.
func create(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// protect makes the file the owner's alone; SQLite gives the files that it makes beside it the same mode.
func protect(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("is no regular file")
	}
	if n := names(info); n > 1 {
		return fmt.Errorf("the file has %d names (hard links): SQLite keeps a log beside each, and two programs that open it "+
			"by different names destroy it; leave it one name", n)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().Perm()&0o077 == 0 {
			continue
		}
		if err == nil {
			err = os.Chmod(path+suffix, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dataSource is the driver's name for the daemon's file, with settings beside those that each of its connections is
// opened with. A connection makes no file: where the database was taken away, an empty one would be none.
func dataSource(path string, settings ...string) string {
	return anySource(path, append([]string{"mode=rw", "_journal_mode=WAL", "_busy_timeout=5000"}, settings...)...)
}

// anySource has the settings that every connection is opened with: SQLite forgets most of them with the connection.
func anySource(path string, settings ...string) string {
	settings = append([]string{
		"_synchronous=FULL", // a commit is on disk: what is answered with 200 outlives the power
		"_defensive=1",
		"_dqs=0",
		"_error_rc=1",
		"_pragma=temp_store(memory)",
		"_pragma=secure_delete(on)", // what is removed is overwritten: people can ask for it
	}, settings...)
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + strings.Join(settings, "&")
}

// keptReaders is how many of the connections that read stay open while nobody needs them.
const keptReaders = 2

// mend lets go of the connections that read, after an error that says that they are broken.
func (r reader) mend(err error) {
	if isBroken(err) {
		r.db.SetMaxIdleConns(0)
		r.db.SetMaxIdleConns(keptReaders)
	}
}

func openReaders(path string) (*sql.DB, error) {
	connector, err := driver.NewConnector(dataSource(path, "_query_only=1"))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(keptReaders)
	return db, nil
}
