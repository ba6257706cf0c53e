-- Audit rows as a chain of hashes (audit_chain.rs): each carries that of itself and, through it, of all before it. Absent: written by an older program;
-- the first start of this one chains them, once.
ALTER TABLE audit ADD COLUMN hash BLOB;

-- Both ends of the chain: what the oldest row follows, and the newest. The first of all is drawn, so that no two data dirs have the same chain.
-- `seal` is a MAC of both under the master key; absent only inside a transaction that has moved an end, and before the first start.
CREATE TABLE audit_chain (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    base_position INTEGER NOT NULL,
    base_hash BLOB NOT NULL,
    head_position INTEGER NOT NULL,
    head_hash BLOB NOT NULL,
    seal BLOB
) STRICT;
INSERT INTO audit_chain VALUES (1, 0, randomblob(32), 0, x'', NULL);
UPDATE audit_chain SET head_hash = base_hash;

-- What a look-up walks, backwards.
CREATE INDEX audit_scope ON audit (
    json_extract(document, '$.noun.caller.scope.account'), json_extract(document, '$.noun.caller.scope.region'), position
);
