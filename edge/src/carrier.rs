//! One carrying core: a thread with a single-threaded runtime, its listening sockets, and what its requests share.
//! Never applies a table and never blocks. Source of truth: `ARCHITECTURE.md`, section 4, "data plane".

use std::io;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout_at};

use crate::board::Board;
use crate::client_network::Visitors;
use crate::complaint::Complaints;
use crate::door;
use crate::drain::{Crowd, Drain, Presence, Stage, WeakPresence};
use crate::header::Scheme;
use crate::limit::{CONNECTIONS_MAX, CONNECTIONS_SHARE, DESCRIPTORS_FOR_CLIENTS, IDLE_TIME, REFUSALS_TOLD};
use crate::request_id::RequestIds;
use crate::tally::Tally;
use crate::turnstile::Turnstile;
use crate::upstream::Kept;

/// What all requests of one core share.
pub struct Core {
    pub index: usize,
    pub board: Arc<Board>,
    pub drain: Drain,
    pub tls: Arc<ServerConfig>,
    /// Where plain HTTP is sent to.
    pub https_port: u16,
    pub kept: Kept,
    pub connections: Arc<Semaphore>,
    pub visitors: Arc<Visitors>,
    pub turnstile: Turnstile,
    /// Connections that were not taken.
    pub refusals: Complaints,
    pub request_ids: RequestIds,
    dice: AtomicU32,
    presence: Mutex<Option<Presence>>,
    present: WeakPresence,
}

impl Core {
    /// A number for the slots: any will do, if it is another one each time.
    pub fn dice(&self) -> u32 {
        self.dice.fetch_add(0x9e37_79b9, Ordering::Relaxed)
    }

    /// What this core counts.
    pub fn tally(&self) -> &Tally {
        self.board.tallies.of(self.index)
    }

    /// For what is begun by a request, also while the core ends: a connection that becomes a tunnel then is over, and the tunnel is not.
    pub fn presence_of_its_own(&self) -> Option<Presence> {
        self.present.upgrade()
    }

    /// For what must have ended before this core does; once it ends nobody gets another one.
    pub fn presence(&self) -> Option<Presence> {
        self.presence.lock().expect("nothing under this lock can panic").clone()
    }

    fn close_the_door(&self) {
        self.presence.lock().expect("nothing under this lock can panic").take();
    }
}

/// What a core is made of.
pub struct Parts {
    pub index: usize,
    pub board: Arc<Board>,
    pub drain: Drain,
    pub tls: Arc<ServerConfig>,
    pub https_port: u16,
    /// Connections at a time.
    pub connections_max: usize,
}

/// How many connections each of so many cores may have, where the process may have so many descriptors (`None`: as many as it likes).
pub fn connections_max(descriptors: Option<u64>, cores: usize) -> usize {
    let (clients, of) = DESCRIPTORS_FOR_CLIENTS;
    let all = descriptors.map_or(usize::MAX, |all| usize::try_from(all).unwrap_or(usize::MAX));
    (all / of * clients / cores).clamp(1, CONNECTIONS_MAX)
}

impl Core {
    /// A core, and the crowd to wait for at its end.
    pub fn new(parts: Parts) -> (Arc<Self>, Crowd) {
        let Parts { index, board, drain, tls, https_port, connections_max } = parts;
        let (presence, crowd) = Crowd::new();
        let core = Self {
            index,
            board,
            drain,
            request_ids: RequestIds::new(Arc::clone(tls.crypto_provider())),
            tls,
            https_port,
            kept: Kept::default(),
            connections: Arc::new(Semaphore::new(connections_max)),
            visitors: Visitors::new(connections_max.div_ceil(CONNECTIONS_SHARE)),
            turnstile: Turnstile::new(),
            refusals: Complaints::every(REFUSALS_TOLD),
            dice: AtomicU32::new(u32::try_from(index).unwrap_or(0).wrapping_mul(0x85eb_ca6b)),
            present: presence.downgrade(),
            presence: Mutex::new(Some(presence)),
        };
        (Arc::new(core), crowd)
    }
}

/// Starts a core. The thread ends after a drain.
pub fn start(parts: Parts, listeners: Vec<(Scheme, TcpListener)>) -> io::Result<thread::JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (core, crowd) = Core::new(parts);
    thread::Builder::new().name(format!("edge-{}", core.index)).spawn(move || {
        // Dropping the runtime ends whatever the deadline has overtaken.
        runtime.block_on(carry(core, listeners, crowd));
    })
}

/// Carries until the end is over.
pub async fn carry(core: Arc<Core>, listeners: Vec<(Scheme, TcpListener)>, crowd: Crowd) {
    for (scheme, listener) in listeners {
        let core = Arc::clone(&core);
        tokio::spawn(async move {
            if let Err(error) = door::accept(core, scheme, listener).await {
                tracing::error!(cause = %error, "a listening socket cannot be used");
            }
        });
    }
    let reaper = tokio::spawn(reap(Arc::clone(&core)));
    let turning = Arc::clone(&core);
    // Ends with the runtime: connections of the last moment shake hands too.
    tokio::spawn(async move { turning.turnstile.turn_by_turn().await });
    core.drain.reached(Stage::Closing).await;
    core.close_the_door();
    if timeout_at(core.drain.until(), crowd.gone()).await.is_err() {
        tracing::warn!(core = core.index, "the drain's time is over: connections are cut");
    }
    reaper.abort();
}

async fn reap(core: Arc<Core>) {
    const TURNS_PER_IDLE_TIME: u32 = 4;
    let turn: Duration = IDLE_TIME / TURNS_PER_IDLE_TIME;
    loop {
        sleep(turn).await;
        core.kept.reap(core.index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_a_third_of_the_descriptors_to_what_they_ask_for() {
        assert_eq!(connections_max(None, 2), CONNECTIONS_MAX);
        assert_eq!(connections_max(Some(1 << 20), 2), CONNECTIONS_MAX);
        assert_eq!(connections_max(Some(3_000), 2), 1_000);
        assert_eq!(connections_max(Some(0), 2), 1);
    }
}
