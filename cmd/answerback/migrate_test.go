package main

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/sqlite"
)

// undo takes back what was migrated beyond version 5.
const undo = `DROP TABLE tokens; DROP INDEX deliveries_planned; DROP INDEX deliveries_noticed; DROP INDEX deliveries_due;
	CREATE INDEX deliveries_due ON deliveries (due) WHERE state = 'planned';
	DROP INDEX deliveries_began; CREATE INDEX deliveries_began ON deliveries (account, began) WHERE began IS NOT NULL;
	ALTER TABLE deliveries DROP COLUMN live; ALTER TABLE deliveries DROP COLUMN accepted;
	ALTER TABLE deliveries DROP COLUMN place;
	DROP TABLE copied;
	DROP INDEX inbox_turn; DROP INDEX inbox_later; DROP INDEX deliveries_doubted;
	ALTER TABLE inbox DROP COLUMN turn; ALTER TABLE inbox DROP COLUMN media;
	CREATE INDEX inbox_due ON inbox (due) WHERE due IS NOT NULL;
`

func TestMigrateVerb(t *testing.T) {
	o := newOffice(t)
	o.says(exitUsage, "", "there is none yet", "migrate")
	o.arrive(1)
	v, err := sqlite.ReadVersions(t.Context(), o.path("a.db"))
	if err != nil {
		t.Fatal(err)
	}
	status, upToDate, talk := o.run("migrate")
	if status != exitGood || !strings.HasPrefix(upToDate, "up to date: ") || talk != "" {
		t.Fatalf("status %d, %q, %q", status, upToDate, talk)
	}

	o.execute(undo + `DELETE FROM goose_db_version WHERE version_id > 5`)
	steps, err := sqlite.ReadVersions(t.Context(), o.path("a.db"))
	if err != nil || len(steps.Pending) != int(v.Known)-5 {
		t.Fatalf("%+v, %v", steps, err)
	}
	lines := "  " + strings.Join(steps.Pending, "\n  ") + "\n"
	words := strings.TrimPrefix(upToDate, "up to date: the tables are of version ")
	for range 2 {
		o.says(exitGood, "would be brought from version 5 to "+words+lines, "", "migrate", "--dry-run")
	}
	o.says(exitUsage, "", "run answerback migrate", "events", "list")
	o.says(exitGood, "brought from version 5 to "+words+lines, "", "migrate")
	o.says(exitGood, upToDate, "", "migrate")

	store, err := sqlite.Open(t.Context(), o.path("a.db"))
	if err != nil {
		t.Fatal(err)
	}
	o.says(exitGood, upToDate, "", "migrate")
	o.execute(`DELETE FROM goose_db_version WHERE version_id > 5`)
	o.says(exitFailed, "", "in use by process", "migrate")
	o.says(exitGood, "would be brought from version 5 to "+words+lines, "", "migrate", "--dry-run")
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	o.execute(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
	o.says(exitUsage, "", "use the newer one", "migrate", "--dry-run")
}

// execute changes the database behind the program's back.
func (o *office) execute(statements string) {
	o.t.Helper()
	db, err := sql.Open("sqlite", o.path("a.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(o.t.Context(), statements); err != nil {
		o.t.Fatal(err)
	}
}
