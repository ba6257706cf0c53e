-- Rows of the audit log that went before older ones of other accounts, since their own had more than its share: from which to which, and what hashes
-- stood before the first and at the last of them. `seal` is a MAC of all that under the master key; absent where a row that went was not as it was written.
CREATE TABLE audit_gap (
    first_position INTEGER PRIMARY KEY,
    before_hash BLOB NOT NULL,
    last_position INTEGER NOT NULL,
    last_hash BLOB NOT NULL,
    seal BLOB
) STRICT;
