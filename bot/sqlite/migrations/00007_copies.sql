-- +goose Up

-- At most one row, in a database that began as a copy: events up to this number that were open in it, and what they had
-- planned, may have been answered since that time by the database that it was copied from.
CREATE TABLE copied (
    last INTEGER NOT NULL,
    at   INTEGER NOT NULL
) STRICT;
