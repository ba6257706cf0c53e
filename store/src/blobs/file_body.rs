//! The bytes of a blob, or a part of them, on their way out.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;

use model::chunks::Chunks;
use model::port::Answer;

use crate::blocking::blocking;
use crate::limit::BLOB_PIECE_BYTES;

/// Reads a part of a file piece by piece. The file stays readable if its name is taken away meanwhile.
pub(crate) struct FileBody {
    file: Arc<File>,
    rest: Range<u64>,
}

impl FileBody {
    pub(crate) fn new(file: File, part: Range<u64>) -> Self {
        Self { file: Arc::new(file), rest: part }
    }
}

impl Chunks for FileBody {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            let left = self.rest.end.saturating_sub(self.rest.start);
            if left == 0 {
                return Ok(None);
            }
            let (file, from) = (Arc::clone(&self.file), self.rest.start);
            let length = usize::try_from(left).unwrap_or(usize::MAX).min(BLOB_PIECE_BYTES);
            let read = blocking(move || {
                let mut piece = vec![0; length];
                file.read_exact_at(&mut piece, from)?;
                Ok(Bytes::from(piece))
            });
            let piece = read.await.map_err(|fault| fault.while_doing("reading a blob"))?;
            self.rest.start += piece.len() as u64;
            Ok(Some(piece))
        })
    }
}
