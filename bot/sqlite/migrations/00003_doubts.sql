-- +goose Up

ALTER TABLE deliveries ADD COLUMN settle  INTEGER NOT NULL DEFAULT 0; -- when one that is unknown is looked for; 0: never
ALTER TABLE deliveries ADD COLUMN looking INTEGER NOT NULL DEFAULT 0; -- 1: somebody looks, and settle is when he has to be done
ALTER TABLE deliveries ADD COLUMN looks   INTEGER NOT NULL DEFAULT 0; -- how often it was looked for in vain
ALTER TABLE deliveries ADD COLUMN again   INTEGER NOT NULL DEFAULT 0; -- 1: it was surely not said and is tried once more

-- It names no state, so that it costs nothing when a delivery that nobody doubts changes that.
CREATE INDEX deliveries_settle ON deliveries (settle) WHERE settle > 0;
