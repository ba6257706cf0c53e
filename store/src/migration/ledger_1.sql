-- The ledger, first form. Documents are JSON (document.rs); what is searched or unique stands beside them in columns.
-- Text compares byte by byte (BINARY), which is the order every list promises.

-- Opens only with the master key that sealed it.
CREATE TABLE seal_check (one INTEGER PRIMARY KEY CHECK (one = 1), sealed BLOB NOT NULL) STRICT;

CREATE TABLE service (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    deleted_at_ms INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    document TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX service_name ON service (account, region, name) WHERE deleted_at_ms IS NULL;
CREATE UNIQUE INDEX service_label ON service (label) WHERE deleted_at_ms IS NULL;
-- What the sweep looks for.
CREATE INDEX service_deleted ON service (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
CREATE INDEX service_newest ON service (account, region, created_at_ms, ordinal) WHERE deleted_at_ms IS NULL;

CREATE TABLE operation (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL REFERENCES service (id) ON DELETE CASCADE,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX operation_service ON operation (service, ordinal);

CREATE TABLE revision (
    service TEXT NOT NULL REFERENCES service (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (service, number)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: a position is never given twice, even after the last row went.
CREATE TABLE event (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    service TEXT NOT NULL REFERENCES service (id) ON DELETE CASCADE,
    at_ms INTEGER NOT NULL,
    message TEXT NOT NULL
) STRICT;
CREATE INDEX event_service ON event (service, position);

CREATE TABLE audit (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE repository (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (account, region, name)
) STRICT;

-- A row means that the file is whole, verified and synced.
CREATE TABLE blob (digest TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Which repository sees which blob.
CREATE TABLE repository_blob (
    repository INTEGER NOT NULL REFERENCES repository (ordinal),
    digest TEXT NOT NULL REFERENCES blob (digest),
    PRIMARY KEY (repository, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX repository_blob_digest ON repository_blob (digest);

CREATE TABLE manifest (
    repository INTEGER NOT NULL REFERENCES repository (ordinal),
    digest TEXT NOT NULL,
    subject TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (repository, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX manifest_subject ON manifest (repository, subject, digest) WHERE subject IS NOT NULL;

-- What a manifest names: while this row is there, the blob stays.
CREATE TABLE manifest_reference (
    repository INTEGER NOT NULL,
    manifest TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (repository, manifest, digest),
    FOREIGN KEY (repository, manifest) REFERENCES manifest (repository, digest) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX manifest_reference_digest ON manifest_reference (repository, digest);

CREATE TABLE image_tag (
    repository INTEGER NOT NULL,
    tag TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (repository, tag),
    FOREIGN KEY (repository, digest) REFERENCES manifest (repository, digest) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX image_tag_digest ON image_tag (repository, digest);

-- What holds a secret is sealed whole; beside it stands only what it is found by.
CREATE TABLE access_key (id TEXT PRIMARY KEY, account TEXT NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX access_key_account ON access_key (account, id);
CREATE TABLE authority (suffix TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE certificate (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
