-- Changes of quotas that were granted, in order.
CREATE TABLE quota_change (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX quota_change_scope ON quota_change (account, region, position);
