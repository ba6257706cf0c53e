-- Roles belong to an account, not to a region. IAM keeps the case of a name and does not tell names apart by it: `folded` is the name in small letters.
CREATE TABLE role (
    account TEXT NOT NULL,
    folded TEXT NOT NULL,
    path TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (account, folded)
) STRICT, WITHOUT ROWID;
