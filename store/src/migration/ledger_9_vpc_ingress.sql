-- VPC ingress connections, deleted ones included until the sweep forgets them. Status and names in use are told from the documents, by time.
CREATE TABLE vpc_ingress (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The service's ARN: asked for before a service is deleted.
    service TEXT NOT NULL,
    -- When its deletion was asked for: what the sweep looks for.
    deletion_ms INTEGER,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX vpc_ingress_scope ON vpc_ingress (account, region, name);
CREATE INDEX vpc_ingress_service ON vpc_ingress (service);
CREATE INDEX vpc_ingress_deletion ON vpc_ingress (deletion_ms) WHERE deletion_ms IS NOT NULL;
