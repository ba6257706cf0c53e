-- The auto scaling configuration that services get if they name none, where somebody chose another than DefaultConfiguration revision 1.
CREATE TABLE scaling_default (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (account, region),
    FOREIGN KEY (account, region, name, revision) REFERENCES scaling_configuration (account, region, name, revision)
) STRICT, WITHOUT ROWID;
