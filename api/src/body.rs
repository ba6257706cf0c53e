//! Request bodies, read whole: each within its operation's limit and its time, and all of them together within a room of their own.
//! Never looks into one, and keeps nobody waiting for room: who finds none is told to come back, in a flood after some seconds. Source of truth: `limit.rs`.

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
    /// Whoever has a key must not stand in line behind strangers.
    strangers: Pace,
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
        Self { room: Semaphore::new(bytes), dropped: Pace::new(), strangers: Pace::new() }
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
    /// piece by piece: a client that is still sending would not hear the answer. Where too many stand in line for that, it is left unread, and its
    /// connection is closed.
    pub async fn read(&self, headers: &HeaderMap, mut body: Body, bytes_max: usize) -> Result<HeldBody<'_>, Common> {
        let announced = announced(headers, bytes_max)?;
        let mut length = 0;
        if let Some(held) = in_time(self.gather(&mut body, &mut length, bytes_max)).await? {
            return Ok(held);
        }
        // Who says no length may send as much as it may.
        if self.dropped.turn(announced.unwrap_or(bytes_max).saturating_sub(length)).await {
            in_time(pass(&mut body, length, bytes_max)).await?;
        }
        Err(Common::throttled())
    }

    /// Reads a stranger's body within the same bounds, when its turn has come, and keeps nothing of it: what it answers is empty, and takes no room.
    pub async fn pass_over(&self, headers: &HeaderMap, mut body: Body, bytes_max: usize) -> Result<HeldBody<'_>, Common> {
        let announced = announced(headers, bytes_max)?;
        if !self.strangers.turn(announced.unwrap_or(bytes_max)).await {
            return Err(Common::throttled());
        }
        in_time(pass(&mut body, 0, bytes_max)).await?;
        Ok(HeldBody { bytes: Bytes::new(), _room: None })
    }

    /// Nothing as soon as there is no room; `length` has come by then.
    async fn gather(&self, body: &mut Body, length: &mut usize, bytes_max: usize) -> Result<Option<HeldBody<'_>>, Common> {
        let mut gathered = Gathered { room: self, bytes: BytesMut::new(), taken: None };
        while let Some(piece) = next_piece(body, length, bytes_max).await? {
            if !gathered.add(&piece) {
                return Ok(None);
            }
        }
        let Gathered { bytes, taken, .. } = gathered;
        Ok(Some(HeldBody { bytes: bytes.freeze(), _room: taken }))
    }
}

/// The length that a request says it has, if it says one.
fn announced(headers: &HeaderMap, bytes_max: usize) -> Result<Option<usize>, Common> {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let fits = |length| usize::try_from(length).ok().filter(|length| *length <= bytes_max).ok_or(Common::TooLarge(bytes_max));
    said.map(fits).transpose()
}

async fn in_time<T>(reading: impl Future<Output = Result<T, Common>>) -> Result<T, Common> {
    tokio::time::timeout(limit::REQUEST_BODY_WAIT, reading).await.unwrap_or(Err(Common::TooSlow))
}

/// Reads what is left of a body, and keeps nothing.
async fn pass(body: &mut Body, mut length: usize, bytes_max: usize) -> Result<(), Common> {
    while next_piece(body, &mut length, bytes_max).await?.is_some() {}
    Ok(())
}

async fn next_piece(body: &mut Body, length: &mut usize, bytes_max: usize) -> Result<Option<Bytes>, Common> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Common::Serialization("The request body broke off.".to_owned()))?;
        let Ok(piece) = frame.into_data() else { continue };
        *length += piece.len();
        return if *length > bytes_max { Err(Common::TooLarge(bytes_max)) } else { Ok(Some(piece)) };
    }
    Ok(None)
}

/// The pace of what is read only to be dropped: a flood of it is nobody's work, and would take the machine from those who have some.
struct Pace {
    /// Bytes that may stand in line.
    line: Semaphore,
    turn: Mutex<()>,
}

impl Pace {
    fn new() -> Self {
        Self { line: Semaphore::new(limit::DROPPED_BYTES_IN_LINE), turn: Mutex::new(()) }
    }

    /// Waits until so many bytes may be read: one body after the other. False where the line is too long for it, after as long a wait: whoever hears that
    /// comes again at once as well.
    async fn turn(&self, bytes: usize) -> bool {
        if bytes == 0 {
            return true;
        }
        let place = u32::try_from(bytes).ok().and_then(|bytes| self.line.try_acquire_many(bytes).ok());
        if place.is_none() {
            tokio::time::sleep(time_of(limit::DROPPED_BYTES_IN_LINE)).await;
            return false;
        }
        let _turn = self.turn.lock().await;
        tokio::time::sleep(time_of(bytes)).await;
        true
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
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
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
    async fn what_is_passed_over_is_read_at_the_same_pace() {
        let (room, headers) = (BodyRoom::new(0), HeaderMap::new());
        let body = Body::from(vec![b'x'; limit::LOG_BATCH_BODY_BYTES]);
        let mut passed = pin!(room.pass_over(&headers, body, limit::LOG_BATCH_BODY_BYTES));
        let whole = time_of(limit::LOG_BATCH_BODY_BYTES);
        assert!(timeout(whole / 2, &mut passed).await.is_err());
        assert!(timeout(whole, passed).await.expect("its turn has come").is_ok());
        assert_eq!(room.dropped(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_dropped_is_read_at_a_pace_and_nobody_waits_longer_than_the_line_may_be() {
        let room = BodyRoom::new(0);
        let bytes_read = Arc::new(AtomicUsize::new(0));
        let refused = async |count: usize| {
            let pieces = || {
                let pieces = (0..limit::LOG_BATCH_BODY_BYTES / PIECE).map(|_| Ok::<_, std::io::Error>(vec![b'x'; PIECE]));
                let bytes_read = Arc::clone(&bytes_read);
                pieces.inspect(move |_| _ = bytes_read.fetch_add(PIECE, Ordering::Relaxed))
            };
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
        bytes_read.store(0, Ordering::Relaxed);
        let mut many = pin!(refused(4 * limit::DROPPED_BYTES_IN_LINE / limit::LOG_BATCH_BODY_BYTES));
        assert!(timeout(most / 2, &mut many).await.is_err());
        let small = Body::from(vec![b'x'; limit::BODY_FREE_BYTES + 1]);
        let headers = HeaderMap::from_iter([(header::CONTENT_LENGTH, (limit::BODY_FREE_BYTES + 1).into())]);
        let one = timeout(tick, room.read(&headers, small, limit::LOG_BATCH_BODY_BYTES)).await.expect("nothing is left of it");
        assert_eq!(one.err(), Some(Common::throttled()));
        assert!(timeout(most / 2 + most / 10, many).await.is_ok());
        let bytes_read = bytes_read.load(Ordering::Relaxed);
        assert!(bytes_read < limit::DROPPED_BYTES_IN_LINE * 11 / 10, "who found the line full was not read: {bytes_read}");
    }
}
