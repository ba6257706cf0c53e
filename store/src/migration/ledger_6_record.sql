-- What is kept by name and of which nothing runs (observability configurations, VPC connectors, connections): a row for each revision. What is
-- built in has none until it is changed. `resource` is the kind as its ARN spells it.
CREATE TABLE record (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    resource TEXT NOT NULL,
    name TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    deleted_at_ms INTEGER,
    document TEXT NOT NULL,
    PRIMARY KEY (account, region, resource, name, revision)
) STRICT, WITHOUT ROWID;
-- What the sweep looks for.
CREATE INDEX record_deleted ON record (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
