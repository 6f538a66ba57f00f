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

	if err := recognize(ctx, db); err != nil {
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

// recognize refuses a database that holds somebody else's tables.
func recognize(ctx context.Context, db *sql.DB) error {
	var tables, ours int
	err := db.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = 'goose_db_version')
		FROM sqlite_schema WHERE type = 'table'`).Scan(&tables, &ours)
	if err != nil {
		return err
	}
	if tables > 0 && ours == 0 {
		return errors.New("holds tables of another program")
	}
	return nil
}
