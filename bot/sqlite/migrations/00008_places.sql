-- +goose Up

ALTER TABLE deliveries ADD COLUMN place TEXT NOT NULL DEFAULT ''; -- where people are notified, as the configuration calls it
