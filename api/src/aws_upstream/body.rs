//! The bodies of calls that are passed on, piece by piece: in with proof that they are what was signed, out with the place of their call.
//!
//! Never holds more than two pieces. The last one waits until the whole is proven, so that a body that is not what was signed never arrives whole.

use super::room::Place;
use crate::{
    fault::Common,
    limit,
    sigv4::{Rejection, named_payload::is_uncovered},
};
use aws_lc_rs::digest::{Context, SHA256, digest};
use axum::body::{Body, HttpBody};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use model::{
    aws_upstream::Payload,
    chunks::{self, Chunks},
    port::Answer,
    trouble::Trouble,
};
use std::{
    fmt::Write,
    sync::{Arc, OnceLock},
};

/// Why a body ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakage {
    /// It is not what was signed.
    Other,
    /// It is longer than any may be.
    TooLong,
    /// Nothing came for a while.
    Silent,
    /// The connection was cut.
    Cut,
}

impl Breakage {
    const fn words(self) -> &'static str {
        match self {
            Self::Other => "the body is not the one that was signed",
            Self::TooLong => "the body is too long",
            Self::Silent => "the body stopped coming",
            Self::Cut => "the body was cut off",
        }
    }
}

impl From<Breakage> for super::Stop {
    fn from(breakage: Breakage) -> Self {
        match breakage {
            Breakage::Other => {
                Rejection::Mismatch("The body does not have the SHA-256 that X-Amz-Content-Sha256 names.".to_owned()).into()
            }
            Breakage::TooLong => Common::TooLarge(limit::FORWARDED_STREAM_BYTES).into(),
            Breakage::Silent => Common::TooSlow.into(),
            Breakage::Cut => Common::Serialization("The request body broke off.".to_owned()).into(),
        }
    }
}

/// Tells afterwards whether the body itself broke, as opposed to the place it went to.
#[derive(Clone, Default)]
pub struct Witness(Arc<OnceLock<Breakage>>);

impl Witness {
    pub fn breakage(&self) -> Option<Breakage> {
        self.0.get().copied()
    }
}

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}

/// The hash that a body is to be held against; nothing where the signature does not cover it, or it was hashed already.
pub fn to_prove(payload: &Payload) -> Option<String> {
    match payload {
        Payload::Named(text) => (!is_uncovered(text)).then(|| text.clone()),
        Payload::Hash(_) => None,
    }
}

/// How long a body will be, as far as the caller has said it.
pub fn length(headers: &HeaderMap, body: &Body) -> Option<u64> {
    let named = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    named.or_else(|| body.size_hint().exact())
}

/// A request's body as the port takes it, held against `hash`.
pub fn incoming(body: Body, hash: Option<String>) -> (chunks::Body, Witness) {
    let witness = Witness::default();
    let hash = hash.map(|wanted| (Context::new(&SHA256), wanted));
    let incoming = Incoming { body, hash, waiting: None, received: 0, is_over: false, witness: witness.clone() };
    (Box::new(incoming), witness)
}

struct Incoming {
    body: Body,
    hash: Option<(Context, String)>,
    /// The last piece that came.
    waiting: Option<Bytes>,
    received: u64,
    is_over: bool,
    witness: Witness,
}

impl Incoming {
    async fn pull(&mut self) -> Result<Option<Bytes>, Breakage> {
        while !self.is_over {
            let frame = tokio::time::timeout(limit::REQUEST_BODY_WAIT, self.body.frame()).await;
            match frame.map_err(|_| Breakage::Silent)? {
                Some(Err(_)) => return Err(Breakage::Cut),
                Some(Ok(frame)) => {
                    let Some(piece) = frame.into_data().ok().filter(|piece| !piece.is_empty()) else { continue };
                    self.received += piece.len() as u64;
                    if self.received > limit::FORWARDED_STREAM_BYTES as u64 {
                        return Err(Breakage::TooLong);
                    }
                    if let Some((context, _)) = &mut self.hash {
                        context.update(&piece);
                    }
                    if let Some(earlier) = self.waiting.replace(piece) {
                        return Ok(Some(earlier));
                    }
                }
                None => {
                    self.is_over = true;
                    if let Some((context, wanted)) = self.hash.take()
                        && hex(context.finish().as_ref()) != wanted
                    {
                        return Err(Breakage::Other);
                    }
                }
            }
        }
        Ok(self.waiting.take())
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
                Trouble::passing("receiving the body of a call to be sent on", breakage.words())
            })
        })
    }
}

/// An answer's body, which keeps its place until it is sent or dropped. Trouble on the way cuts the connection, because the status is long gone.
pub fn outgoing(body: chunks::Body, place: Place) -> Body {
    Body::from_stream(stream::try_unfold((body, place), |(mut body, place)| async move {
        let piece = body.next().await.inspect_err(|trouble| tracing::info!(cause = trouble.chain(), "an answer was cut off"))?;
        Ok::<_, Trouble>(piece.map(|piece| (piece, (body, place))))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::testbed::collect;

    async fn gathered(text: &'static str, hash: Option<String>) -> (Result<Vec<u8>, Trouble>, Option<Breakage>) {
        let pieces = text.as_bytes().chunks(3).map(|piece| Ok::<_, Trouble>(Bytes::from_static(piece)));
        let (body, witness) = incoming(Body::from_stream(stream::iter(pieces)), hash);
        (collect(body).await, witness.breakage())
    }

    #[tokio::test]
    async fn a_body_that_is_what_was_signed_goes_whole_and_another_one_never() {
        assert_eq!(gathered("hello world", Some(sha256(b"hello world"))).await.0.unwrap(), b"hello world");
        assert_eq!(gathered("", Some(sha256(b""))).await.0.unwrap(), b"");
        assert_eq!(gathered("hello world", None).await.0.unwrap(), b"hello world");
        let (told, breakage) = gathered("hello World", Some(sha256(b"hello world"))).await;
        assert!(told.is_err());
        assert_eq!(breakage, Some(Breakage::Other));
    }

    #[tokio::test]
    async fn before_the_whole_is_proven_its_last_piece_stays_here() {
        let pieces = ["hel", "lo"].map(|piece| Ok::<_, Trouble>(Bytes::from_static(piece.as_bytes())));
        let (mut body, _) = incoming(Body::from_stream(stream::iter(pieces)), Some(sha256(b"another")));
        assert_eq!(body.next().await.unwrap().as_deref(), Some(&b"hel"[..]));
        assert!(body.next().await.is_err());
        assert!(body.next().await.is_err(), "once broken, always broken");
    }
}
