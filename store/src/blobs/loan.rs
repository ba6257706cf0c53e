//! An upload in one request's hands, and the file it becomes.
//!
//! A loan that is dropped before its bytes are kept (the peer went away, the disk is full, the caller's future was dropped) takes the file back
//! to where it was. Never gives a file its digest's name by itself: `BlobFolder` does, inside the ledger's transaction.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use aws_lc_rs::digest::{Context, SHA256, SHA512};
use model::digest::{Algorithm, Digest};
use model::time::Timestamp;

use crate::blobs::draft::Draft;
use crate::blobs::upload::{Uploads, span};
use crate::fault::Fault;
use crate::folder;
use crate::limit::UPLOAD_BUFFER_BYTES;

/// How far an upload is.
#[derive(Clone)]
pub(super) struct Progress {
    pub received: u64,
    hash: Context,
}

/// An upload in one request's hands.
pub(crate) struct Loan {
    uploads: Arc<Uploads>,
    name: String,
    file: File,
    kept: Progress,
    fresh: Progress,
    /// Bytes that are not kept may stand behind the kept ones.
    torn: bool,
    ended: bool,
}

impl Progress {
    pub(super) fn none() -> Self {
        Self { received: 0, hash: Context::new(&SHA256) }
    }
}

impl Loan {
    /// `known` is how far the upload is; if nobody knows, its file is read once more. A loan that cannot be made leaves the upload as it was.
    pub(super) fn new(uploads: Arc<Uploads>, name: String, file: File, known: Option<Progress>) -> Result<Self, Fault> {
        let read = || known.map_or_else(|| hash_file(&file, Context::new(&SHA256), file.metadata()?.len()), Ok);
        let kept = read().inspect_err(|_| uploads.forget(&name))?;
        Ok(Self { uploads, name, file, fresh: kept.clone(), kept, torn: false, ended: false })
    }

    pub(crate) fn received(&self) -> u64 {
        self.kept.received
    }

    /// Appends bytes, which are not kept yet.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.torn = true;
        self.file.write_all_at(bytes, self.fresh.received)?;
        self.fresh.hash.update(bytes);
        self.fresh.received += bytes.len() as u64;
        Ok(())
    }

    /// Keeps what was written. Answers the new length.
    pub(crate) fn keep(&mut self, now: Timestamp) -> Result<u64, Fault> {
        self.file.set_modified(UNIX_EPOCH + span(now))?;
        self.kept = self.fresh.clone();
        self.torn = false;
        Ok(self.kept.received)
    }

    /// The digest of everything received.
    pub(crate) fn digest(&self, algorithm: Algorithm) -> Result<Digest, Fault> {
        let hash = match algorithm {
            Algorithm::Sha256 => self.kept.hash.clone(),
            // Rare enough that it is not carried along: read once more.
            Algorithm::Sha512 => hash_file(&self.file, Context::new(&SHA512), self.kept.received)?.hash,
        };
        Ok(Digest::from_hash(algorithm, hash.finish().as_ref()))
    }

    /// Syncs the file. From here on it only waits for its name.
    pub(crate) fn into_draft(mut self) -> Result<Draft, Fault> {
        self.ended = true;
        // If the sync fails the draft is dropped, and the upload with it: what the disk holds of it is not known.
        let draft = Draft::of_upload(Arc::clone(&self.uploads), self.name.clone());
        self.file.set_len(self.kept.received)?;
        self.file.sync_all()?;
        Ok(draft)
    }

    /// Takes the upload away.
    pub(crate) fn end(mut self) -> Result<(), Fault> {
        self.ended = true;
        self.uploads.forget(&self.name);
        Ok(folder::remove_file(&self.uploads.path(&self.name))?)
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        if self.torn {
            // Even if this fails: the next bytes go where these went, and `into_draft` cuts what is behind the end.
            let _ = self.file.set_len(self.kept.received);
        }
        self.uploads.give_back(&self.name, self.kept.clone());
    }
}

/// The bytes of a file up to a length, hashed.
fn hash_file(file: &File, mut hash: Context, length: u64) -> Result<Progress, Fault> {
    let mut buffer = vec![0; UPLOAD_BUFFER_BYTES];
    let mut received = 0;
    while received < length {
        let wanted = usize::try_from(length - received).unwrap_or(usize::MAX).min(buffer.len());
        let read = file.read_at(&mut buffer[..wanted], received)?;
        if read == 0 {
            return Err(Fault::Damaged("an upload's file is shorter than what was received".to_owned()));
        }
        hash.update(&buffer[..read]);
        received += read as u64;
    }
    Ok(Progress { received, hash })
}
