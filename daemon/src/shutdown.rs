//! Signals that end the platform.

use tokio::signal::unix::{SignalKind, signal};

use crate::failure::{Failure, while_doing};

/// Resolves at the first SIGINT or SIGTERM. Further ones are ignored: the end is bounded in time, and `kill -9` is always safe.
pub async fn requested() -> Result<&'static str, Failure> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(while_doing("listening to SIGINT"))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(while_doing("listening to SIGTERM"))?;
    Ok(tokio::select! {
        _ = interrupt.recv() => "SIGINT",
        _ = terminate.recv() => "SIGTERM",
    })
}
