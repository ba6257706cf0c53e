//! What refers to what across documents, where the database itself does not see it: services and their revisions and operations, revisions and their images,
//! manifests and what they name, values of secrets and their versions, keys and their users, policies and who has them.

use model::operation::OperationId;
use model::revision::{Revision, RevisionNumber};
use model::service::{Phase, Service, Standing, Step};
use rusqlite::{Connection, OptionalExtension, params};

use crate::check::finding::Findings;
use crate::document;
use crate::fault::Fault;

pub(super) fn check(ledger: &Connection, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let mut statement = ledger.prepare("SELECT document FROM service WHERE deleted_at_ms IS NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        // One that cannot be read is a finding already.
        if let Ok(service) = document::read::<Service>("a service", text.as_bytes()) {
            look_at_service(ledger, &service, findings)?;
        }
    }
    drop(rows);
    look_at_manifests(ledger, findings)?;
    for reference in &REFERENCES {
        look_at_references(ledger, reference, findings)?;
    }
    Ok(())
}

/// A question to the database: each row that it answers is one that something is wrong with.
struct Reference {
    what: &'static str,
    wrong: &'static str,
    advice: &'static str,
    /// Ours, never a caller's.
    sql: &'static str,
}

const REFERENCES: [Reference; 5] = [
    Reference {
        what: "managed_secret",
        wrong: "the value of a version is not there",
        advice: "put a new value, or restore a backup",
        sql: "SELECT account || '/' || region || '/' || name || ' ' || said.key
              FROM (SELECT * FROM managed_secret WHERE json_valid(document)) AS owner, json_each(owner.document, '$.noun.versions') AS said
              WHERE NOT EXISTS (SELECT 1 FROM managed_secret_value AS kept WHERE kept.owner = owner.ordinal AND kept.version = said.key)",
    },
    Reference {
        what: "parameter",
        wrong: "the value of a version is not there",
        advice: "put a new value, or restore a backup",
        sql: "SELECT account || '/' || region || '/' || name || ' ' || said.key
              FROM (SELECT * FROM parameter WHERE json_valid(document)) AS owner, json_each(owner.document, '$.noun.versions') AS said
              WHERE NOT EXISTS (SELECT 1 FROM parameter_value AS kept WHERE kept.owner = owner.ordinal AND kept.version = said.key)",
    },
    Reference {
        what: "access_key",
        wrong: "the user whose key it is is not there",
        advice: "restore a backup, or make the user anew with another key",
        sql: "SELECT id FROM access_key WHERE owner <> ''
              AND NOT EXISTS (SELECT 1 FROM user WHERE user.account = access_key.account AND user.id = access_key.owner)",
    },
    Reference {
        what: "vpc_ingress",
        wrong: "the service that it leads to is not there",
        advice: "restore a backup, or delete it",
        sql: "SELECT id FROM vpc_ingress WHERE deletion_ms IS NULL AND NOT EXISTS (
                  SELECT 1 FROM service WHERE service.deleted_at_ms IS NULL AND service.account = vpc_ingress.account
                  AND service.region = vpc_ingress.region
                  AND vpc_ingress.service = format('arn:aws:apprunner:%s:%s:service/%s/%s', service.region, service.account, service.name, service.id))",
    },
    Reference {
        what: "policy_holder",
        wrong: "it does not say what the user or role says",
        advice: "change and change back the policies of that user or role, or restore a backup",
        sql: "SELECT DISTINCT account || '/' || kind || '/' || folded FROM (
                  SELECT * FROM policy_holder EXCEPT SELECT * FROM said
                  UNION ALL SELECT * FROM (SELECT * FROM said EXCEPT SELECT * FROM policy_holder))",
    },
];

/// What users and roles say of their policies, in the form of the table that is kept beside them.
const SAID: &str = "WITH entity (account, kind, folded, document) AS (
         SELECT account, 'role', folded, document FROM role WHERE json_valid(document)
         UNION ALL SELECT account, 'user', folded, document FROM user WHERE json_valid(document)),
     said (account, policy, kind, folded, relation) AS (
         SELECT account, value, kind, folded, 'attached' FROM entity, json_each(entity.document, '$.noun.attached')
         UNION ALL SELECT account, document ->> '$.noun.boundary', kind, folded, 'bounded' FROM entity
             WHERE document ->> '$.noun.boundary' IS NOT NULL) ";

fn look_at_references(ledger: &Connection, reference: &Reference, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let Reference { what, wrong, advice, sql } = reference;
    let mut statement = ledger.prepare(&format!("{SAID}{sql}"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        findings.add(format!("ledger.db, {what} {}", row.get::<_, String>(0)?), *wrong, *advice);
    }
    Ok(())
}

fn look_at_service(ledger: &Connection, service: &Service, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let what = format!("ledger.db, service {} ({})", service.name, service.id);
    for number in revisions_of(&service.phase) {
        let text: Option<String> = ledger
            .prepare_cached("SELECT document FROM revision WHERE service = ?1 AND number = ?2")?
            .query_row(params![service.id.as_str(), number], |row| row.get(0))
            .optional()?;
        let Some(text) = text else {
            findings.add(&what, format!("its revision {number} is not there"), "restore a backup");
            continue;
        };
        if let Ok(revision) = document::read::<Revision>("a revision", text.as_bytes()) {
            let digest = &revision.image.digest;
            if !exists(ledger, "SELECT EXISTS (SELECT 1 FROM blob WHERE digest = ?1)", digest.as_str())? {
                let wrong = format!("the image of its revision {number} is not there: {digest}");
                findings.add(&what, wrong, "push the image again, and deploy it");
            }
            look_at_secrets(ledger, service, &revision, findings)?;
        }
    }
    let operation = operation_of(&service.phase);
    let known = |id: &OperationId| exists(ledger, "SELECT EXISTS (SELECT 1 FROM operation WHERE id = ?1)", id.as_str());
    if let Some(id) = operation
        && !known(id)?
    {
        findings.add(&what, format!("its operation {id} is not there"), "restore a backup");
    }
    Ok(())
}

/// Whether what a revision's secret variables were is there for its next instance.
fn look_at_secrets(ledger: &Connection, service: &Service, revision: &Revision, findings: &mut Findings<'_>) -> Result<(), Fault> {
    if revision.configuration.image().is_none_or(|image| image.secrets().is_none()) {
        return Ok(());
    }
    let number = revision.restores.unwrap_or(revision.number);
    let sql = "SELECT EXISTS (SELECT 1 FROM revision_secret WHERE service = ?1 AND revision = ?2)";
    let is_there: bool = ledger.prepare_cached(sql)?.query_row(params![service.id.as_str(), number], |row| row.get(0))?;
    if !is_there {
        let what = format!("ledger.db, service {} ({})", service.name, service.id);
        let wrong = format!("the secrets of its revision {} are not there", revision.number);
        findings.add(what, wrong, "deploy the service again");
    }
    Ok(())
}

fn standing(standing: &Standing) -> Option<RevisionNumber> {
    match standing {
        Standing::Running { revision } | Standing::Paused { revision } => Some(*revision),
        Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. } => None,
    }
}

fn revisions_of(phase: &Phase) -> Vec<RevisionNumber> {
    match phase {
        Phase::Still(rests) => standing(rests).into_iter().collect(),
        Phase::Moving { from, operation: _, step } => {
            let next = match step {
                Step::Starting { revision, .. } | Step::Routing { revision } => Some(*revision),
                Step::Resolving | Step::Retiring | Step::RollingBack { .. } => None,
            };
            from.as_ref().and_then(standing).into_iter().chain(next).collect()
        }
    }
}

fn operation_of(phase: &Phase) -> Option<&OperationId> {
    match phase {
        Phase::Still(_) => None,
        Phase::Moving { operation, .. } => Some(&operation.id),
    }
}

fn look_at_manifests(ledger: &Connection, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let mut statement = ledger.prepare(
        "SELECT repository.name, named.manifest, named.digest FROM
             (SELECT repository, manifest, digest FROM manifest_reference UNION SELECT repository, digest, digest FROM manifest) AS named
             JOIN repository ON repository.ordinal = named.repository
         WHERE NOT EXISTS (SELECT 1 FROM repository_blob AS seen WHERE seen.repository = named.repository AND seen.digest = named.digest)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (repository, manifest, digest): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        findings.add(format!("image {repository}@{manifest}"), format!("{digest} of it is not there"), "push the image again");
    }
    Ok(())
}

fn exists(ledger: &Connection, sql: &str, key: &str) -> Result<bool, Fault> {
    Ok(ledger.prepare_cached(sql)?.query_row([key], |row| row.get(0))?)
}
