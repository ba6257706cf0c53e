//! Services: one row each, committed on the version that was read.

use rusqlite::{OptionalExtension, Row, Transaction, named_params, params};

use model::account::Scope;
use model::arn::ServiceArn;
use model::port::{Answer, Commit, ServiceChange, Services, Version, Versioned};
use model::service::{Service, ServiceId};
use model::service_name::ServiceName;
use model::time::Timestamp;
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::{event, operation, page, revision, revision_secret, vpc_ingress};
use crate::limit::SHORT_PAGE_BYTES;
use crate::{Store, audit, document};

impl Services for Store {
    fn commit<'a>(&'a self, read: Version, change: &'a ServiceChange) -> Answer<'a, Commit> {
        let change = change.clone();
        Box::pin(
            async move { self.0.ledger.write("committing a service", move |transaction| commit(transaction, read, &change)).await },
        )
    }

    fn get<'a>(&'a self, arn: &'a ServiceArn) -> Answer<'a, Option<Versioned<Service>>> {
        Box::pin(async move {
            let found = self.by_id(&arn.id).await?;
            Ok(found.filter(|found| found.value.scope == arn.scope && found.value.name == arn.name))
        })
    }

    fn by_id<'a>(&'a self, id: &'a ServiceId) -> Answer<'a, Option<Versioned<Service>>> {
        Box::pin(self.0.ledger.find("reading a service", move |snapshot| find(snapshot, id)))
    }

    fn by_name<'a>(&'a self, scope: &'a Scope, name: &'a ServiceName) -> Answer<'a, Option<Versioned<Service>>> {
        let work = move |snapshot: &Transaction<'_>| {
            let mut statement = snapshot.prepare_cached(
                "SELECT version, document FROM service WHERE account = ?1 AND region = ?2 AND name = ?3 AND deleted_at_ms IS NULL",
            )?;
            let key = [scope.account.as_str(), scope.region.as_str(), name.as_str()];
            statement.query_row(key, columns).optional()?.map(versioned).transpose()
        };
        Box::pin(self.0.ledger.find("reading a service by its name", work))
    }

    fn list<'a>(&'a self, scope: &'a Scope, page: &'a PageRequest) -> Answer<'a, Page<Service>> {
        let doing = "listing services";
        Box::pin(async move {
            if page::is_short(page) {
                let short = move |snapshot: &Transaction<'_>| {
                    Ok(if bytes(snapshot, scope, page)? <= SHORT_PAGE_BYTES { Some(list(snapshot, scope, page)?) } else { None })
                };
                if let Some(page) = self.0.ledger.find(doing, short).await? {
                    return Ok(page);
                }
            }
            let (scope, page) = (scope.clone(), page.clone());
            self.0.ledger.read(doing, move |snapshot| list(snapshot, &scope, &page)).await
        })
    }

    fn kept(&self) -> Answer<'_, Vec<Service>> {
        Box::pin(async move {
            let work = |snapshot: &Transaction<'_>| {
                let mut statement = snapshot
                    .prepare_cached("SELECT version, document FROM service WHERE deleted_at_ms IS NULL ORDER BY ordinal")?;
                let rows = statement.query_map([], columns)?;
                rows.map(|row| Ok(versioned(row?)?.value)).collect()
            };
            self.0.ledger.read("reading all services", work).await
        })
    }

    fn gone(&self) -> Answer<'_, Vec<Service>> {
        Box::pin(async move {
            let work = |snapshot: &Transaction<'_>| deleted(snapshot, Timestamp::from_millis(i64::MAX));
            self.0.ledger.read("reading all deleted services", work).await
        })
    }
}

fn commit(transaction: &Transaction<'_>, read: Version, change: &ServiceChange) -> Result<Ending<Commit>, Fault> {
    let service = &change.service;
    let mut statement = transaction.prepare_cached("SELECT version FROM service WHERE id = ?1")?;
    let kept: u64 = statement.query_row([service.id.as_str()], |row| row.get(0)).optional()?.unwrap_or(0);
    if kept != read.0 {
        return Ok(Ending::RollBack(Commit::Stale));
    }
    if name_taken(transaction, service)? {
        return Ok(Ending::RollBack(Commit::NameTaken));
    }
    if change.begins_deletion()
        && let Some(held) = vpc_ingress::leading_to(transaction, &service.arn(), service.updated_at)?
    {
        return Ok(Ending::RollBack(Commit::Bound(held)));
    }
    let version = Version(kept + 1);
    keep(transaction, service, version)?;
    if let Some(operation) = &change.operation {
        operation::keep(transaction, &service.id, operation)?;
    }
    if let Some(revision) = &change.revision {
        revision::keep(transaction, &service.id, revision)?;
    }
    revision_secret::forget_unneeded(transaction, service)?;
    for event in &change.events {
        event::keep(transaction, &service.id, event)?;
    }
    if !change.events.is_empty() {
        event::forget_oldest(transaction, &service.id)?;
    }
    if let Some(row) = &change.audit {
        audit::keep(transaction, row)?;
    }
    Ok(Ending::Commit(Commit::Done(version)))
}

/// Asked inside the writing transaction, so nobody can come between; the unique indexes stand behind it.
fn name_taken(transaction: &Transaction<'_>, service: &Service) -> Result<bool, Fault> {
    if service.deleted_at().is_some() {
        return Ok(false);
    }
    let mut statement = transaction.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM service WHERE account = ?1 AND region = ?2 AND name = ?3 AND deleted_at_ms IS NULL AND id <> ?5)
             OR EXISTS (SELECT 1 FROM service WHERE label = ?4 AND deleted_at_ms IS NULL AND id <> ?5)",
    )?;
    let Scope { account, region } = &service.scope;
    let key = params![account.as_str(), region.as_str(), service.name.as_str(), service.label.as_str(), service.id.as_str()];
    Ok(statement.query_row(key, |row| row.get(0))?)
}

fn keep(transaction: &Transaction<'_>, service: &Service, version: Version) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO service (id, account, region, name, label, created_at_ms, deleted_at_ms, version, document)
         VALUES (:id, :account, :region, :name, :label, :created_at_ms, :deleted_at_ms, :version, :document)
         ON CONFLICT (id) DO UPDATE SET deleted_at_ms = excluded.deleted_at_ms, version = excluded.version, document = excluded.document",
    )?;
    statement.execute(named_params! {
        ":id": service.id.as_str(),
        ":account": service.scope.account.as_str(),
        ":region": service.scope.region.as_str(),
        ":name": service.name.as_str(),
        ":label": service.label.as_str(),
        ":created_at_ms": service.created_at.millis(),
        ":deleted_at_ms": service.deleted_at().map(Timestamp::millis),
        ":version": version.0,
        ":document": document::write(service),
    })?;
    Ok(())
}

fn find(snapshot: &Transaction<'_>, id: &ServiceId) -> Result<Option<Versioned<Service>>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT version, document FROM service WHERE id = ?1")?;
    statement.query_row([id.as_str()], columns).optional()?.map(versioned).transpose()
}

/// The service of an id, deleted or not.
pub(crate) fn by_id(snapshot: &Transaction<'_>, id: &ServiceId) -> Result<Option<Service>, Fault> {
    Ok(find(snapshot, id)?.map(|found| found.value))
}

/// The service that an ARN means, deleted or not.
pub(crate) fn by_arn(snapshot: &Transaction<'_>, arn: &ServiceArn) -> Result<Option<Service>, Fault> {
    Ok(by_id(snapshot, &arn.id)?.filter(|service| service.arn() == *arn))
}

/// Whether a service is there, deleted or not.
pub(crate) fn is_known(snapshot: &Transaction<'_>, service: &ServiceId) -> Result<bool, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT EXISTS (SELECT 1 FROM service WHERE id = ?1)")?;
    Ok(statement.query_row([service.as_str()], |row| row.get(0))?)
}

/// Services that were deleted before a moment.
fn deleted(snapshot: &Transaction<'_>, before: Timestamp) -> Result<Vec<Service>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT version, document FROM service WHERE deleted_at_ms < ?1")?;
    let rows = statement.query_map([before.millis()], columns)?;
    rows.map(|row| Ok(versioned(row?)?.value)).collect()
}

/// Forgets services that were deleted before a moment, with their operations, revisions and events. Their audit rows stay. Answers how many.
pub(crate) fn forget(transaction: &Transaction<'_>, deleted_before: Timestamp) -> Result<u32, Fault> {
    let gone = transaction.prepare_cached("DELETE FROM service WHERE deleted_at_ms < ?1")?.execute([deleted_before.millis()])?;
    Ok(u32::try_from(gone).unwrap_or(u32::MAX))
}

/// Newest first: by the time of creation, and by the order of the commits where that is equal. A page's key is both.
/// Bytes of a page's documents. They are not read for it: SQLite knows their length from the row's beginning.
fn bytes(snapshot: &Transaction<'_>, scope: &Scope, page: &PageRequest) -> Result<u64, Fault> {
    let Some((created_at_ms, ordinal)) = page.after.as_deref().map_or(Some((i64::MAX, i64::MAX)), parse_key) else { return Ok(0) };
    let mut statement = snapshot.prepare_cached(
        "SELECT coalesce(sum(bytes), 0) FROM (
             SELECT octet_length(document) AS bytes FROM service
             WHERE account = ?1 AND region = ?2 AND deleted_at_ms IS NULL AND (created_at_ms, ordinal) < (?3, ?4)
             ORDER BY created_at_ms DESC, ordinal DESC LIMIT ?5)",
    )?;
    let key = params![scope.account.as_str(), scope.region.as_str(), created_at_ms, ordinal, page::rows_max(page)];
    Ok(statement.query_row(key, |row| row.get(0))?)
}

fn list(snapshot: &Transaction<'_>, scope: &Scope, page: &PageRequest) -> Result<Page<Service>, Fault> {
    let Some((created_at_ms, ordinal)) = page.after.as_deref().map_or(Some((i64::MAX, i64::MAX)), parse_key) else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let mut statement = snapshot.prepare_cached(
        "SELECT version, document, created_at_ms, ordinal FROM service
         WHERE account = ?1 AND region = ?2 AND deleted_at_ms IS NULL AND (created_at_ms, ordinal) < (?3, ?4)
         ORDER BY created_at_ms DESC, ordinal DESC LIMIT ?5",
    )?;
    let key = params![scope.account.as_str(), scope.region.as_str(), created_at_ms, ordinal, page::rows_max(page)];
    let rows = statement.query_map(key, |row| Ok((row.get(2)?, row.get(3)?, columns(row)?)))?;
    let rows = rows.map(|row| {
        let (created_at_ms, ordinal, found): (i64, i64, _) = row?;
        Ok((format!("{created_at_ms}.{ordinal}"), versioned(found)?.value))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}

fn parse_key(key: &str) -> Option<(i64, i64)> {
    let (created_at_ms, ordinal) = key.split_once('.')?;
    Some((created_at_ms.parse().ok()?, ordinal.parse().ok()?))
}

fn columns(row: &Row<'_>) -> rusqlite::Result<(u64, String)> {
    Ok((row.get("version")?, row.get("document")?))
}

fn versioned((version, text): (u64, String)) -> Result<Versioned<Service>, Fault> {
    Ok(Versioned { version: Version(version), value: document::read("a service", text.as_bytes())? })
}
