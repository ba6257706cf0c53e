-- Users, the policies of accounts, whose each key is, accounts, and the outside issuers that they trust. All belong to an account, not to a region.
CREATE TABLE user (
    account TEXT NOT NULL,
    folded TEXT NOT NULL,
    id TEXT NOT NULL,
    path TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (account, folded)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX user_id ON user (account, id);

CREATE TABLE managed_policy (
    account TEXT NOT NULL,
    folded TEXT NOT NULL,
    path TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (account, folded)
) STRICT, WITHOUT ROWID;

-- The id of the user whose key it is; nothing for the root's, as all keys were until now.
ALTER TABLE access_key ADD COLUMN owner TEXT NOT NULL DEFAULT '';
CREATE INDEX access_key_owner ON access_key (account, owner);

CREATE TABLE access_key_use (
    id TEXT PRIMARY KEY REFERENCES access_key (id) ON DELETE CASCADE,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE account_alias (account TEXT PRIMARY KEY, alias TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;

CREATE TABLE identity_provider (
    account TEXT NOT NULL,
    url TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (account, url)
) STRICT, WITHOUT ROWID;
