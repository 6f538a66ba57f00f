package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables to the version that this program knows.
func migrate(ctx context.Context, path string) (err error) {
	connector, err := driver.NewConnector(dataSource(path))
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, db.Close()) }()

	if _, err := recognize(ctx, db); err != nil {
		return err
	}
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, folder, goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	current, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read version: %w", err)
	}
	if current > known {
		return fmt.Errorf("written by a newer version of the program: its tables are of version %d, this program knows %d", current, known)
	}
	if current == known {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bring tables from version %d to %d: %w", current, known, err)
	}
	return nil
}

// recognize refuses a database that holds somebody else's tables, and reports whether it holds ours.
func recognize(ctx context.Context, db *sql.DB) (ours bool, err error) {
	var tables int
	err = db.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = 'goose_db_version')
		FROM sqlite_schema WHERE type = 'table'`).Scan(&tables, &ours)
	if err != nil {
		return false, err
	}
	if tables > 0 && !ours {
		return false, errors.New("holds tables of another program")
	}
	return ours, nil
}

// upToDate refuses a database whose tables are not of the version that this program knows, and changes nothing.
func upToDate(ctx context.Context, db *sql.DB) error {
	current, err := currentVersion(ctx, db)
	if err != nil {
		return err
	}
	known, err := knownVersion()
	switch {
	case err != nil:
		return err
	case current < known:
		return fmt.Errorf("written by an older answerback: its tables are of version %d, this one needs %d: "+
			"start the daemon of this version once, or run answerback migrate: it brings them up to date", current, known)
	case current > known:
		return fmt.Errorf("written by a newer answerback: its tables are of version %d, this one knows %d: use the newer one", current, known)
	}
	return nil
}

// knownVersion is that of the last migration.
func knownVersion() (last int64, err error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		version, err := goose.NumericComponent(file)
		if err != nil {
			return 0, err
		}
		last = max(last, version)
	}
	return last, nil
}
