//! Signals that end the platform.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::{Failure, while_doing};

/// SIGINT and SIGTERM, listened to from before anything is made: a start that is interrupted is undone like one that failed.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub fn listen() -> Result<Self, Failure> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(while_doing("listening to SIGINT"))?,
            terminate: signal(SignalKind::terminate()).map_err(while_doing("listening to SIGTERM"))?,
        })
    }

    /// Resolves at the first of them. Further ones are ignored: the end is bounded in time, and `kill -9` is always safe.
    pub async fn requested(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}
