//! Bodies on their way in and out: a request's body as `Chunks`, and `Chunks` as an answer's body.
//!
//! Holds one piece at a time; never gathers a body unless its limit is small and named.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use model::chunks::{self, Chunks};
use model::port::Answer;
use model::trouble::Trouble;
use tokio::sync::OwnedSemaphorePermit;

use crate::limit;

/// Why a request's body ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breakage {
    /// More than was allowed.
    TooLong,
    /// Not as long as the request's headers said.
    WrongLength,
    /// Nothing came for `limit::BODY_SILENCE`, or it took longer than it may in all.
    Silent,
    /// The connection was cut, or its framing was wrong.
    Cut,
}

impl Breakage {
    /// What the client reads, if it is still there.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::TooLong => "The body is too long.",
            Self::WrongLength => "The body is not as long as its headers say.",
            Self::Silent => "The body stopped coming.",
            Self::Cut => "The body was cut off.",
        }
    }
}

/// What is known of a body before it comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    /// Its exact length, if a header said it.
    pub length: Option<u64>,
    pub bytes_max: u64,
    pub silence: Duration,
}

impl Expected {
    pub(crate) fn at_most(bytes_max: u64) -> Self {
        Self { length: None, bytes_max, silence: limit::BODY_SILENCE }
    }
}

/// Tells afterwards whether the body itself broke, as opposed to the place it went to.
#[derive(Clone, Default)]
pub(crate) struct Witness(Arc<OnceLock<Breakage>>);

impl Witness {
    pub(crate) fn breakage(&self) -> Option<Breakage> {
        self.0.get().copied()
    }
}

/// A request's body as a port takes it.
pub(crate) fn incoming(body: Body, expected: Expected) -> (chunks::Body, Witness) {
    let witness = Witness::default();
    let incoming = Incoming { stream: body.into_data_stream(), expected, received: 0, witness: witness.clone() };
    (Box::new(incoming), witness)
}

struct Incoming {
    stream: BodyDataStream,
    expected: Expected,
    received: u64,
    witness: Witness,
}

impl Incoming {
    async fn pull(&mut self) -> Result<Option<Bytes>, Breakage> {
        loop {
            let piece = tokio::time::timeout(self.expected.silence, self.stream.next()).await.map_err(|_| Breakage::Silent)?;
            let Some(piece) = piece else {
                let whole = self.expected.length.is_none_or(|length| length == self.received);
                return if whole { Ok(None) } else { Err(Breakage::WrongLength) };
            };
            let piece = piece.map_err(|_| Breakage::Cut)?;
            self.received += piece.len() as u64;
            if self.received > self.expected.bytes_max {
                return Err(Breakage::TooLong);
            }
            if self.expected.length.is_some_and(|length| self.received > length) {
                return Err(Breakage::WrongLength);
            }
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
    }
}

impl Chunks for Incoming {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            // Once broken, always broken: whoever asks again must not take the rest for a whole body.
            let pulled = match self.witness.breakage() {
                Some(breakage) => Err(breakage),
                None => self.pull().await,
            };
            pulled.map_err(|breakage| {
                let breakage = *self.witness.0.get_or_init(|| breakage);
                Trouble::passing("receiving a request's body", breakage.message())
            })
        })
    }
}

/// Bytes that are there already, as a port takes them.
pub(crate) fn held(bytes: Bytes) -> chunks::Body {
    Box::new(Held(Some(bytes)))
}

struct Held(Option<Bytes>);

impl Chunks for Held {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(std::future::ready(Ok(self.0.take())))
    }
}

/// The whole of a small request body, which may take only so long in all.
pub(crate) async fn whole(body: Body, bytes_max: u64, time: Duration) -> Result<Bytes, Breakage> {
    let (body, witness) = incoming(body, Expected::at_most(bytes_max));
    let collected = tokio::time::timeout(time, collected(body)).await.map_err(|_| Breakage::Silent)?;
    collected.map_err(|_| witness.breakage().expect("only a breakage ends an incoming body early"))
}

/// The whole of a body whose size is known to be small.
pub(crate) async fn collected(mut body: chunks::Body) -> Result<Bytes, Trouble> {
    let mut whole = BytesMut::new();
    while let Some(piece) = body.next().await? {
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

/// An answer's body, which keeps its permit until it is sent or dropped. Trouble on the way cuts the connection, because the status is long gone; it is
/// logged here.
pub(crate) fn outgoing(body: chunks::Body, permit: OwnedSemaphorePermit) -> Body {
    Body::from_stream(stream::try_unfold((body, permit), |(mut body, permit)| async move {
        match body.next().await {
            Ok(Some(piece)) => Ok(Some((piece, (body, permit)))),
            Ok(None) => Ok(None),
            Err(trouble) => {
                tracing::warn!(cause = trouble.chain(), "an answer was cut off");
                Err(trouble)
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use tokio::sync::Semaphore;

    use super::*;

    async fn drain(
        pieces: Vec<Result<&'static str, &'static str>>,
        expected: Expected,
        then_silence: bool,
    ) -> Result<String, Breakage> {
        let pieces = stream::iter(pieces.into_iter().map(|piece| piece.map(Bytes::from).map_err(std::io::Error::other)));
        let body = if then_silence { Body::from_stream(pieces.chain(stream::pending())) } else { Body::from_stream(pieces) };
        let (mut body, witness) = incoming(body, expected);
        let mut text = String::new();
        loop {
            match body.next().await {
                Ok(Some(piece)) => text.push_str(std::str::from_utf8(&piece).unwrap()),
                Ok(None) => return Ok(text),
                Err(_) => {
                    assert!(body.next().await.is_err(), "a broken body stays broken");
                    return Err(witness.breakage().unwrap());
                }
            }
        }
    }

    #[tokio::test]
    async fn an_answer_keeps_its_permit_until_it_is_read_or_its_reader_is_gone() {
        let permits = Arc::new(Semaphore::new(1));
        let answer = || {
            let permit = Arc::clone(&permits).try_acquire_owned().expect("the one before has given it back");
            outgoing(incoming(Body::from("ab"), Expected::at_most(2)).0, permit)
        };
        let waits = answer();
        assert_eq!(permits.available_permits(), 0);
        drop(waits);
        let mut read = answer().into_data_stream();
        assert_eq!(read.next().await.expect("a piece").expect("unbroken"), "ab");
        assert_eq!(permits.available_permits(), 0);
        assert!(read.next().await.is_none());
        drop(read);
        assert_eq!(permits.available_permits(), 1);
    }

    #[tokio::test]
    async fn a_body_is_passed_on_or_says_how_it_broke() {
        let expected = Expected { length: None, bytes_max: 4, silence: Duration::from_secs(60) };
        let exactly = |length| Expected { length: Some(length), ..expected };
        assert_eq!(drain(vec![Ok("ab"), Ok(""), Ok("cd")], expected, false).await, Ok("abcd".to_owned()));
        assert_eq!(drain(vec![Ok("abc"), Ok("de")], expected, false).await, Err(Breakage::TooLong));
        assert_eq!(drain(vec![Ok("ab")], exactly(3), false).await, Err(Breakage::WrongLength));
        assert_eq!(drain(vec![Ok("abc")], exactly(2), false).await, Err(Breakage::WrongLength));
        assert_eq!(drain(vec![Ok("ab"), Err("reset")], expected, false).await, Err(Breakage::Cut));
        let impatient = Expected { silence: Duration::from_millis(1), ..expected };
        assert_eq!(drain(vec![Ok("ab")], impatient, true).await, Err(Breakage::Silent));
        let endless = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(whole(endless, 4, Duration::from_millis(1)).await, Err(Breakage::Silent));
    }
}
