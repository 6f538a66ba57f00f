package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"
)

// Versions are those of a database's tables.
type Versions struct {
	Current, Known int64 // in the file, and of this program
	// Pending are the names of the steps from the one to the other, in order.
	Pending []string
}

// ReadVersions says of which version the tables in a file are, and what [Migrate] would do; it changes nothing, and a
// daemon may have the file open. It is an error if there is no such file, or if it is something else than a database of
// ours. Tables of a newer version than this program's are none.
func ReadVersions(ctx context.Context, path string) (Versions, error) {
	v, err := readVersions(ctx, path)
	if err != nil {
		return Versions{}, fmt.Errorf("database %q: %w", path, err)
	}
	return v, nil
}

func readVersions(ctx context.Context, path string) (v Versions, err error) {
	path, err = existing(path)
	if err != nil {
		return v, err
	}
	connector, err := driver.NewConnector(deskSource(path, "_busy_timeout=5000", "_query_only=1"))
	if err != nil {
		return v, err
	}
	db := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, db.Close()) }()
	if v.Current, err = currentVersion(ctx, db); err != nil {
		return v, forbidden(err)
	}
	if v.Known, err = knownVersion(); err != nil {
		return v, err
	}
	v.Pending, err = stepsAfter(v.Current)
	return v, err
}

// Migrate brings the tables of a database up to date, as [Open] does. It is an error if there is no such file, if a
// daemon has it open, or if a newer version of the program has written it. There is no way back.
func Migrate(ctx context.Context, path string) error {
	if err := migrateFile(ctx, path); err != nil {
		return fmt.Errorf("database %q: %w", path, err)
	}
	return nil
}

func migrateFile(ctx context.Context, path string) (err error) {
	path, err = existing(path)
	if err != nil {
		return err
	}
	lock, err := acquire(path + ".lock")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.release()) }()
	return migrate(ctx, path)
}

// existing is the path of a file that is there, made its owner's alone.
func existing(path string) (string, error) {
	path, err := resolve(path)
	if err != nil {
		return "", err
	}
	switch err := protect(path); {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("there is none yet: start the daemon once, it makes it (%w)", err)
	case err != nil:
		return "", err
	}
	return path, nil
}

// currentVersion is that of the tables in the file.
func currentVersion(ctx context.Context, db *sql.DB) (current int64, err error) {
	ours, err := recognize(ctx, db)
	if err != nil {
		return 0, err
	}
	if !ours {
		return 0, errors.New("holds no tables yet: start the daemon once, it makes them")
	}
	if err := db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&current); err != nil {
		return 0, fmt.Errorf("read version: %w", err)
	}
	return current, nil
}

// stepsAfter are the names of the migrations behind a version.
func stepsAfter(version int64) (names []string, err error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		step, err := goose.NumericComponent(file)
		if err != nil {
			return nil, err
		}
		if step > version {
			names = append(names, strings.TrimSuffix(path.Base(file), ".sql"))
		}
	}
	return names, nil
}
