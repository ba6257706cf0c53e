-- Keys that sign the identity tokens of instances, each sealed whole.
CREATE TABLE token_key (
    id TEXT PRIMARY KEY,
    signs_from_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
