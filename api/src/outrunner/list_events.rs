//! ListEvents: what happened to a service, after a cursor.
//! Source of truth: `outrunner/shape.rs`.

use super::{cursor, position, shape};
use crate::{apprunner::service_arn, call::Call, fault::Wrong, limit};
use model::{event::PlacedEvent, wish::LogPosition};

/// Answers ListEvents.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListEventsResponse, Wrong> {
    let shape::ListEventsRequest { service_arn, cursor: token, max_results } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    let resource = arn.to_string();
    call.authorize(&resource).await?;
    let list = call.journal(&resource);
    let after = token.map(|token| position(&list, &token)).transpose()?.unwrap_or(LogPosition(0));
    let most = max_results.map_or(limit::EVENTS, i64::from);
    let most = u32::try_from(most).expect("the rule's range is positive");
    let events = call.ports.desk.events(call.caller, &arn, after, most).await??;
    let last = events.last().map_or(after, |placed| placed.position);
    Ok(shape::ListEventsResponse { events: events.into_iter().map(render).collect(), cursor: cursor(&list, last) })
}

fn render(placed: PlacedEvent) -> shape::Event {
    let PlacedEvent { position: _, event } = placed;
    shape::Event { timestamp: event.at.seconds(), message: event.message }
}
