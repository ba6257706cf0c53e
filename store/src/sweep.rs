//! What may go: uploads that nobody continues, blobs that no manifest names, blob files that nobody needs any more, services that were deleted long
//! enough ago, and the oldest of what grows with time: log lines and audit rows.

use std::time::Duration;

use rusqlite::Transaction;

use model::digest::Digest;
use model::limit::DELETED_KEPT;
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::Store;
use crate::blobs::repository_mark;
use crate::blocking::blocking;
use crate::database::Ending;
use crate::ledger::{blob, record, repository, scaling_configuration, sealed_noun, service, vpc_ingress};
use crate::limit::{AUDIT_ROWS, BLOB_PROMISED, BLOB_PROMISED_PUSHING, BLOBS_COLLECTED, SECRETS_FORGOTTEN, UPLOAD_IDLE};

/// What a sweep took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads without a byte for a day, or into a repository that is gone.
    pub uploads: u32,
    /// Blob files without a row: collected, taken out of their last repository, or named just before a crash.
    pub blobs: u32,
    /// Services that were deleted more than `DELETED_KEPT` ago, with all that belonged to them but their audit rows.
    pub services: u32,
    /// Files of log segments: beyond what all may take, or without a line that anybody can reach.
    pub log_segments: u32,
}

impl Store {
    /// Takes away what nobody can reach. Safe at any time, beside everything else; an hour between two is often enough.
    ///
    /// No part stops another, and files that need no word in a database go first: on a full disk this is what makes room. The first trouble is the
    /// answer, the others are in the log.
    pub async fn sweep(&self) -> Result<Swept, Trouble> {
        let now = self.0.clock.now();
        let mut parts = Parts::default();
        let idle = parts.part(self.sweep_idle(now).await);
        let orphans = parts.part(self.sweep_orphans().await);
        let files = parts.part(self.sweep_files().await);
        let log_segments = parts.part(self.0.logs.sweep(now).await);
        let services = parts.part(self.forget(now).await);
        parts.part(self.forget_due(now).await);
        parts.part(self.move_audit().await);
        parts.part(self.forget_audit(AUDIT_ROWS).await);
        let collected = parts.part(self.collect(now).await);
        let swept = Swept { uploads: idle + orphans, blobs: files + collected, services, log_segments };
        let Swept { uploads, blobs, services, log_segments } = swept;
        if swept != Swept::default() {
            tracing::info!(name: "store_swept", uploads, blobs, services, log_segments, "what nobody needs any more was taken away");
        }
        parts.trouble.map_or(Ok(swept), Err)
    }

    /// Takes away uploads that nobody continues.
    async fn sweep_idle(&self, now: Timestamp) -> Result<u32, Trouble> {
        let uploads = self.0.uploads.clone();
        blocking(move || uploads.sweep(now, UPLOAD_IDLE)).await.map_err(|fault| fault.while_doing("sweeping uploads"))
    }

    /// Takes away blob files that no row knows.
    async fn sweep_files(&self) -> Result<u32, Trouble> {
        let blobs = self.0.blobs.clone();
        let digests = blocking(move || blobs.digests()).await.map_err(|fault| fault.while_doing("looking at blobs"))?;
        self.remove_files(digests).await
    }

    /// Takes blobs out of their repositories that no manifest there names, once nobody can be about to name them. Answers how many files went with them.
    async fn collect(&self, now: Timestamp) -> Result<u32, Trouble> {
        let doing = "collecting blobs";
        // Looked at first: whoever begins to upload after this has put or asked for nothing yet that is old enough to go.
        let uploads = self.0.uploads.clone();
        let busy = blocking(move || uploads.busy_marks(now, BLOB_PROMISED)).await.map_err(|fault| fault.while_doing(doing))?;
        let (idle_before, busy_before) = (earlier(now, BLOB_PROMISED), earlier(now, BLOB_PROMISED_PUSHING));
        let (mut after, mut removed) = ((0, String::new()), 0);
        loop {
            let (repository, digest) = after.clone();
            let look =
                move |snapshot: &Transaction<'_>| blob::unnamed(snapshot, idle_before, (repository, &digest), BLOBS_COLLECTED);
            let mut found = self.0.ledger.read(doing, look).await?;
            let Some(last) = found.last() else { return Ok(removed) };
            after = (last.repository, last.digest.clone());
            found.retain(|blob| blob.promised_at < busy_before || !busy.contains(&repository_mark(&blob.key)));
            let work = move |transaction: &Transaction<'_>| {
                let mut collected = Vec::new();
                for blob in found {
                    // Between two uploads of one push there is none open, but something was promised a moment ago.
                    let pushing = blob.promised_at >= busy_before && blob::any_promised(transaction, blob.repository, idle_before)?;
                    if !pushing && blob::collect(transaction, &blob)? {
                        collected.push(blob.digest);
                    }
                }
                Ok(Ending::Commit(blob::forget(transaction, collected)?))
            };
            let gone = self.0.ledger.write(doing, work).await?;
            if !gone.is_empty() {
                tracing::info!(blobs = gone.len(), "blobs that no image needs are removed");
                removed += self.remove_files(gone).await?;
            }
        }
    }

    /// Takes away the files of those that nobody knows. Answers how many.
    pub(crate) async fn remove_files(&self, digests: Vec<Digest>) -> Result<u32, Trouble> {
        let unknown = self.unknown(digests).await?;
        if unknown.is_empty() {
            return Ok(0);
        }
        // Whoever still reads a ledger in which they are known has opened their files then.
        self.0.ledger.readers_done().await;
        let mut removed = 0;
        for digest in unknown {
            let (blobs, holds) = (self.0.blobs.clone(), self.0.holds.clone());
            // Asked again where files get their names: nobody can put this blob between the question and the removal.
            let work = move |transaction: &Transaction<'_>| {
                let unknown = !blob::is_known(transaction, &digest)?;
                Ok(Ending::RollBack(unknown && holds.unless_held(|| blobs.remove(&digest))?))
            };
            removed += u32::from(self.0.ledger.write("removing a blob's file", work).await?);
        }
        Ok(removed)
    }

    /// The same for a change that is committed already: what fails now is for the next sweep, and no reason to tell the caller that it failed.
    pub(crate) async fn remove_files_now_or_later(&self, digests: Vec<Digest>) {
        if let Err(trouble) = self.remove_files(digests).await {
            tracing::warn!(cause = %trouble.chain(), "files of blobs that nobody needs could not be removed; the next sweep tries it again");
        }
    }

    /// Takes away uploads into repositories that are gone.
    async fn sweep_orphans(&self) -> Result<u32, Trouble> {
        let doing = "sweeping uploads of deleted repositories";
        let uploads = self.0.uploads.clone();
        // Before the repositories are read: one that was made since, and uploads into it, are not among these names.
        let names = blocking(move || uploads.names()).await.map_err(|fault| fault.while_doing(doing))?;
        if names.is_empty() {
            return Ok(0);
        }
        let keys = self.0.ledger.read(doing, repository::keys).await?;
        let marks = keys.iter().map(repository_mark).collect();
        let uploads = self.0.uploads.clone();
        blocking(move || uploads.sweep_orphans(&names, &marks)).await.map_err(|fault| fault.while_doing(doing))
    }

    /// Forgets services that were deleted long enough ago, with what else was. Answers how many services.
    async fn forget(&self, now: Timestamp) -> Result<u32, Trouble> {
        let before = earlier(now, DELETED_KEPT);
        let forget = move |transaction: &Transaction<'_>| {
            scaling_configuration::forget(transaction, before)?;
            vpc_ingress::forget(transaction, before)?;
            record::forget(transaction, before)?;
            Ok(Ending::Commit(service::forget(transaction, before)?))
        };
        let forgotten = self.0.ledger.write("forgetting services", forget).await?;
        self.forget_cursors().await?;
        Ok(forgotten)
    }

    /// Takes away secrets whose recovery window is over.
    async fn forget_due(&self, now: Timestamp) -> Result<(), Trouble> {
        loop {
            let work = move |transaction: &Transaction<'_>| Ok(Ending::Commit(sealed_noun::forget_due(transaction, now)?));
            let secrets = self.0.ledger.write("forgetting secrets whose recovery window is over", work).await?;
            if secrets > 0 {
                tracing::info!(secrets, "secrets whose recovery window was over are gone");
            }
            if secrets < SECRETS_FORGOTTEN {
                return Ok(());
            }
        }
    }

    /// Forgets the log cursors of services that the ledger has forgotten: never before, for whose cursor is gone is copied once more. A service is in the
    /// ledger before it has a cursor, and its id is never another's: what is unknown after the cursors were read is gone.
    async fn forget_cursors(&self) -> Result<(), Trouble> {
        let owners = self.0.logs.cursor_owners().await?;
        let look = move |snapshot: &Transaction<'_>| {
            let mut unknown = Vec::new();
            for owner in owners {
                if !service::is_known(snapshot, &owner)? {
                    unknown.push(owner);
                }
            }
            Ok(unknown)
        };
        let unknown = self.0.ledger.read("looking for the services of log cursors", look).await?;
        if unknown.is_empty() { Ok(()) } else { self.0.logs.forget(unknown).await }
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

/// What became of a sweep's parts.
#[derive(Default)]
struct Parts {
    trouble: Option<Trouble>,
}

impl Parts {
    /// What a part answered, or nothing and its trouble.
    fn part<T: Default>(&mut self, answer: Result<T, Trouble>) -> T {
        answer.unwrap_or_else(|trouble| {
            if self.trouble.is_some() {
                tracing::warn!(cause = %trouble.chain(), "another part of a sweep failed too; it will be tried again");
            } else {
                self.trouble = Some(trouble);
            }
            T::default()
        })
    }
}

fn earlier(now: Timestamp, by: Duration) -> Timestamp {
    Timestamp::from_millis(now.millis() - i64::try_from(by.as_millis()).expect("hours, or days"))
}
