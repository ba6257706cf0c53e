//! How the front door ends: no new connections, then no silent ones, then none.
//! Never decides when. Source of truth: RFC 9112 section 9.6, RFC 9113 section 6.8. hyper's graceful shutdown closes an idle HTTP/1
//! connection at once and races with a request on the wire, so an HTTP/1 connection learns of the end by `Connection: close` on its
//! next answer; HTTP/2 has GOAWAY for it.

use std::convert::Infallible;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// How far the end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Not begun.
    Open,
    /// Nothing is accepted; what is said on open connections is answered, and they are told to close.
    Closing,
    /// Connections that carry nothing are closed too.
    Silent,
}

/// The end, as far as it is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub stage: Stage,
    /// What is still carried then is cut.
    pub until: Instant,
}

/// Everybody's view of the end.
#[derive(Clone, Debug)]
pub struct Drain(watch::Receiver<Progress>);

impl Drain {
    /// A sender for whoever decides, and the view.
    pub fn new() -> (watch::Sender<Progress>, Self) {
        let (sender, receiver) = watch::channel(Progress { stage: Stage::Open, until: Instant::now() });
        (sender, Self(receiver))
    }

    /// True once an end has begun.
    pub fn begun(&self) -> bool {
        self.0.borrow().stage >= Stage::Closing
    }

    /// When the end must be over; of use once it has begun.
    pub fn until(&self) -> Instant {
        self.0.borrow().until
    }

    /// Waits for a stage. Whoever decides is gone: that is an end too.
    pub async fn reached(&self, stage: Stage) {
        let _ = self.0.clone().wait_for(|now| now.stage >= stage).await;
    }
}

/// Held by everything that must have ended before its core may: connections, tunnels, and whoever accepts.
#[derive(Clone, Debug)]
pub struct Presence {
    /// Held for its drop.
    held: mpsc::Sender<Infallible>,
}

impl Presence {
    /// Keeps nobody waiting, and makes another presence as long as there is one.
    pub fn downgrade(&self) -> WeakPresence {
        WeakPresence(self.held.downgrade())
    }
}

/// See [`Presence::downgrade`].
#[derive(Clone, Debug)]
pub struct WeakPresence(mpsc::WeakSender<Infallible>);

impl WeakPresence {
    /// Of use to whoever is called by something that is present itself.
    pub fn upgrade(&self) -> Option<Presence> {
        self.0.upgrade().map(|held| Presence { held })
    }
}

/// Waits until every [`Presence`] is gone.
#[derive(Debug)]
pub struct Crowd(mpsc::Receiver<Infallible>);

impl Crowd {
    /// The first presence, to be cloned.
    pub fn new() -> (Presence, Self) {
        let (held, waits) = mpsc::channel(1);
        (Presence { held }, Self(waits))
    }

    /// Returns when all are gone.
    pub async fn gone(mut self) {
        let nobody = self.0.recv().await;
        debug_assert!(nobody.is_none());
    }
}
