//! Revisions of a service: written by `Services::commit`, never changed.

use rusqlite::{OptionalExtension, Transaction, params};

use model::account::Scope;
use model::port::{Answer, Revisions};
use model::revision::{Revision, RevisionNumber};
use model::service::{Service, ServiceId};
use model::wish::{Page, PageRequest};

use crate::fault::Fault;
use crate::ledger::page;
use crate::{Store, document};

impl Revisions for Store {
    fn get<'a>(&'a self, service: &'a ServiceId, number: RevisionNumber) -> Answer<'a, Option<Revision>> {
        let work = move |snapshot: &Transaction<'_>| {
            let text = find(snapshot, service, number)?;
            text.map(|text| document::read("a revision", text.as_bytes())).transpose()
        };
        Box::pin(self.0.ledger.find("reading a revision", work))
    }

    fn list<'a>(&'a self, service: &'a ServiceId, page: &'a PageRequest) -> Answer<'a, Page<Revision>> {
        let (service, page) = (service.clone(), page.clone());
        Box::pin(async move { self.0.ledger.read("listing revisions", move |snapshot| list(snapshot, &service, &page)).await })
    }
}

fn list(snapshot: &Transaction<'_>, service: &ServiceId, page: &PageRequest) -> Result<Page<Revision>, Fault> {
    let Some(before) = page.after.as_deref().map_or(Some(i64::MAX), |key| key.parse().ok()) else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let mut statement = snapshot
        .prepare_cached("SELECT number, document FROM revision WHERE service = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3")?;
    let rows =
        statement.query_map(params![service.as_str(), before, page::rows_max(page)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (number, text): (i64, String) = row?;
        Ok((number.to_string(), document::read("a revision", text.as_bytes())?))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}

pub(super) fn find(snapshot: &Transaction<'_>, service: &ServiceId, number: RevisionNumber) -> Result<Option<String>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT document FROM revision WHERE service = ?1 AND number = ?2")?;
    Ok(statement.query_row(params![service.as_str(), number], |row| row.get(0)).optional()?)
}

/// Whether a service under way may come back to a revision that names a resource, by the resource's id. Deletions ask it, which are rare: every service
/// under way is looked at.
pub(super) fn is_returned_to(snapshot: &Transaction<'_>, scope: &Scope, id: &str) -> Result<bool, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT document FROM service WHERE account = ?1 AND region = ?2 AND deleted_at_ms IS NULL
         AND json_type(document, '$.noun.phase.Moving') IS NOT NULL",
    )?;
    let mut rows = statement.query([scope.account.as_str(), scope.region.as_str()])?;
    while let Some(row) = rows.next()? {
        let service: Service = document::read("a service", row.get::<_, String>(0)?.as_bytes())?;
        let Some(number) = service.phase.returns_to() else { continue };
        let Some(text) = find(snapshot, &service.id, number)? else { continue };
        if document::read::<Revision>("a revision", text.as_bytes())?.configuration.names(id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes a revision for good. The same one again is success; another one under its number is a bug of the caller, and nothing is written.
pub(super) fn keep(transaction: &Transaction<'_>, service: &ServiceId, revision: &Revision) -> Result<(), Fault> {
    let text = document::write(revision);
    match find(transaction, service, revision.number)? {
        Some(kept) if kept == text => Ok(()),
        Some(_) => Err(Fault::Damaged(format!(
            "revision {} of the service {service} is written already and never changes",
            revision.number
        ))),
        None => {
            let mut statement =
                transaction.prepare_cached("INSERT INTO revision (service, number, document) VALUES (?1, ?2, ?3)")?;
            statement.execute(params![service.as_str(), revision.number, text])?;
            Ok(())
        }
    }
}
