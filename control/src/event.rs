//! Copies a service's events into its log group, where they stay when the service is forgotten, each once.
//!
//! The ledger has the truth (`docs/decisions/0001`); the copy follows it within moments. The store keeps the cursor together with the lines, so a crash
//! loses and doubles nothing.

use model::log_line::{LogCursor, LogLine, LogSource, LogStream};
use model::port::Ring;
use model::service::Service;
use model::trouble::Trouble;
use model::wish::LogPosition;

use crate::limit::EVENTS_COPIED;
use crate::ports::Ports;

/// Copies what was not copied yet.
pub(crate) async fn copy(ports: &Ports, service: &Service) -> Result<(), Trouble> {
    let source = LogSource::Events(service.id.clone());
    loop {
        let read = ports.lines.copied(&source).await?;
        let events = ports.events.all(&service.id, LogPosition(read.offset), EVENTS_COPIED).await?;
        let Some(last) = events.last().map(|placed| placed.position) else { return Ok(()) };
        let mut parts: Vec<(LogStream, Vec<LogLine>)> = Vec::new();
        for placed in events {
            let stream = LogStream::of_events(service, placed.event.deployment.as_ref());
            let line = LogLine { at: placed.event.at, bytes: placed.event.message.into() };
            match parts.iter_mut().find(|(known, _)| *known == stream) {
                Some((_, lines)) => lines.push(line),
                None => parts.push((stream, vec![line])),
            }
        }
        ports.lines.copy(&parts, &source, read, LogCursor { offset: last.0, ..read }).await?;
        ports.bell.ring(&Ring::Logs(service.id.clone()));
    }
}

/// The last words of services that were deleted just before this platform, or an earlier one, ended.
pub async fn copy_of_the_gone(ports: &Ports) -> Result<(), Trouble> {
    for service in ports.services.gone().await? {
        // Each by itself: one service's trouble keeps no other's words back.
        if let Err(trouble) = copy(ports, &service).await {
            tracing::warn!(service = %service.id, cause = %trouble.chain(), "the last events of a deleted service could not be copied");
        }
    }
    Ok(())
}
