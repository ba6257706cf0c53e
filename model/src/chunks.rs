//! Bodies that stream across a port.

use bytes::Bytes;

use crate::port::Answer;

/// A body, piece by piece. Pieces are not empty; after `None` the body is over and whole.
pub trait Chunks: Send {
    /// The next piece, or `None` at the end. An error ends the body: what came before is not whole.
    fn next(&mut self) -> Answer<'_, Option<Bytes>>;
}

/// A body in flight.
pub type Body = Box<dyn Chunks>;
