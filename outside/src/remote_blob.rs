//! A blob of another registry on its way: continued where it broke off, and verified before its end is handed out.
//!
//! Never hands out more bytes than the manifest says, and never keeps any.

use aws_lc_rs::digest::{Context, SHA256, SHA512};
use bytes::{Buf, Bytes};
use http::StatusCode;
use http::header::CONTENT_RANGE;
use model::chunks::Chunks;
use model::digest::{Algorithm, Digest};
use model::foreign_image::{ForeignImage, RemoteBlob};
use model::port::Answer;
use model::refusal::RefusalKind;
use model::trouble::Trouble;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

use crate::http_client::Reply;
use crate::limit::RESUMES;
use crate::remote_registry::Asker;
use crate::snag::Snag;

/// The body.
pub(crate) struct BlobBody {
    asker: Arc<Asker>,
    image: ForeignImage,
    blob: RemoteBlob,
    /// How far it is.
    at: u64,
    /// Of all so far, if it began at the beginning.
    hash: Option<Context>,
    reply: Option<Reply>,
    /// Of a reply that begins earlier than it was asked to.
    skip: u64,
    resumes: u32,
    pace: Pace,
}

/// How fast it comes: waits are counted, what is done with the bytes is not.
#[derive(Default)]
struct Pace {
    waited: Duration,
    bytes: u64,
}

impl BlobBody {
    pub(crate) fn new(asker: Arc<Asker>, image: &ForeignImage, blob: &RemoteBlob, offset: u64) -> Self {
        let kind = match blob.digest.algorithm() {
            Algorithm::Sha256 => &SHA256,
            Algorithm::Sha512 => &SHA512,
        };
        let hash = (offset == 0).then(|| Context::new(kind));
        let (image, blob) = (image.clone(), blob.clone());
        Self { asker, image, blob, at: offset, hash, reply: None, skip: 0, resumes: 0, pace: Pace::default() }
    }

    async fn advance(&mut self) -> Result<Option<Bytes>, Snag> {
        loop {
            if self.at >= self.blob.size_bytes {
                // Also of a blob without bytes.
                self.verify()?;
                return Ok(None);
            }
            match self.piece().await {
                Ok(Some(bytes)) => return self.take(bytes).map(Some),
                Ok(None) => self.resume("ended early".to_owned()).await?,
                // Who asks for patience has been waited for as long as we wait at all.
                Err(snag @ (Snag::Final(_) | Snag::Later { .. })) => return Err(snag),
                Err(snag @ Snag::Passing(_)) => self.resume(snag.into_refusal().message).await?,
            }
        }
    }

    /// The next piece of the reply that is open, or of a new one.
    async fn piece(&mut self) -> Result<Option<Bytes>, Snag> {
        let patience = self.asker.patience();
        loop {
            if self.reply.is_none() {
                let reply = self.asker.open_blob(&self.image, &self.blob.digest, self.at).await?;
                self.skip = self.begins_early(&reply)?;
                self.reply = Some(reply);
            }
            let began = Instant::now();
            let piece = self.reply.as_mut().expect("it was opened above").piece(patience.silence).await;
            self.pace.waited += began.elapsed();
            let Some(mut bytes) = piece? else { return Ok(None) };
            self.keep_pace(bytes.len() as u64)?;
            let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
            bytes.advance(skipped);
            self.skip -= skipped as u64;
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
    }

    /// A registry may not know ranges, and sends all again.
    fn begins_early(&self, reply: &Reply) -> Result<u64, Snag> {
        if reply.status != StatusCode::PARTIAL_CONTENT {
            return Ok(self.at);
        }
        let range = reply.headers.get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
        let first = range.and_then(|range| range.strip_prefix("bytes ")?.split_once('-')?.0.parse::<u64>().ok());
        if first == Some(self.at) {
            return Ok(0);
        }
        Err(self.invalid(format!("sends another part of {} than it was asked for", self.blob.digest)))
    }

    fn keep_pace(&mut self, bytes: u64) -> Result<(), Snag> {
        let patience = self.asker.patience();
        self.pace.bytes += bytes;
        if self.pace.waited < patience.window {
            return Ok(());
        }
        let pace = std::mem::take(&mut self.pace);
        if pace.bytes >= patience.window_bytes {
            return Ok(());
        }
        let words = format!(
            "{} is too slow: {} bytes of {} in {} s. What has come is kept for the next try.",
            self.image.registry,
            pace.bytes,
            self.blob.digest,
            pace.waited.as_secs()
        );
        Err(Snag::refused(RefusalKind::WrongState, words))
    }

    fn take(&mut self, bytes: Bytes) -> Result<Bytes, Snag> {
        self.at += bytes.len() as u64;
        if self.at > self.blob.size_bytes {
            return Err(self.invalid(format!("sends more than the {} bytes of {}", self.blob.size_bytes, self.blob.digest)));
        }
        if let Some(hash) = &mut self.hash {
            hash.update(&bytes);
        }
        if self.at == self.blob.size_bytes {
            self.verify()?;
        }
        Ok(bytes)
    }

    /// Once: after it there is nothing to verify any more.
    fn verify(&mut self) -> Result<(), Snag> {
        let Some(hash) = self.hash.take() else { return Ok(()) };
        let computed = Digest::from_hash(self.blob.digest.algorithm(), hash.finish().as_ref());
        if computed == self.blob.digest {
            return Ok(());
        }
        Err(self.invalid(format!("sends a blob whose digest is {computed} as {}", self.blob.digest)))
    }

    async fn resume(&mut self, words: String) -> Result<(), Snag> {
        self.reply = None;
        self.resumes += 1;
        if self.resumes > RESUMES {
            let words = format!("{} broke off {RESUMES} times in the middle of {}: {words}", self.image.registry, self.blob.digest);
            return Err(Snag::Passing(words));
        }
        sleep(self.asker.patience().pause).await;
        Ok(())
    }

    fn invalid(&self, what: String) -> Snag {
        Snag::refused(RefusalKind::Invalid, format!("{} {what}.", self.image.registry))
    }
}

impl Chunks for BlobBody {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            self.advance().await.map_err(|snag| {
                Trouble::refused(format!("copying {} from {}", self.blob.digest, self.image.registry), snag.into_refusal())
            })
        })
    }
}
