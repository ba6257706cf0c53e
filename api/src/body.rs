//! Request bodies, read whole: each within its operation's limit and its time, and all of them together within a room of their own.
//! Never looks into one, and keeps nobody waiting for room: who finds none is told to come back. Source of truth: `limit.rs`.

use crate::{fault::Common, limit};
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The memory that the bodies of all calls may take together, beside the first [`limit::BODY_FREE_BYTES`] of each.
pub struct BodyRoom(Semaphore);

/// A body, and the room that it takes until it is dropped.
pub struct HeldBody<'a> {
    /// The whole of it.
    pub bytes: Bytes,
    _room: Option<SemaphorePermit<'a>>,
}

impl BodyRoom {
    /// An empty room of so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Semaphore::new(bytes))
    }

    /// How many bytes of it are free.
    pub fn free(&self) -> usize {
        self.0.available_permits()
    }

    /// The body, at most so long and within so much time. One that finds no room is read to its end all the same, and dropped piece by piece: a
    /// client that is still sending would not hear the answer.
    pub async fn read(&self, headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<HeldBody<'_>, Common> {
        self.in_time(headers, body, bytes_max, true).await
    }

    /// Reads a body within the same bounds and keeps nothing of it: what it answers is empty, and takes no room.
    pub async fn pass_over(&self, headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<HeldBody<'_>, Common> {
        self.in_time(headers, body, bytes_max, false).await
    }

    async fn in_time(&self, headers: &HeaderMap, body: Body, bytes_max: usize, kept: bool) -> Result<HeldBody<'_>, Common> {
        let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: u64| length > bytes_max as u64) {
            return Err(Common::TooLarge(bytes_max));
        }
        match tokio::time::timeout(limit::REQUEST_BODY_WAIT, self.gather(body, bytes_max, kept)).await {
            Ok(gathered) => gathered,
            Err(_) => Err(Common::TooSlow),
        }
    }

    async fn gather(&self, mut body: Body, bytes_max: usize, kept: bool) -> Result<HeldBody<'_>, Common> {
        let mut gathered = Gathered { room: self, bytes: BytesMut::new(), taken: None, crowded: false };
        let mut length = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Common::Serialization("The request body broke off.".to_owned()))?;
            let Ok(piece) = frame.into_data() else { continue };
            length += piece.len();
            if length > bytes_max {
                return Err(Common::TooLarge(bytes_max));
            }
            if kept {
                gathered.add(&piece);
            }
        }
        let Gathered { bytes, taken, crowded, .. } = gathered;
        if crowded {
            return Err(Common::throttled());
        }
        Ok(HeldBody { bytes: bytes.freeze(), _room: taken })
    }
}

/// What has come of one body.
struct Gathered<'a> {
    room: &'a BodyRoom,
    bytes: BytesMut,
    taken: Option<SemaphorePermit<'a>>,
    crowded: bool,
}

impl Gathered<'_> {
    /// Room is taken for what has come, not for what was announced: a promise costs nothing.
    fn add(&mut self, piece: &[u8]) {
        if self.crowded {
            return;
        }
        let wanted = (self.bytes.len() + piece.len()).saturating_sub(limit::BODY_FREE_BYTES);
        let more = wanted.saturating_sub(self.taken.as_ref().map_or(0, SemaphorePermit::num_permits));
        match u32::try_from(more).ok().and_then(|more| self.room.0.try_acquire_many(more).ok()) {
            Some(more) => match &mut self.taken {
                Some(taken) => taken.merge(more),
                None => self.taken = Some(more),
            },
            None => {
                self.crowded = true;
                (self.bytes, self.taken) = (BytesMut::new(), None);
                return;
            }
        }
        self.bytes.extend_from_slice(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(room: &BodyRoom, bytes: usize) -> Result<HeldBody<'_>, Common> {
        room.read(&HeaderMap::new(), Body::from(vec![b'x'; bytes]), limit::LOG_BATCH_BODY_BYTES).await
    }

    #[tokio::test]
    async fn bodies_take_room_until_they_are_dropped_and_small_ones_take_none() {
        let room = BodyRoom::new(limit::BODIES_BYTES);
        let mut held = Vec::new();
        let first = loop {
            match read(&room, limit::LOG_BATCH_BODY_BYTES).await {
                Ok(body) => held.push(body),
                Err(refused) => break refused,
            }
        };
        assert_eq!(first, Common::throttled());
        assert_eq!(held.len(), limit::BODIES_BYTES / (limit::LOG_BATCH_BODY_BYTES - limit::BODY_FREE_BYTES));
        let left = room.0.available_permits();
        assert_eq!(
            read(&room, limit::BODY_FREE_BYTES).await.expect("a small one is always read").bytes.len(),
            limit::BODY_FREE_BYTES
        );
        assert_eq!(room.0.available_permits(), left, "who was refused has left nothing behind, and a small one took nothing");
        held.pop();
        assert!(read(&room, limit::LOG_BATCH_BODY_BYTES).await.is_ok());
        let before = room.0.available_permits();
        let body = Body::from(vec![b'x'; limit::LOG_BATCH_BODY_BYTES]);
        let passed = room.pass_over(&HeaderMap::new(), body, limit::LOG_BATCH_BODY_BYTES).await.expect("it needs no room");
        assert_eq!((passed.bytes.len(), room.0.available_permits()), (0, before));
        drop(held);
        assert_eq!(room.0.available_permits(), limit::BODIES_BYTES);
    }
}
