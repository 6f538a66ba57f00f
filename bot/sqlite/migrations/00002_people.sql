-- +goose Up

ALTER TABLE deliveries ADD COLUMN variant  TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN author   TEXT NOT NULL DEFAULT ''; -- whom it answers: the id
ALTER TABLE deliveries ADD COLUMN username TEXT NOT NULL DEFAULT ''; -- and the name, in lower case
ALTER TABLE deliveries ADD COLUMN approved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN marks    TEXT; -- JSON of the hashes of its marks, to find them again; NULL: none

-- By which rule who was answered where and when. A mark outlives its delivery's row, and it is found by its hash alone:
-- the nth latest is n steps back in the table itself. It needs no index by delivery since the delivery knows its hashes.
CREATE TABLE marks (
    hash     TEXT    NOT NULL,
    entered  INTEGER NOT NULL,
    delivery INTEGER NOT NULL,
    until    INTEGER NOT NULL, -- when it has no meaning any more
    PRIMARY KEY (hash, entered, delivery)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_waiting ON deliveries (expires) WHERE state = 'waiting';
CREATE INDEX deliveries_variant ON deliveries (media, rule, entered) WHERE variant <> '';

-- What was said, or may have been: written once, when a delivery has this fate. What is being sent, which SaidOn asks
-- for too, is few and has an index of its own. Entered, account and state let the replies on a media be counted without
-- their rows.
DROP INDEX deliveries_media;
CREATE INDEX deliveries_said ON deliveries (media, began, entered, account, state) WHERE state IN ('posted', 'unknown');
CREATE INDEX deliveries_author ON deliveries (author, entered) WHERE state IN ('posted', 'unknown') AND author <> '';
CREATE INDEX deliveries_username ON deliveries (username, entered) WHERE state IN ('posted', 'unknown') AND username <> '';
