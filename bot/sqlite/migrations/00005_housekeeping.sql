-- +goose Up

-- Up to which number all that has ever come in had come by a time. What is old is found by it, so that no row that an
-- event writes needs an index by time. It also keeps the numbers of events that were removed from being given again.
CREATE TABLE milestones (
    at   INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;
