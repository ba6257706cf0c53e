-- The ledger, second form: blobs that are collected, and the platform's own copies of deployed images.

-- When the repository was last promised the blob: put, mounted, or told to somebody who then does not upload it. What no manifest names is
-- collected some time after.
ALTER TABLE repository_blob ADD COLUMN promised_at_ms INTEGER NOT NULL DEFAULT 0;
-- A push may have been under way when the older program ended.
UPDATE repository_blob SET promised_at_ms = CAST(unixepoch('subsec') * 1000 AS INTEGER);

CREATE INDEX repository_blob_promised ON repository_blob (repository, promised_at_ms);

CREATE TABLE image_pin (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    repository TEXT NOT NULL,
    digest TEXT NOT NULL,
    pinned_at_ms INTEGER NOT NULL,
    UNIQUE (account, region, repository, digest)
) STRICT;

-- The image's manifest and all that it names: while this row is there, the blob stays, whatever becomes of the repository.
CREATE TABLE pinned_blob (
    image_pin INTEGER NOT NULL REFERENCES image_pin (ordinal) ON DELETE CASCADE,
    digest TEXT NOT NULL REFERENCES blob (digest),
    PRIMARY KEY (image_pin, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX pinned_blob_digest ON pinned_blob (digest);
