-- +goose Up

-- What people have paused. A pause that has ended is as good as none, and is swept away some time later.
CREATE TABLE pauses (
    scope  TEXT    NOT NULL, -- all, account, rule
    name   TEXT    NOT NULL, -- the account's id or the rule's name; empty for all
    until  INTEGER NOT NULL, -- 0: until somebody ends it
    reason TEXT    NOT NULL,
    person TEXT    NOT NULL,
    since  INTEGER NOT NULL,
    PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX pauses_until ON pauses (until) WHERE until > 0;

-- Events that ended in an error and that a person wants judged again. Who runs the bot takes them back into the inbox,
-- since nobody else may put anything there.
CREATE TABLE reopened (
    seq   INTEGER PRIMARY KEY,
    asked INTEGER NOT NULL
) STRICT;
