-- What segments and groups hold, counted as blocks come and go: nobody adds up all blocks for it.

CREATE TABLE log_segment (
    number INTEGER PRIMARY KEY,
    blocks INTEGER NOT NULL,
    living_bytes INTEGER NOT NULL
) STRICT;
INSERT INTO log_segment SELECT segment, count(*), sum(length_bytes) FROM log_block GROUP BY segment;

ALTER TABLE log_group ADD COLUMN stored_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE log_group SET stored_bytes =
    (SELECT coalesce(sum(length_bytes), 0) FROM log_block WHERE log_block.log_group = log_group.ordinal);

-- Which blocks are the oldest.
CREATE INDEX log_block_ingested ON log_block (ingested_ms);

CREATE TRIGGER log_block_added AFTER INSERT ON log_block BEGIN
    INSERT INTO log_segment VALUES (new.segment, 1, new.length_bytes)
        ON CONFLICT (number) DO UPDATE SET blocks = blocks + 1, living_bytes = living_bytes + excluded.living_bytes;
    UPDATE log_group SET stored_bytes = stored_bytes + new.length_bytes WHERE ordinal = new.log_group;
END;
CREATE TRIGGER log_block_removed AFTER DELETE ON log_block BEGIN
    UPDATE log_segment SET blocks = blocks - 1, living_bytes = living_bytes - old.length_bytes WHERE number = old.segment;
    DELETE FROM log_segment WHERE number = old.segment AND blocks <= 0;
    UPDATE log_group SET stored_bytes = stored_bytes - old.length_bytes WHERE ordinal = old.log_group;
END;
CREATE TRIGGER log_block_moved AFTER UPDATE OF segment, length_bytes ON log_block BEGIN
    INSERT INTO log_segment VALUES (new.segment, 1, new.length_bytes)
        ON CONFLICT (number) DO UPDATE SET blocks = blocks + 1, living_bytes = living_bytes + excluded.living_bytes;
    UPDATE log_segment SET blocks = blocks - 1, living_bytes = living_bytes - old.length_bytes WHERE number = old.segment;
    DELETE FROM log_segment WHERE number = old.segment AND blocks <= 0;
    UPDATE log_group SET stored_bytes = stored_bytes + new.length_bytes - old.length_bytes WHERE ordinal = new.log_group;
END;
