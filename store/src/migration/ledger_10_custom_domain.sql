-- Custom domains. Those of a deleted service hold no name any more; they go with its row.
CREATE TABLE custom_domain (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    service TEXT NOT NULL REFERENCES service (id) ON DELETE CASCADE,
    -- In lower case.
    name TEXT NOT NULL,
    -- The name with www in front, in lower case, where it is included.
    www TEXT,
    document TEXT NOT NULL,
    UNIQUE (service, name)
) STRICT;
CREATE INDEX custom_domain_name ON custom_domain (name);
CREATE INDEX custom_domain_www ON custom_domain (www) WHERE www IS NOT NULL;
