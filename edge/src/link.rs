//! What the platform's tasks and the keeper of the front door share: what is to be said, and what is known.
//! Never talks to the socket itself. Source of truth: `model::port::{Board, Gauge}`.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use model::demand::Demand;
use tokio::sync::{Notify, oneshot, watch};

use crate::document::Table;

/// A table as it is sent.
#[derive(Clone)]
pub struct Sheet {
    pub generation: u64,
    pub bytes: Bytes,
}

/// How the platform lets go of the front door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It finishes what it carries, for this long at most.
    Drain(Duration),
    /// It goes on without us.
    Leave,
}

/// What is to be said. Whole snapshots and questions without content, so nothing here grows with time: the newest table of each
/// kind, and one waiter for each task that asks at this moment.
#[derive(Default)]
pub struct Outbox {
    pub routes: Option<Sheet>,
    pub certificates: Option<Sheet>,
    pub asks: Vec<oneshot::Sender<Demand>>,
    pub ending: Option<Ending>,
    /// Whether anybody is there to hear it.
    pub linked: bool,
}

/// What the front door said about the tables that *we* published.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    pub routes: Answered,
    pub certificates: Answered,
    /// The front door's process, while there is one.
    pub pid: Option<u32>,
    /// The keeper has let go.
    pub ended: bool,
}

/// How far one kind of table is.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// In force at the living front door; 0 is nothing of ours.
    pub generation: u64,
    /// The table of this generation was refused, in these words.
    pub refused: Option<(u64, String)>,
}

impl Standing {
    /// One kind's part.
    pub fn of(&self, table: Table) -> &Answered {
        match table {
            Table::Routes => &self.routes,
            Table::Certificates => &self.certificates,
        }
    }

    /// One kind's part, to be changed.
    pub fn of_mut(&mut self, table: Table) -> &mut Answered {
        match table {
            Table::Routes => &mut self.routes,
            Table::Certificates => &mut self.certificates,
        }
    }
}

/// The two directions.
pub struct Link {
    outbox: Mutex<Outbox>,
    pub changed: Notify,
    pub standing: watch::Sender<Standing>,
}

impl Link {
    /// Nothing said, nothing known.
    pub fn new() -> Self {
        Self { outbox: Mutex::default(), changed: Notify::new(), standing: watch::channel(Standing::default()).0 }
    }

    /// What is to be said.
    pub fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().expect("nothing under this lock can panic")
    }

    /// Asks the front door to end or to go on alone. The first word holds.
    pub fn end(&self, ending: Ending) {
        self.outbox().ending.get_or_insert(ending);
        self.changed.notify_one();
    }

    /// Nobody is there: whoever asked is told that nothing is in flight, by the end of its channel.
    pub fn unlinked(&self) {
        let mut outbox = self.outbox();
        outbox.linked = false;
        outbox.asks.clear();
        drop(outbox);
        self.standing.send_modify(|standing| {
            *standing = Standing { ended: standing.ended, ..Standing::default() };
        });
    }
}
