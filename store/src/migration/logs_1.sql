-- The catalogue of the log segments, first form: where each block of lines stands, and how far each instance's output was taken over.

CREATE TABLE log_group (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The position of the group's newest line. Positions of a group are 1, 2, 3 … without gaps; none is given twice.
    last_position INTEGER NOT NULL,
    UNIQUE (account, region, name)
) STRICT;

CREATE TABLE log_stream (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    log_group INTEGER NOT NULL REFERENCES log_group (ordinal),
    name TEXT NOT NULL,
    UNIQUE (log_group, name)
) STRICT;

CREATE TABLE log_block (
    log_group INTEGER NOT NULL REFERENCES log_group (ordinal),
    first_position INTEGER NOT NULL,
    lines INTEGER NOT NULL CHECK (lines > 0),
    -- Not declared as a reference: to prove it, all blocks would be looked at for each stream that goes.
    log_stream INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    offset_bytes INTEGER NOT NULL,
    length_bytes INTEGER NOT NULL,
    earliest_ms INTEGER NOT NULL,
    latest_ms INTEGER NOT NULL,
    PRIMARY KEY (log_group, first_position)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_block_segment ON log_block (segment, offset_bytes);

CREATE TABLE log_cursor (
    instance TEXT PRIMARY KEY,
    run INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    offset_bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
