//! Who did what: rows that are only ever added, in the transaction of the change they tell of. The oldest go when there are too many.

use rusqlite::{Transaction, params};

use model::audit::{AuditEntry, AuditFound, AuditQuery, AuditRow, AuditedEvent};
use model::operation::OperationId;
use model::port::{Answer, Audit};
use model::wish::LogPosition;

use crate::database::Ending;
use crate::fault::Fault;
use crate::limit::{AUDIT_CLOCK_SLACK, AUDIT_COMPARED, AUDIT_LOOKED_UP, AUDIT_ROWS};
use crate::{Store, audit_chain, document};

impl Audit for Store {
    fn append<'a>(&'a self, row: &'a AuditRow) -> Answer<'a, ()> {
        let row = row.clone();
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| Ok(Ending::Commit(keep(transaction, &row)?));
            self.0.ledger.write("adding an audit row", work).await
        })
    }

    fn record<'a>(&'a self, entry: &'a AuditEntry) -> Answer<'a, ()> {
        let text = document::write(entry);
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| Ok(Ending::Commit(audit_chain::append(transaction, &text)?));
            self.0.ledger.write("adding an audit row", work).await
        })
    }

    fn look_up<'a>(&'a self, query: &'a AuditQuery) -> Answer<'a, AuditFound> {
        let query = query.clone();
        Box::pin(async move {
            self.0.ledger.read("looking up audit rows", move |snapshot| look_up(snapshot, &query, AUDIT_LOOKED_UP)).await
        })
    }

    fn list(&self, after: LogPosition, rows_max: u32) -> Answer<'_, Vec<(LogPosition, AuditRow)>> {
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement = snapshot
                    .prepare_cached("SELECT position, document FROM audit WHERE position > ?1 ORDER BY position LIMIT ?2")?;
                let after = i64::try_from(after.0).unwrap_or(i64::MAX);
                let rows = statement.query_map(params![after, rows_max], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.map(|row| {
                    let (position, text): (u64, String) = row?;
                    Ok((LogPosition(position), document::read("an audit row", text.as_bytes())?))
                })
                .collect()
            };
            self.0.ledger.read("listing audit rows", work).await
        })
    }
}

/// Newest first, from a bounded number of rows.
fn look_up(snapshot: &Transaction<'_>, query: &AuditQuery, rows_max: u32) -> Result<AuditFound, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT position, document, hash FROM audit
         WHERE json_extract(document, '$.noun.caller.scope.account') = ?1
           AND json_extract(document, '$.noun.caller.scope.region') = ?2 AND position < ?3
         ORDER BY position DESC LIMIT ?4",
    )?;
    let before = query.before.map_or(i64::MAX, |position| i64::try_from(position.0).unwrap_or(i64::MAX));
    let key = params![query.scope.account.as_str(), query.scope.region.as_str(), before, rows_max];
    let mut rows = statement.query(key)?;
    let (mut events, mut looked_at) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let (position, text, hash): (u64, String, [u8; 32]) = (row.get(0)?, row.get(1)?, row.get(2)?);
        looked_at += 1;
        let event = AuditedEvent {
            position: LogPosition(position),
            id: event_id(&hash),
            entry: document::read("an audit row", text.as_bytes())?,
        };
        // Positions go up with the clock, unless it was set back.
        if event.entry.row.at.plus(AUDIT_CLOCK_SLACK) < query.from {
            return Ok(AuditFound { events, next: None });
        }
        if query.asks_for(&event) {
            events.push(event);
        }
        // The page is full, or so much was looked at: the next call goes on behind this row.
        if events.len() >= query.events_max as usize || looked_at >= rows_max {
            return Ok(AuditFound {
                events,
                next: rows
                    .next()?
                    .map(|_| LogPosition(position))
                    .or_else(|| (looked_at >= rows_max).then_some(LogPosition(position))),
            });
        }
    }
    Ok(AuditFound { events, next: None })
}

/// A row's UUID is made of its hash: nothing else has to be kept for it, and no other row has it.
fn event_id(hash: &[u8; 32]) -> String {
    OperationId::from_random(hash[..16].try_into().expect("sixteen of 32 bytes")).to_string()
}

/// Adds a row to the transaction of the change it tells of.
pub(crate) fn keep(transaction: &Transaction<'_>, row: &AuditRow) -> Result<(), Fault> {
    audit_chain::append(transaction, &document::write(row))
}

/// Adds rows that were kept elsewhere with their change. One that came already is known again by its request: it is not added twice.
pub(crate) fn keep_once(transaction: &Transaction<'_>, documents: &[String]) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "SELECT EXISTS
             (SELECT 1 FROM audit WHERE position > (SELECT coalesce(max(position), 0) FROM audit) - ?2 AND document = ?1)",
    )?;
    for document in documents {
        if !statement.query_row(params![document, AUDIT_COMPARED], |row| row.get::<_, bool>(0))? {
            audit_chain::append(transaction, document)?;
        }
    }
    Ok(())
}

/// Takes away all but the newest rows. Positions have next to no gaps, so they count the rows.
pub(crate) fn forget_oldest(transaction: &Transaction<'_>) -> Result<(), Fault> {
    let newest: Option<u64> = transaction.query_row("SELECT max(position) FROM audit", [], |row| row.get(0))?;
    match newest.and_then(|newest| newest.checked_sub(u64::from(AUDIT_ROWS))) {
        Some(up_to) => audit_chain::forget(transaction, up_to),
        None => Ok(()),
    }
}
