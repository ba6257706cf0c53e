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
                let short = move |snapshot: &Transaction<'_>| list_within(snapshot, (scope, page), SHORT_PAGE_BYTES);
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
fn list(snapshot: &Transaction<'_>, scope: &Scope, page: &PageRequest) -> Result<Page<Service>, Fault> {
    Ok(list_within(snapshot, (scope, page), u64::MAX)?.expect("nothing is longer"))
}

/// The same; nothing where the page's documents have more bytes than that. One that has more by itself is not read: SQLite knows its length from the
/// row's beginning.
fn list_within(
    snapshot: &Transaction<'_>,
    (scope, page): (&Scope, &PageRequest),
    bytes_max: u64,
) -> Result<Option<Page<Service>>, Fault> {
    let Some((created_at_ms, ordinal)) = page.after.as_deref().map_or(Some((i64::MAX, i64::MAX)), parse_key) else {
        return Ok(Some(Page { items: Vec::new(), next: None }));
    };
    let mut statement = snapshot.prepare_cached(
        "SELECT created_at_ms, ordinal, CASE WHEN octet_length(document) <= ?6 THEN document END FROM service
         WHERE account = ?1 AND region = ?2 AND deleted_at_ms IS NULL AND (created_at_ms, ordinal) < (?3, ?4)
         ORDER BY created_at_ms DESC, ordinal DESC LIMIT ?5",
    )?;
    let (account, region, rows_max) = (scope.account.as_str(), scope.region.as_str(), page::rows_max(page));
    let longest = i64::try_from(bytes_max).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![account, region, created_at_ms, ordinal, rows_max, longest])?;
    let (mut found, mut left) = (Vec::new(), bytes_max);
    while let Some(row) = rows.next()? {
        let (created_at_ms, ordinal, text): (i64, i64, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let taken = text.and_then(|text| Some((left.checked_sub(text.len() as u64)?, text)));
        let Some((rest, text)) = taken else { return Ok(None) };
        left = rest;
        found.push((format!("{created_at_ms}.{ordinal}"), text));
    }
    let read = |(key, text): (String, String)| Ok((key, document::read("a service", text.as_bytes())?));
    Ok(Some(page::cut(found.into_iter().map(read).collect::<Result<_, Fault>>()?, page)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::LEDGER;
    use model::lifecycle::{Admission, FreshIds, admit_create};
    use model::operation::OperationId;
    use model::service::HostLabel;
    use model::testbed::{create_service, scope, service_id};

    fn service(byte: u8, name: &str) -> Service {
        let (label, operation) = (HostLabel::from_random([byte; 10]), OperationId::from_random([byte; 16]));
        let ids = FreshIds { service: service_id(byte), label, operation };
        let Admission::Begin(change) = admit_create(&create_service(name), &scope(), None, ids, Timestamp::from_millis(1_000))
        else {
            panic!("a free name is admitted")
        };
        change.service
    }

    #[test]
    fn a_page_with_more_bytes_than_are_allowed_is_none_and_one_with_as_many_is_whole() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        LEDGER.apply(&mut connection).unwrap();
        let transaction = connection.transaction().unwrap();
        let services: Vec<Service> = (1..=3u8).map(|byte| service(byte, &format!("webs{byte}"))).collect();
        for one in &services {
            keep(&transaction, one, Version(1)).unwrap();
        }
        let bytes: Vec<u64> = services.iter().map(|one| document::write(one).len() as u64).collect();
        let all = bytes.iter().sum::<u64>();
        let listed = |items_max, bytes_max| {
            let page = PageRequest { after: None, items_max };
            let found = list_within(&transaction, (&scope(), &page), bytes_max).unwrap();
            found.map(|page| page.items.iter().map(|service| service.id.clone()).collect::<Vec<_>>())
        };
        let newest_first: Vec<_> = services.iter().rev().map(|service| service.id.clone()).collect();
        assert_eq!(listed(None, all), Some(newest_first.clone()));
        assert_eq!(listed(None, all - 1), None, "all together have a byte more");
        assert_eq!(listed(None, bytes.iter().min().unwrap() - 1), None, "each has more by itself");
        // Two are read for a page of one: the second says that there is a next page.
        assert_eq!(listed(Some(1), bytes[2] + bytes[1]), Some(newest_first[..1].to_vec()));
        assert_eq!(listed(Some(1), bytes[2]), None);
    }
}
