-- Groups and streams as their owners see them, and times by which a search leaves blocks unread.

ALTER TABLE log_group ADD COLUMN created_at_ms INTEGER NOT NULL DEFAULT 0;
-- Absent: lines are kept until all of them take too much room.
ALTER TABLE log_group ADD COLUMN retention_days INTEGER;
-- A document; absent: none.
ALTER TABLE log_group ADD COLUMN tags TEXT;

ALTER TABLE log_stream ADD COLUMN created_at_ms INTEGER NOT NULL DEFAULT 0;
-- Of the lines that it ever had; absent: it never had one.
ALTER TABLE log_stream ADD COLUMN first_ms INTEGER;
ALTER TABLE log_stream ADD COLUMN last_ms INTEGER;
ALTER TABLE log_stream ADD COLUMN ingested_ms INTEGER;

ALTER TABLE log_block ADD COLUMN ingested_ms INTEGER NOT NULL DEFAULT 0;
UPDATE log_block SET ingested_ms = latest_ms;
CREATE INDEX log_block_stream ON log_block (log_stream, first_position);

UPDATE log_stream SET
    first_ms = (SELECT min(earliest_ms) FROM log_block WHERE log_block.log_stream = log_stream.ordinal),
    last_ms = (SELECT max(latest_ms) FROM log_block WHERE log_block.log_stream = log_stream.ordinal),
    ingested_ms = (SELECT max(latest_ms) FROM log_block WHERE log_block.log_stream = log_stream.ordinal);
UPDATE log_stream SET created_at_ms = coalesce(first_ms, 0);
UPDATE log_group SET created_at_ms = coalesce(
    (SELECT min(created_at_ms) FROM log_stream WHERE log_stream.log_group = log_group.ordinal AND created_at_ms > 0), 0);

-- Audit rows of changes to groups and streams, written with the change, on their way into the ledger.
CREATE TABLE audit_pending (position INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL) STRICT;
