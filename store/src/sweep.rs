//! What may go: uploads that nobody continues, blob files that no repository sees any more, services that were deleted long enough ago, and
//! the oldest of what grows with time: log lines and audit rows.

use rusqlite::Transaction;

use model::digest::Digest;
use model::limit::DELETED_KEPT;
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::Store;
use crate::audit;
use crate::blocking::blocking;
use crate::database::Ending;
use crate::ledger::{blob, scaling_configuration, service};
use crate::limit::UPLOAD_IDLE;

/// What a sweep took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads without a byte for a day.
    pub uploads: u32,
    /// Blob files without a row: taken out of their last repository, or named just before a crash.
    pub blobs: u32,
    /// Services that were deleted more than `DELETED_KEPT` ago, with all that belonged to them but their audit rows.
    pub services: u32,
    /// Files of log segments: beyond what all may take, or without a line that anybody can reach.
    pub log_segments: u32,
}

impl Store {
    /// Takes away what nobody can reach. Safe at any time, beside everything else; an hour between two is often enough.
    pub async fn sweep(&self) -> Result<Swept, Trouble> {
        let doing = "sweeping";
        let (uploads, blobs, now) = (self.0.uploads.clone(), self.0.blobs.clone(), self.0.clock.now());
        let look = blocking(move || Ok((uploads.sweep(now, UPLOAD_IDLE)?, blobs.digests()?)));
        let (uploads, digests) = look.await.map_err(|fault| fault.while_doing(doing))?;
        let services = self.forget(now).await?;
        self.move_audit().await?;
        let log_segments = self.0.logs.sweep(now).await?;
        let mut swept = Swept { uploads, blobs: 0, services, log_segments };
        for digest in self.unknown(digests).await? {
            let blobs = self.0.blobs.clone();
            // Asked again where files get their names: nobody can put this blob between the question and the removal.
            let work = move |transaction: &Transaction<'_>| {
                let unknown = !blob::is_known(transaction, &digest)?;
                if unknown {
                    blobs.remove(&digest)?;
                }
                Ok(Ending::RollBack(unknown))
            };
            swept.blobs += u32::from(self.0.ledger.write(doing, work).await?);
        }
        Ok(swept)
    }

    /// Forgets services that were deleted long enough ago, and the oldest audit rows. Answers how many services.
    async fn forget(&self, now: Timestamp) -> Result<u32, Trouble> {
        let kept_millis = i64::try_from(DELETED_KEPT.as_millis()).expect("a day");
        let before = Timestamp::from_millis(now.millis() - kept_millis);
        let look = move |snapshot: &Transaction<'_>| service::deleted(snapshot, before);
        let gone = self.0.ledger.read("looking for services to forget", look).await?;
        if !gone.is_empty() {
            // Before the services: after a crash in between, the next sweep finds them again.
            self.0.logs.forget(gone).await?;
        }
        let forget = move |transaction: &Transaction<'_>| {
            audit::forget_oldest(transaction)?;
            scaling_configuration::forget(transaction, before)?;
            Ok(Ending::Commit(service::forget(transaction, before)?))
        };
        self.0.ledger.write("forgetting services and audit rows", forget).await
    }

    async fn unknown(&self, digests: Vec<Digest>) -> Result<Vec<Digest>, Trouble> {
        let work = move |snapshot: &Transaction<'_>| {
            let mut unknown = Vec::new();
            for digest in digests {
                if !blob::is_known(snapshot, &digest)? {
                    unknown.push(digest);
                }
            }
            Ok(unknown)
        };
        self.0.ledger.read("looking for blobs without a repository", work).await
    }
}
