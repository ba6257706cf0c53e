//! The front door's half of the board: what is in force now, read by all carrying cores.
//! Never reads from the socket: the conversation does. Source of truth: `model::port::Board`.

use std::sync::Arc;

use tokio::sync::watch;

use crate::access_log::Journals;
use crate::certificate::Certificates;
use crate::document::Table;
use crate::gauge::Rings;
use crate::routing::Routes;
use crate::tally::Tallies;

/// The tables in force.
pub struct Board {
    pub routes: Routes,
    pub certificates: Arc<Certificates>,
    pub rings: Arc<Rings>,
    /// What is noted of requests.
    pub journals: Journals,
    /// What the cores count.
    pub tallies: Tallies,
    /// Which kinds of table have come at all.
    came: watch::Sender<[bool; 2]>,
}

impl Board {
    /// Nothing in force: no host, no certificate.
    pub fn new(cores: usize) -> Self {
        let rings = Arc::new(Rings::default());
        Self {
            routes: Routes::new(cores, Arc::clone(&rings)),
            certificates: Arc::default(),
            rings,
            journals: Journals::new(cores),
            tallies: Tallies::new(cores),
            came: watch::Sender::new([false; 2]),
        }
    }

    /// A table of this kind is in force.
    pub fn came(&self, table: Table) {
        self.came.send_modify(|came| match table {
            Table::Routes => came[0] = true,
            Table::Certificates => came[1] = true,
        });
    }

    /// Waits for the first table of each kind. Until then nothing is accepted: a client waits a moment in the backlog, where it would
    /// else be told that its host does not exist.
    pub async fn complete(&self) {
        let _ = self.came.subscribe().wait_for(|came| *came == [true; 2]).await;
    }
}
