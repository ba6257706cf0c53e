//! Every stored document: whether it can be read as the noun that its table holds.

use model::audit::AuditEntry;
use model::operation::Operation;
use model::repository::{Manifest, Repository};
use model::revision::Revision;
use model::role::Role;
use model::scaling_configuration::ScalingRevision;
use model::service::Service;
use rusqlite::Connection;
use serde::de::DeserializeOwned;

use crate::check::finding::Findings;
use crate::document;
use crate::fault::Fault;

pub(super) fn check(ledger: &Connection, findings: &mut Findings<'_>) -> Result<(), Fault> {
    read_all::<Service>(ledger, "service", "id", findings)?;
    read_all::<Operation>(ledger, "operation", "id", findings)?;
    read_all::<Revision>(ledger, "revision", "service || ' ' || number", findings)?;
    read_all::<Repository>(ledger, "repository", "account || '/' || region || '/' || name", findings)?;
    read_all::<Manifest>(ledger, "manifest", "repository || ' ' || digest", findings)?;
    read_all::<ScalingRevision>(ledger, "scaling_configuration", "name || '/' || revision", findings)?;
    read_all::<Role>(ledger, "role", "account || '/' || folded", findings)?;
    read_all::<AuditEntry>(ledger, "audit", "position", findings)
}

/// `table` and `row` are ours, never a caller's.
fn read_all<T: DeserializeOwned>(ledger: &Connection, table: &str, row: &str, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let mut statement = ledger.prepare(&format!("SELECT CAST({row} AS TEXT), document FROM {table}"))?;
    let mut rows = statement.query([])?;
    while let Some(found) = rows.next()? {
        let (name, text): (String, String) = (found.get(0)?, found.get(1)?);
        findings.saw(|seen| seen.documents += 1);
        if let Err(fault) = document::read::<T>(&format!("{table} {name}"), text.as_bytes()) {
            findings.add(format!("ledger.db, {table} {name}"), fault.to_string(), "restore a backup");
        }
    }
    Ok(())
}
