//! Request bodies, read whole: each within its operation's limit and its time, and all of them together within a room of their own.
//! Never looks into one, and keeps nobody waiting for room: who finds none is told to come back. Source of truth: `limit.rs`.

use crate::{fault::Common, limit};
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

/// The memory that the bodies of all calls may take together, beside the first [`limit::BODY_FREE_BYTES`] of each, and the line of those that are dropped.
pub struct BodyRoom {
    room: Semaphore,
    dropped: Pace,
}

/// A body, and the room that it takes until it is dropped.
pub struct HeldBody<'a> {
    /// The whole of it.
    pub bytes: Bytes,
    _room: Option<SemaphorePermit<'a>>,
}

impl BodyRoom {
    /// An empty room of so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self { room: Semaphore::new(bytes), dropped: Pace::new() }
    }

    /// How many bytes of it are free.
    pub fn free(&self) -> usize {
        self.room.available_permits()
    }

    /// How many bytes stand in line to be read and dropped; at most [`limit::DROPPED_BYTES_IN_LINE`].
    pub fn dropped(&self) -> usize {
        limit::DROPPED_BYTES_IN_LINE - self.dropped.line.available_permits()
    }

    /// The body, at most so long and within so much time. One that finds no room is read to its end all the same, when its turn has come, and dropped
    /// piece by piece: a client that is still sending would not hear the answer.
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
        let announced = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(bytes_max);
        match tokio::time::timeout(limit::REQUEST_BODY_WAIT, self.gather(body, announced, bytes_max, kept)).await {
            Ok(gathered) => gathered,
            Err(_) => Err(Common::TooSlow),
        }
    }

    async fn gather(&self, mut body: Body, announced: usize, bytes_max: usize, kept: bool) -> Result<HeldBody<'_>, Common> {
        let mut gathered = Some(Gathered { room: self, bytes: BytesMut::new(), taken: None }).filter(|_| kept);
        let mut length = 0;
        if !kept {
            self.dropped.turn(announced).await;
        }
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Common::Serialization("The request body broke off.".to_owned()))?;
            let Ok(piece) = frame.into_data() else { continue };
            length += piece.len();
            if length > bytes_max {
                return Err(Common::TooLarge(bytes_max));
            }
            if gathered.as_mut().is_some_and(|gathered| !gathered.add(&piece)) {
                gathered = None;
                self.dropped.turn(announced.saturating_sub(length)).await;
            }
        }
        match gathered {
            Some(Gathered { bytes, taken, .. }) => Ok(HeldBody { bytes: bytes.freeze(), _room: taken }),
            None if kept => Err(Common::throttled()),
            None => Ok(HeldBody { bytes: Bytes::new(), _room: None }),
        }
    }
}

/// The pace of what is read only to be dropped, whoever sends it: a flood of it is nobody's work, and would take the machine from those who have some.
struct Pace {
    /// Bytes that may stand in line.
    line: Semaphore,
    turn: Mutex<()>,
}

impl Pace {
    fn new() -> Self {
        Self { line: Semaphore::new(limit::DROPPED_BYTES_IN_LINE), turn: Mutex::new(()) }
    }

    /// Waits until so many bytes may be read: one body after the other, and never longer than the line may be.
    async fn turn(&self, bytes: usize) {
        match u32::try_from(bytes).ok().and_then(|bytes| self.line.try_acquire_many(bytes).ok()) {
            Some(_place) => {
                let _turn = self.turn.lock().await;
                tokio::time::sleep(time_of(bytes)).await;
            }
            None => tokio::time::sleep(time_of(limit::DROPPED_BYTES_IN_LINE)).await,
        }
    }
}

/// How long it takes to drop so many bytes.
fn time_of(bytes: usize) -> Duration {
    Duration::from_micros((bytes as u64).saturating_mul(1_000_000) / limit::DROPPED_BYTES_PER_SECOND as u64)
}

/// What has come of one body.
struct Gathered<'a> {
    room: &'a BodyRoom,
    bytes: BytesMut,
    taken: Option<SemaphorePermit<'a>>,
}

impl Gathered<'_> {
    /// Whether there was room for one more piece. It is taken for what has come, not for what was announced: a promise costs nothing.
    fn add(&mut self, piece: &[u8]) -> bool {
        let wanted = (self.bytes.len() + piece.len()).saturating_sub(limit::BODY_FREE_BYTES);
        let more = wanted.saturating_sub(self.taken.as_ref().map_or(0, SemaphorePermit::num_permits));
        let Some(more) = u32::try_from(more).ok().and_then(|more| self.room.room.try_acquire_many(more).ok()) else { return false };
        match &mut self.taken {
            Some(taken) => taken.merge(more),
            None => self.taken = Some(more),
        }
        self.bytes.extend_from_slice(piece);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use tokio::time::timeout;

    const PIECE: usize = 64 * 1024;

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
        let left = room.room.available_permits();
        assert_eq!(
            read(&room, limit::BODY_FREE_BYTES).await.expect("a small one is always read").bytes.len(),
            limit::BODY_FREE_BYTES
        );
        assert_eq!(room.room.available_permits(), left, "who was refused has left nothing behind, and a small one took nothing");
        held.pop();
        assert!(read(&room, limit::LOG_BATCH_BODY_BYTES).await.is_ok());
        let before = room.room.available_permits();
        let body = Body::from(vec![b'x'; limit::LOG_BATCH_BODY_BYTES]);
        let passed = room.pass_over(&HeaderMap::new(), body, limit::LOG_BATCH_BODY_BYTES).await.expect("it needs no room");
        assert_eq!((passed.bytes.len(), room.room.available_permits()), (0, before));
        drop(held);
        assert_eq!(room.room.available_permits(), limit::BODIES_BYTES);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_dropped_is_read_at_a_pace_and_nobody_waits_longer_than_the_line_may_be() {
        let room = BodyRoom::new(0);
        let refused = async |count: usize| {
            let pieces = || (0..limit::LOG_BATCH_BODY_BYTES / PIECE).map(|_| Ok::<_, std::io::Error>(vec![b'x'; PIECE]));
            let body = || Body::from_stream(futures_util::stream::iter(pieces()));
            let headers = HeaderMap::new();
            let all = (0..count).map(|_| room.read(&headers, body(), limit::LOG_BATCH_BODY_BYTES));
            for one in futures_util::future::join_all(all).await {
                assert_eq!(one.err(), Some(Common::throttled()));
            }
        };
        let (of_one, tick) = (time_of(limit::LOG_BATCH_BODY_BYTES - PIECE), Duration::from_millis(10));
        let mut four = pin!(refused(4));
        assert!(timeout(of_one * 3, &mut four).await.is_err(), "one after the other");
        assert!(room.dropped() > 0);
        assert!(timeout(of_one + tick, four).await.is_ok());
        assert_eq!(room.dropped(), 0);
        let most = time_of(limit::DROPPED_BYTES_IN_LINE);
        let mut many = pin!(refused(4 * limit::DROPPED_BYTES_IN_LINE / limit::LOG_BATCH_BODY_BYTES));
        assert!(timeout(most / 2, &mut many).await.is_err());
        assert!(timeout(most / 2 + most / 10, many).await.is_ok());
    }
}
