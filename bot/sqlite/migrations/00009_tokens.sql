-- +goose Up

-- What is known of each account's access token, and the token itself, encrypted, where a renewed one has no other place.
CREATE TABLE tokens (
    account    TEXT PRIMARY KEY,
    configured TEXT NOT NULL,
    since      INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    sealed     BLOB
) STRICT;
