//! Every stored document: whether it can be read as the noun that its table holds.

use model::account::Account;
use model::audit::AuditEntry;
use model::caller::KeyUse;
use model::connection::Connection as SourceConnection;
use model::custom_domain::CustomDomain;
use model::identity_provider::IdentityProvider;
use model::managed_policy::ManagedPolicy;
use model::managed_secret::ManagedSecret;
use model::observability_configuration::ObservabilityConfiguration;
use model::operation::Operation;
use model::parameter::Parameter;
use model::quota::QuotaChange;
use model::record::{Noun, Record};
use model::repository::{Manifest, Repository};
use model::revision::Revision;
use model::role::Role;
use model::scaling_configuration::ScalingRevision;
use model::service::Service;
use model::user::User;
use model::vpc_connector::VpcConnector;
use model::vpc_ingress::VpcIngress;
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
    read_all::<VpcIngress>(ledger, "vpc_ingress", "id", findings)?;
    read_all::<CustomDomain>(ledger, "custom_domain", "service || ' ' || name", findings)?;
    read_records::<ObservabilityConfiguration>(ledger, findings)?;
    read_records::<VpcConnector>(ledger, findings)?;
    read_records::<SourceConnection>(ledger, findings)?;
    read_all::<ManagedSecret>(ledger, "managed_secret", "account || '/' || region || '/' || name", findings)?;
    read_all::<Parameter>(ledger, "parameter", "account || '/' || region || '/' || name", findings)?;
    read_all::<QuotaChange>(ledger, "quota_change", "position", findings)?;
    read_all::<Role>(ledger, "role", "account || '/' || folded", findings)?;
    read_all::<User>(ledger, "user", "account || '/' || folded", findings)?;
    read_all::<ManagedPolicy>(ledger, "managed_policy", "account || '/' || folded", findings)?;
    read_all::<KeyUse>(ledger, "access_key_use", "id", findings)?;
    read_all::<Account>(ledger, "account", "id", findings)?;
    read_all::<IdentityProvider>(ledger, "identity_provider", "account || '/' || url", findings)?;
    read_all::<AuditEntry>(ledger, "audit", "position", findings)
}

/// `table` and `row` are ours, never a caller's.
fn read_all<T: DeserializeOwned>(ledger: &Connection, table: &str, row: &str, findings: &mut Findings<'_>) -> Result<(), Fault> {
    read_found::<T>(ledger, table, &format!("SELECT CAST({row} AS TEXT), document FROM {table}"), findings)
}

/// Those of one noun, which share a table with others.
fn read_records<N: Noun>(ledger: &Connection, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let query = format!("SELECT name || '/' || revision, document FROM record WHERE resource = '{}'", N::RESOURCE);
    read_found::<Record<N>>(ledger, N::RESOURCE, &query, findings)
}

/// `query` is ours, never a caller's.
fn read_found<T: DeserializeOwned>(
    ledger: &Connection,
    table: &str,
    query: &str,
    findings: &mut Findings<'_>,
) -> Result<(), Fault> {
    let mut statement = ledger.prepare(query)?;
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
