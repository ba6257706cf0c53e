//! What refers to what across documents, where the database itself does not see it: services and their revisions and operations, revisions and their images,
//! manifests and what they name.

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
    look_at_manifests(ledger, findings)
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
