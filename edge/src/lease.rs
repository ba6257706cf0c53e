//! What an exchange in progress holds and must give back exactly once: the slot, the connection, its place in the count.
//! Never looks at what is exchanged. Source of truth: `slot.rs` and `upstream.rs`: a slot
//! given back early breaks the limit, a connection given back early mixes two answers.

use std::sync::Arc;

use crate::access_log::Note;
use crate::body::{Upload, UploadState};
use crate::carrier::Core;
use crate::routing::{Counted, Upstream};
use crate::slot::Slot;
use crate::upstream::{Connection, Pool};

/// A connection in use. Dropped, the connection closes; [`Lease::done`] keeps it for the next request.
pub struct Lease {
    pub core: Arc<Core>,
    pub pool: Arc<Pool>,
    pub connection: Connection,
    pub upload: Arc<UploadState>,
}

impl Lease {
    /// The answer has passed. The connection is free only if the request has passed too.
    fn done(self) {
        if self.upload.now() == Upload::Whole {
            self.core.kept.give_back(&self.pool, self.core.index, self.connection);
        }
    }
}

/// The right to carry one request of a service; doors need none. Held for what its dropping does.
pub struct Ticket {
    _slot: Slot<Upstream>,
    counted: Counted,
}

impl Ticket {
    /// Both are given back together, the slot first.
    pub fn new(slot: Slot<Upstream>, counted: Counted) -> Self {
        Self { _slot: slot, counted }
    }

    /// What is noted of the request, if anything is.
    pub fn note(&mut self) -> Option<&mut Note> {
        self.counted.note.as_deref_mut()
    }
}

/// All that an answer's body holds.
pub struct Burden {
    pub lease: Option<Lease>,
    pub ticket: Option<Ticket>,
}

impl Burden {
    /// A piece of the answer has passed.
    pub fn passed(&mut self, bytes: usize) {
        if let Some(note) = self.ticket.as_mut().and_then(Ticket::note) {
            note.response_bytes += bytes as u64;
        }
    }

    /// The exchange is over, as it should be.
    pub fn done(self) {
        let Self { lease, ticket } = self;
        if let Some(lease) = lease {
            lease.done();
        }
        drop(ticket);
    }
}
