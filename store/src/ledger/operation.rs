//! Operations of a service: begun and moved on by `Services::commit`, listed newest first.

use rusqlite::{Transaction, params};

use model::operation::Operation;
use model::port::{Answer, Operations};
use model::service::ServiceId;
use model::wish::{Page, PageRequest};

use crate::fault::Fault;
use crate::ledger::page;
use crate::{Store, document};

impl Operations for Store {
    fn list<'a>(&'a self, service: &'a ServiceId, page: &'a PageRequest) -> Answer<'a, Page<Operation>> {
        let (service, page) = (service.clone(), page.clone());
        Box::pin(async move { self.0.ledger.read("listing operations", move |snapshot| list(snapshot, &service, &page)).await })
    }
}

/// Newest first: a service has one operation at a time, so the order of their first commits is the order they began in.
fn list(snapshot: &Transaction<'_>, service: &ServiceId, page: &PageRequest) -> Result<Page<Operation>, Fault> {
    let Some(before) = page.after.as_deref().map_or(Some(i64::MAX), |key| key.parse().ok()) else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let mut statement = snapshot.prepare_cached(
        "SELECT ordinal, document FROM operation WHERE service = ?1 AND ordinal < ?2 ORDER BY ordinal DESC LIMIT ?3",
    )?;
    let rows =
        statement.query_map(params![service.as_str(), before, page::rows_max(page)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (ordinal, text): (i64, String) = row?;
        Ok((ordinal.to_string(), document::read("an operation", text.as_bytes())?))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}

/// Keeps an operation in its newest state.
pub(super) fn keep(transaction: &Transaction<'_>, service: &ServiceId, operation: &Operation) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO operation (id, service, document) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET document = excluded.document WHERE service = excluded.service",
    )?;
    if statement.execute([operation.id.as_str(), service.as_str(), &document::write(operation)])? == 0 {
        return Err(Fault::Damaged(format!("the operation {} belongs to another service", operation.id)));
    }
    Ok(())
}
