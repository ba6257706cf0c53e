-- Auto scaling configurations: a row for each revision. The default one of a scope has none until it is changed.
CREATE TABLE scaling_configuration (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    deleted_at_ms INTEGER,
    document TEXT NOT NULL,
    PRIMARY KEY (account, region, name, revision)
) STRICT, WITHOUT ROWID;
-- What the sweep looks for.
CREATE INDEX scaling_configuration_deleted ON scaling_configuration (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
-- Which services use one: asked of the services themselves, so that no second place has to be kept true.
CREATE INDEX service_scaling ON service (account, region, json_extract(document, '$.noun.configuration.scaling.id'))
    WHERE deleted_at_ms IS NULL;
