//! The bytes of a blob, or a part of them, on their way out.
//!
//! Whoever asks for all of a blob gets its last piece only if all bytes have its digest. One that does not is set aside: it is not there any more, so
//! that its bytes are taken when they are brought again. A part of a blob is not verified: whoever joins parts compares the digest.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256, SHA512};
use bytes::Bytes;

use model::chunks::Chunks;
use model::digest::{Algorithm, Digest};
use model::port::Answer;

use crate::blobs::BlobFolder;
use crate::blocking::blocking;
use crate::fault::Fault;
use crate::limit::BLOB_PIECE_BYTES;

/// Reads a part of a file piece by piece. The file stays readable if its name is taken away meanwhile.
pub(crate) struct FileBody {
    file: Arc<File>,
    rest: Range<u64>,
    blob: Arc<Blob>,
    /// Of all bytes so far, if they are all bytes of the blob.
    hash: Option<Context>,
}

struct Blob {
    digest: Digest,
    folder: BlobFolder,
}

impl FileBody {
    /// A part of a blob that has `size_bytes`.
    pub(crate) fn open(folder: &BlobFolder, digest: &Digest, size_bytes: u64, part: Range<u64>) -> Result<Self, Fault> {
        let file = Arc::new(folder.file(digest)?);
        let hash = (part == (0..size_bytes)).then(|| hash(digest.algorithm()));
        let blob = Arc::new(Blob { digest: digest.clone(), folder: folder.clone() });
        Ok(Self { file, rest: part, blob, hash })
    }
}

impl Chunks for FileBody {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            let left = self.rest.end.saturating_sub(self.rest.start);
            if left == 0 {
                return Ok(None);
            }
            let length = usize::try_from(left).unwrap_or(usize::MAX).min(BLOB_PIECE_BYTES);
            let is_last = length as u64 == left;
            let (file, blob, from, hash) = (Arc::clone(&self.file), Arc::clone(&self.blob), self.rest.start, self.hash.take());
            let read = blocking(move || {
                let mut piece = vec![0; length];
                match file.read_exact_at(&mut piece, from) {
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(blob.damaged(&file)),
                    read => read?,
                }
                let hash = hash.map(|mut hash| {
                    hash.update(&piece);
                    hash
                });
                if let Some(hash) = hash.as_ref().filter(|_| is_last)
                    && Digest::from_hash(blob.digest.algorithm(), hash.clone().finish().as_ref()) != blob.digest
                {
                    return Err(blob.damaged(&file));
                }
                Ok((Bytes::from(piece), hash))
            });
            let (piece, hash) = read.await.map_err(|fault| fault.while_doing("reading a blob"))?;
            self.hash = hash;
            self.rest.start += piece.len() as u64;
            Ok(Some(piece))
        })
    }
}

impl Blob {
    /// Sets the file aside. Only if that fails it keeps its name, and the next reader finds the same.
    fn damaged(&self, file: &File) -> Fault {
        tracing::error!(blob = %self.digest, "a blob is damaged on the disk; it is set aside and not handed out");
        if let Err(fault) = self.folder.set_aside(&self.digest, file) {
            tracing::warn!(blob = %self.digest, %fault, "a damaged blob could not be set aside");
        }
        Fault::LostBlob(self.digest.clone())
    }
}

fn hash(algorithm: Algorithm) -> Context {
    match algorithm {
        Algorithm::Sha256 => Context::new(&SHA256),
        Algorithm::Sha512 => Context::new(&SHA512),
    }
}
