-- +goose Up

-- Times are milliseconds since 1970, 0 is none.

-- What has ever come in, by a hash of its key: what makes an event happen once, also when its row is long gone. A number
-- makes the smallest and fastest table; two keys with one hash are told apart by the events' rows, and the later one
-- stands under the next free number.
CREATE TABLE keys (
    hash INTEGER PRIMARY KEY, -- the first 8 bytes of the SHA-256
    seq  INTEGER NOT NULL
) STRICT;

-- The events that have no entry yet. It stays as small as the backlog, however much the other tables hold.
CREATE TABLE inbox (
    seq         INTEGER PRIMARY KEY,
    key         TEXT    NOT NULL,
    rank        INTEGER NOT NULL,
    account     TEXT    NOT NULL,
    thread      TEXT    NOT NULL,
    change      BLOB    NOT NULL,
    notified    INTEGER NOT NULL,
    received    INTEGER NOT NULL,
    thread_hash INTEGER NOT NULL, -- threads that share one only wait for each other
    due         INTEGER,          -- when it may be claimed; NULL while an older one of its thread is here
    leased      INTEGER NOT NULL DEFAULT 0, -- until when; no index holds it, so that a claim costs no more than a row
    attempts    INTEGER NOT NULL DEFAULT 0,
    facts       BLOB,
    reason      TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX inbox_thread ON inbox (thread_hash);
CREATE INDEX inbox_due ON inbox (due) WHERE due IS NOT NULL;

-- The events that have their entry: the former row of the inbox, and what was decided.
CREATE TABLE entries (
    seq      INTEGER PRIMARY KEY,
    key      TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    thread   TEXT    NOT NULL,
    change   BLOB    NOT NULL,
    notified INTEGER NOT NULL,
    received INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    decided  INTEGER NOT NULL,
    verdict  TEXT    NOT NULL,
    because  TEXT    NOT NULL,
    rule     TEXT    NOT NULL,
    mode     TEXT    NOT NULL,
    revision TEXT    NOT NULL,
    facts    BLOB,
    rest     BLOB    NOT NULL -- JSON of what the record holds beside these columns, the facts and the deliveries
) STRICT;

CREATE TABLE deliveries (
    id           INTEGER PRIMARY KEY, -- 16 * seq + the action's number: one public reply an event is a fact of the key
    account      TEXT    NOT NULL,
    media        TEXT    NOT NULL,
    conversation TEXT    NOT NULL,
    rule         TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    request      BLOB    NOT NULL, -- JSON
    received     INTEGER NOT NULL,
    entered      INTEGER NOT NULL,
    due          INTEGER NOT NULL,
    expires      INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    attempts     INTEGER NOT NULL,
    began        INTEGER,          -- when it last began to be sent; NULL while it never did, or surely wasn't sent
    ended        INTEGER NOT NULL DEFAULT 0,
    posted_id    TEXT,
    reason       TEXT    NOT NULL DEFAULT '',
    because      TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX deliveries_due ON deliveries (due) WHERE state = 'planned';
CREATE INDEX deliveries_sending ON deliveries (id) WHERE state = 'sending';
CREATE INDEX deliveries_began ON deliveries (account, began) WHERE began IS NOT NULL;
CREATE INDEX deliveries_conversation ON deliveries (conversation, entered);
CREATE INDEX deliveries_media ON deliveries (media, entered);
CREATE INDEX deliveries_posted ON deliveries (posted_id) WHERE posted_id IS NOT NULL;

CREATE TABLE rule_sets (
    revision  TEXT    PRIMARY KEY,
    source    BLOB    NOT NULL,
    activated INTEGER NOT NULL,
    turn      INTEGER NOT NULL UNIQUE -- the highest is the last activated: the clock may have been set back
) STRICT;
