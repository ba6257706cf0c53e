//! What stands in columns beside a document: it is what a row is found by, so it must be what the document says.

use rusqlite::Connection;

use crate::check::finding::Findings;
use crate::fault::Fault;

/// A table, how its rows are named, and what each column must be.
struct Table {
    name: &'static str,
    row: &'static str,
    columns: &'static [(&'static str, &'static str)],
}

const fn table(name: &'static str, row: &'static str, columns: &'static [(&'static str, &'static str)]) -> Table {
    Table { name, row, columns }
}

const ACCOUNT: (&str, &str) = ("account", "document ->> '$.noun.scope.account'");
const REGION: (&str, &str) = ("region", "document ->> '$.noun.scope.region'");
const NAME: (&str, &str) = ("name", "document ->> '$.noun.name'");
const OWN_ACCOUNT: (&str, &str) = ("account", "document ->> '$.noun.account'");
const PATH: (&str, &str) = ("path", "document ->> '$.noun.path'");
/// Names are ASCII.
const FOLDED: (&str, &str) = ("folded", "lower(document ->> '$.noun.name')");
const ID: (&str, &str) = ("id", "document ->> '$.noun.id'");
const DELETED: (&str, &str) = ("deleted_at_ms", "document ->> '$.noun.deleted_at'");

const TABLES: [Table; 13] = [
    table(
        "service",
        "id",
        &[
            ID,
            ACCOUNT,
            REGION,
            NAME,
            ("label", "document ->> '$.noun.label'"),
            ("created_at_ms", "document ->> '$.noun.created_at'"),
            ("deleted_at_ms", "document ->> '$.noun.phase.Still.Deleted.at'"),
        ],
    ),
    table("operation", "id", &[ID]),
    table("revision", "service || ' ' || number", &[("number", "document ->> '$.noun.number'")]),
    table("record", "resource || ' ' || name || '/' || revision", &[
        ACCOUNT,
        REGION,
        NAME,
        ("revision", "document ->> '$.noun.revision'"),
        DELETED,
    ]),
    table(
        "scaling_configuration",
        "name || '/' || revision",
        &[
            ACCOUNT,
            REGION,
            ("name", "document ->> '$.noun.configuration.name'"),
            ("revision", "document ->> '$.noun.configuration.revision'"),
            DELETED,
        ],
    ),
    table(
        "vpc_ingress",
        "id",
        &[
            ID,
            ACCOUNT,
            REGION,
            NAME,
            (
                "service",
                "format('arn:aws:apprunner:%s:%s:service/%s/%s', document ->> '$.noun.service.scope.region',
                     document ->> '$.noun.service.scope.account', document ->> '$.noun.service.name', document ->> '$.noun.service.id')",
            ),
            ("deletion_ms", "iif(document ->> '$.noun.asked' = 'Deletion', document ->> '$.noun.asked_at', NULL)"),
        ],
    ),
    table(
        "custom_domain",
        "service || ' ' || name",
        &[
            ("service", "document ->> '$.noun.service'"),
            ("name", "lower(document ->> '$.noun.name')"),
            ("www", "iif(document ->> '$.noun.www' = 'Included', 'www.' || lower(document ->> '$.noun.name'), NULL)"),
        ],
    ),
    table(
        "managed_secret",
        "account || '/' || region || '/' || name",
        &[ACCOUNT, REGION, NAME, ("due_ms", "document ->> '$.noun.deletion.due_at'")],
    ),
    table("parameter", "account || '/' || region || '/' || name", &[ACCOUNT, REGION, NAME, ("due_ms", "NULL")]),
    table("role", "account || '/' || folded", &[OWN_ACCOUNT, FOLDED, PATH]),
    table("user", "account || '/' || folded", &[OWN_ACCOUNT, FOLDED, PATH, ID]),
    table("managed_policy", "account || '/' || folded", &[OWN_ACCOUNT, FOLDED, PATH]),
    table("identity_provider", "account || '/' || url", &[OWN_ACCOUNT, ("url", "document ->> '$.noun.url'")]),
];

pub(super) fn check(ledger: &Connection, findings: &mut Findings<'_>) -> Result<(), Fault> {
    for Table { name, row, columns } in &TABLES {
        // All of it is ours, never a caller's. A document that is none is a finding already.
        let differ = columns.iter().map(|(column, said)| format!("iif({column} IS {said}, '', ' {column}')"));
        let differ = differ.collect::<Vec<_>>().join(" || ");
        let sql = format!(
            "SELECT * FROM (SELECT CAST({row} AS TEXT), {differ} AS wrong FROM (SELECT * FROM {name} WHERE json_valid(document))) WHERE wrong <> ''"
        );
        let mut statement = ledger.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(found) = rows.next()? {
            let (row, wrong): (String, String) = (found.get(0)?, found.get(1)?);
            let words = format!("it is found by other words than it says of itself:{wrong}");
            findings.add(format!("ledger.db, {name} {row}"), words, "restore a backup");
        }
    }
    Ok(())
}
