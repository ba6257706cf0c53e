//! What the platform's tasks and the keeper of the front door share: what is to be said, and what is known.
//! Never talks to the socket itself. Source of truth: `model::port::{Board, Gauge}`.

use std::sync::atomic::AtomicU32;
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use model::access_log::AccessBatch;
use model::demand::Demand;
use model::log_line::LogCursor;
use tokio::sync::{Notify, oneshot, watch};

use crate::document::Table;
use crate::limit::TABLES_LOOK;
use crate::tally::Figures;

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

/// Who may be carrying requests for us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carrying {
    /// A front door's process lives, whether or not it talks to us at this moment.
    #[default]
    Living,
    /// Its process has ended, and the next one has not been greeted.
    Nobody,
    /// We have let go of it: it lives, and we know no more.
    LetGo,
}

/// What is to be said. Whole snapshots and questions without content, so nothing here grows with time: the newest table of each
/// kind, and one waiter for each task that asks at this moment.
#[derive(Default)]
pub struct Outbox {
    pub routes: Option<Sheet>,
    pub certificates: Option<Sheet>,
    pub asks: Vec<oneshot::Sender<Demand>>,
    /// Who asks for notes of requests, and what he has: one, the last who came.
    pub access: Option<(LogCursor, oneshot::Sender<AccessBatch>)>,
    pub figures: Vec<oneshot::Sender<Figures>>,
    pub ending: Option<Ending>,
    pub carrying: Carrying,
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
    /// Front doors that were replaced and have not ended: they may carry requests that ours does not count.
    pub others: AtomicU32,
}

impl Link {
    /// Nothing said, nothing known.
    pub fn new() -> Self {
        Self {
            outbox: Mutex::default(),
            changed: Notify::new(),
            standing: watch::channel(Standing::default()).0,
            others: AtomicU32::new(0),
        }
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

    /// Blocks until the front door carries by tables of ours (true) or has been let go before it did.
    pub fn wait_for_tables(&self) -> bool {
        let carries = |standing: &Standing| standing.routes.generation > 0 && standing.certificates.generation > 0;
        loop {
            let standing = self.standing.borrow();
            if carries(&standing) {
                return true;
            }
            if standing.ended {
                return false;
            }
            drop(standing);
            thread::sleep(TABLES_LOOK);
        }
    }

    /// Whoever asks waits for a front door's own answer.
    pub fn greeted(&self, pid: u32) {
        self.outbox().carrying = Carrying::Living;
        self.standing.send_modify(|standing| standing.pid = Some(pid));
    }

    /// No conversation any more: what was said about tables is void, and the process may live all the same.
    pub fn unlinked(&self) {
        self.standing.send_modify(|standing| {
            *standing = Standing { ended: standing.ended, ..Standing::default() };
        });
    }

    /// The process has ended, so nothing is in flight: whoever asked is told so.
    pub fn gone(&self) {
        let mut outbox = self.outbox();
        outbox.carrying = Carrying::Nobody;
        outbox.access = None;
        outbox.figures.clear();
        let demand = outbox.nothing_in_flight();
        for ask in outbox.asks.drain(..) {
            // Whoever asked may have gone.
            let _ = ask.send(demand.clone());
        }
    }

    /// We have let go: whoever asked learns by the end of its channel that there is no answer.
    pub fn left(&self) {
        let mut outbox = self.outbox();
        if outbox.carrying == Carrying::Living {
            outbox.carrying = Carrying::LetGo;
        }
        outbox.asks.clear();
        outbox.access = None;
        outbox.figures.clear();
        drop(outbox);
        self.unlinked();
    }
}

impl Outbox {
    /// What is carried while no front door lives.
    pub fn nothing_in_flight(&self) -> Demand {
        Demand { generation: self.routes.as_ref().map_or(0, |sheet| sheet.generation), ..Demand::default() }
    }
}
