//! Events of a service: written by `Services::commit`, read in the order they happened; only the newest are kept. Positions grow over all services.

use rusqlite::{Transaction, params};

use model::event::{Event, PlacedEvent};
use model::operation::OperationId;
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
            let work = move |snapshot: &Transaction<'_>| read(snapshot, "AND deployment IS NULL", &service, after, events_max);
            self.0.ledger.read("listing events", work).await
        })
    }

    fn all<'a>(&'a self, service: &'a ServiceId, after: LogPosition, events_max: u32) -> Answer<'a, Vec<PlacedEvent>> {
        let service = service.clone();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| read(snapshot, "", &service, after, events_max);
            self.0.ledger.read("reading events", work).await
        })
    }
}

fn read(
    snapshot: &Transaction<'_>,
    condition: &str,
    service: &ServiceId,
    after: LogPosition,
    events_max: u32,
) -> Result<Vec<PlacedEvent>, Fault> {
    let mut statement = snapshot.prepare_cached(&format!(
        "SELECT position, at_ms, message, deployment FROM event
         WHERE service = ?1 AND position > ?2 {condition} ORDER BY position LIMIT ?3"
    ))?;
    let after = i64::try_from(after.0).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![service.as_str(), after, events_max], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Option<String>>(3)?))
    })?;
    rows.map(|row| {
        let (position, at_ms, message, deployment) = row?;
        let damaged = |_| Fault::Damaged("a row of the table event is damaged".to_owned());
        let deployment = deployment.map(|id| OperationId::parse(&id)).transpose().map_err(damaged)?;
        let event = Event { at: Timestamp::from_millis(at_ms), message, deployment };
        Ok(PlacedEvent { position: LogPosition(position), event })
    })
    .collect()
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
    let mut statement =
        transaction.prepare_cached("INSERT INTO event (service, at_ms, message, deployment) VALUES (?1, ?2, ?3, ?4)")?;
    let deployment = event.deployment.as_ref().map(OperationId::as_str);
    statement.execute(params![service.as_str(), event.at.millis(), event.message, deployment])?;
    Ok(())
}
