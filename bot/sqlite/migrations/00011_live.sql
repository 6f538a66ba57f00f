-- +goose Up

ALTER TABLE deliveries ADD COLUMN live INTEGER NOT NULL DEFAULT 0; -- 1: it answers a live comment

-- What an account has said in an hour is counted in the index alone: a 0 and a 1 take no room in it.
DROP INDEX deliveries_began;
CREATE INDEX deliveries_began ON deliveries (account, began, live) WHERE began IS NOT NULL;
