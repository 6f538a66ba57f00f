-- +goose Up

-- Notifications of people wait by their places, everything else by the accounts: neither has to be gone through to find
-- the other.
DROP INDEX deliveries_planned;
CREATE INDEX deliveries_planned ON deliveries (account, due) WHERE state = 'planned' AND place = '';
CREATE INDEX deliveries_noticed ON deliveries (place, due) WHERE state = 'planned' AND place <> '';

DROP INDEX deliveries_due;
CREATE INDEX deliveries_due ON deliveries (due, place) WHERE state = 'planned';
