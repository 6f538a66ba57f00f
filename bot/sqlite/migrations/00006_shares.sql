-- +goose Up

-- Who comes next. Each account's events are claimed by their turn, which goes round its media: the nth open event of a
-- media has a turn n later than the one that the account's claims have come to. One that was put off has none until it
-- is due again. What waits already gets its turn in that way.
ALTER TABLE inbox ADD COLUMN media TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox ADD COLUMN turn  INTEGER;

DROP INDEX inbox_due;
CREATE INDEX inbox_turn ON inbox (account, turn) WHERE turn IS NOT NULL AND due IS NOT NULL;
CREATE INDEX inbox_later ON inbox (due) WHERE turn IS NULL AND due IS NOT NULL;

-- The same for deliveries that wait, of which there are few.
CREATE INDEX deliveries_planned ON deliveries (account, due) WHERE state = 'planned';
CREATE INDEX deliveries_doubted ON deliveries (account, settle) WHERE settle > 0;
