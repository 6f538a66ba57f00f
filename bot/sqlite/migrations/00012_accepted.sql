-- +goose Up

ALTER TABLE deliveries ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0; -- 1: Meta took it, and it is only looked for, never sent again
