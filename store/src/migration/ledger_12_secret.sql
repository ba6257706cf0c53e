-- Records whose values are secrets: each has a key of its own, sealed with the platform's, and each version's value is sealed with that.
CREATE TABLE managed_secret (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    -- When it goes by itself.
    due_ms INTEGER,
    sealed_key BLOB NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (account, region, name)
) STRICT;
CREATE INDEX managed_secret_due ON managed_secret (due_ms) WHERE due_ms IS NOT NULL;
CREATE TABLE managed_secret_value (
    owner INTEGER NOT NULL REFERENCES managed_secret (ordinal) ON DELETE CASCADE,
    version TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (owner, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE parameter (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    due_ms INTEGER,
    sealed_key BLOB NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (account, region, name)
) STRICT;
CREATE TABLE parameter_value (
    owner INTEGER NOT NULL REFERENCES parameter (ordinal) ON DELETE CASCADE,
    version TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (owner, version)
) STRICT, WITHOUT ROWID;

-- What the secret variables of a revision were when it was deployed. Written before the revision, so it refers to the service only.
CREATE TABLE revision_secret (
    service TEXT NOT NULL REFERENCES service (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    sealed_key BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (service, revision)
) STRICT, WITHOUT ROWID;
