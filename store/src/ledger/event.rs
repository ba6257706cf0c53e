//! Events of a service: written by `Services::commit`, read in the order they happened; only the newest are kept. Positions grow over all services.

use rusqlite::{Transaction, params};

use model::event::{Event, PlacedEvent};
use model::port::{Answer, Events};
use model::service::ServiceId;
use model::time::Timestamp;
use model::wish::LogPosition;

use crate::Store;
use crate::fault::Fault;
use crate::limit::EVENTS_KEPT;

impl Events for Store {
    fn list<'a>(&'a self, service: &'a ServiceId, after: LogPosition, events_max: u32) -> Answer<'a, Vec<PlacedEvent>> {
        let service = service.clone();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement = snapshot.prepare_cached(
                    "SELECT position, at_ms, message FROM event WHERE service = ?1 AND position > ?2 ORDER BY position LIMIT ?3",
                )?;
                let after = i64::try_from(after.0).unwrap_or(i64::MAX);
                let rows = statement.query_map(params![service.as_str(), after, events_max], |row| {
                    let event = Event { at: Timestamp::from_millis(row.get(1)?), message: row.get(2)? };
                    Ok(PlacedEvent { position: LogPosition(row.get(0)?), event })
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            };
            self.0.ledger.read("listing events", work).await
        })
    }
}

/// Takes away all but the newest events of a service.
pub(super) fn forget_oldest(transaction: &Transaction<'_>, service: &ServiceId) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "DELETE FROM event WHERE service = ?1 AND position <=
             (SELECT position FROM event WHERE service = ?1 ORDER BY position DESC LIMIT 1 OFFSET ?2)",
    )?;
    statement.execute(params![service.as_str(), EVENTS_KEPT])?;
    Ok(())
}

pub(super) fn keep(transaction: &Transaction<'_>, service: &ServiceId, event: &Event) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached("INSERT INTO event (service, at_ms, message) VALUES (?1, ?2, ?3)")?;
    statement.execute(params![service.as_str(), event.at.millis(), event.message])?;
    Ok(())
}
