//! The port `Blobs`: uploads and files joined with the ledger's rows.

use std::ops::Range;

use rusqlite::Transaction;

use model::audit::AuditRow;
use model::chunks::Body;
use model::digest::Digest;
use model::port::{Answer, BlobInfo, Blobs, Granted, UploadId};
use model::refusal::{Refusal, RefusalKind};
use model::repository::RepositoryKey;
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::Store;
use crate::audit;
use crate::blobs::draft::Draft;
use crate::blobs::file_body::FileBody;
use crate::blobs::loan::Loan;
use crate::blobs::upload::{Lending, file_name};
use crate::blocking::blocking;
use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::{blob, manifest, repository};
use crate::limit::{BLOB_PROMISE_RENEWED, UPLOAD_BUFFER_BYTES};

impl Blobs for Store {
    fn begin<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, ()> {
        Box::pin(async move {
            let doing = "opening an upload";
            let misnamed = || Fault::Damaged(format!("an upload is named by 32 hexadecimal digits, not by {:?}", upload.0));
            let name = file_name(repository, upload).ok_or_else(misnamed).map_err(|fault| fault.while_doing(doing))?;
            let (uploads, now) = (self.0.uploads.clone(), self.0.clock.now());
            blocking(move || uploads.begin(&name, now)).await.map_err(|fault| fault.while_doing(doing))
        })
    }

    fn received<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, Option<u64>> {
        Box::pin(async move {
            let Some(name) = file_name(repository, upload) else { return Ok(None) };
            let uploads = self.0.uploads.clone();
            blocking(move || uploads.received(&name)).await.map_err(|fault| fault.while_doing("looking at an upload"))
        })
    }

    fn append<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        offset: u64,
        body: Body,
        bytes_max: u64,
    ) -> Answer<'a, Granted<u64>> {
        Box::pin(self.append_body(repository, upload, offset, body, bytes_max))
    }

    fn finish<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>> {
        Box::pin(self.finish_upload(repository, upload, digest, audit))
    }

    fn cancel<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, ()> {
        Box::pin(async move {
            let Some(name) = file_name(repository, upload) else { return Ok(()) };
            let uploads = self.0.uploads.clone();
            blocking(move || uploads.cancel(&name)).await.map_err(|fault| fault.while_doing("cancelling an upload"))
        })
    }

    fn stat<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<BlobInfo>> {
        let (key, digest, blobs) = (repository.clone(), digest.clone(), self.0.blobs.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| match size(snapshot, &key, &digest)? {
                Some(size_bytes) if blobs.has(&digest, size_bytes)? => Ok(Some(size_bytes)),
                Some(_) | None => Ok(None),
            };
            let size = self.0.ledger.read("looking at a blob", work).await?;
            Ok(size.map(|size_bytes| BlobInfo { size_bytes }))
        })
    }

    fn promise<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<BlobInfo>> {
        Box::pin(async move {
            let (key, wanted, blobs) = (repository.clone(), digest.clone(), self.0.blobs.clone());
            let work = move |snapshot: &Transaction<'_>| {
                let Some(ordinal) = repository::ordinal(snapshot, &key)? else { return Ok(None) };
                let promised = blob::promised(snapshot, ordinal, &wanted)?;
                // A damaged one is not there: whoever pushes brings it again.
                let is_there = promised.map_or(Ok(false), |(size_bytes, _)| blobs.has(&wanted, size_bytes))?;
                Ok(promised.filter(|_| is_there))
            };
            let now = self.0.clock.now();
            match self.0.ledger.read("looking at a blob", work).await? {
                None => Ok(None),
                // Most of a push asks again for what it asked for a moment ago: only an old promise costs a write.
                Some((size_bytes, promised_at)) if now.since(promised_at) < BLOB_PROMISE_RENEWED => {
                    Ok(Some(BlobInfo { size_bytes }))
                }
                Some(_) => {
                    let (key, wanted) = (repository.clone(), digest.clone());
                    let work = move |transaction: &Transaction<'_>| renew(transaction, &key, &wanted, now);
                    self.0.ledger.write("promising a blob", work).await
                }
            }
        })
    }

    fn mount<'a>(
        &'a self,
        from: &'a RepositoryKey,
        to: &'a RepositoryKey,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, bool> {
        let (from, to, digest, row) = (from.clone(), to.clone(), digest.clone(), audit.clone());
        let blobs = self.0.blobs.clone();
        let now = self.0.clock.now();
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let seen = size(transaction, &from, &digest)?.map_or(Ok(false), |size_bytes| blobs.has(&digest, size_bytes))?;
                match repository::ordinal(transaction, &to)? {
                    Some(ordinal) if seen => {
                        blob::show(transaction, ordinal, &digest, now)?;
                        audit::keep(transaction, &row)?;
                        Ok(Ending::Commit(true))
                    }
                    Some(_) | None => Ok(Ending::RollBack(false)),
                }
            };
            self.0.ledger.write("mounting a blob", work).await
        })
    }

    fn read<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        digest: &'a Digest,
        range: Option<Range<u64>>,
    ) -> Answer<'a, Option<Body>> {
        let (key, digest, blobs) = (repository.clone(), digest.clone(), self.0.blobs.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let Some(size_bytes) = size(snapshot, &key, &digest)? else { return Ok(None) };
                let part = range.unwrap_or(0..size_bytes);
                if part.end > size_bytes {
                    return Err(Fault::Damaged(format!("bytes up to {} were asked of a blob of {size_bytes}", part.end)));
                }
                Ok(Some(Box::new(FileBody::open(&blobs, &digest, size_bytes, part)?) as Body))
            };
            self.0.ledger.read("opening a blob", work).await
        })
    }

    fn remove<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest, audit: &'a AuditRow) -> Answer<'a, Granted<bool>> {
        let (key, digest, row) = (repository.clone(), digest.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let Some(ordinal) = repository::ordinal(transaction, &key)? else {
                    return Ok(Ending::RollBack(Ok(false)));
                };
                if blob::is_named(transaction, ordinal, &digest)? || manifest::is_manifest(transaction, ordinal, &digest)? {
                    let message = format!("A manifest of the repository names {digest}: remove the manifest first.");
                    return Ok(Ending::RollBack(Err(Refusal::wrong_state(message))));
                }
                let was_there = blob::hide(transaction, ordinal, &digest)?;
                if was_there {
                    audit::keep(transaction, &row)?;
                }
                Ok(Ending::Commit(Ok(was_there)))
            };
            self.0.ledger.write("removing a blob", work).await
        })
    }
}

impl Store {
    async fn append_body(
        &self,
        repository: &RepositoryKey,
        upload: &UploadId,
        offset: u64,
        mut body: Body,
        bytes_max: u64,
    ) -> Result<Granted<u64>, Trouble> {
        let mut loan = match self.lend(repository, upload).await? {
            Lending::Lent(loan) if loan.received() == offset => loan,
            Lending::Lent(loan) => {
                let message = format!("The upload is at byte {}, not at byte {offset}.", loan.received());
                return Ok(Err(Refusal::wrong_state(message)));
            }
            Lending::Busy => return Ok(Err(busy())),
            Lending::Missing => return Ok(Err(Refusal::wrong_state("There is no such upload to append to."))),
        };
        // Dropping the loan, as every early return does, takes the file back to `offset`.
        let mut buffer = Vec::new();
        let mut length = offset;
        while let Some(piece) = body.next().await? {
            length += piece.len() as u64;
            if length > bytes_max {
                return Ok(Err(Refusal::new(RefusalKind::Quota, format!("The blob is larger than {bytes_max} bytes."))));
            }
            buffer.extend_from_slice(&piece);
            if buffer.len() >= UPLOAD_BUFFER_BYTES {
                (loan, buffer) = write(loan, buffer).await?;
            }
        }
        let (mut loan, _) = write(loan, buffer).await?;
        loan.keep(self.0.clock.now()).map(Ok).map_err(|fault| fault.while_doing("keeping a piece of an upload"))
    }

    async fn finish_upload(
        &self,
        repository: &RepositoryKey,
        upload: &UploadId,
        digest: &Digest,
        audit: &AuditRow,
    ) -> Result<Granted<()>, Trouble> {
        let doing = "finishing an upload";
        let loan = match self.lend(repository, upload).await? {
            Lending::Lent(loan) => loan,
            Lending::Busy => return Ok(Err(busy())),
            Lending::Missing => return Ok(Err(Refusal::not_found("There is no such upload."))),
        };
        let (claimed, size_bytes) = (digest.clone(), loan.received());
        let verified = blocking(move || verify(loan, &claimed)).await.map_err(|fault| fault.while_doing(doing))?;
        let draft = match verified {
            Ok(draft) => draft,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (blobs, key, digest, row) = (self.0.blobs.clone(), repository.clone(), digest.clone(), audit.clone());
        let now = self.0.clock.now();
        let work = move |transaction: &Transaction<'_>| {
            let Some(ordinal) = repository::ordinal(transaction, &key)? else {
                return Ok(Ending::RollBack(Err(key.not_found())));
            };
            blob::put(transaction, ordinal, &digest, size_bytes, now)?;
            audit::keep(transaction, &row)?;
            blobs.place(draft, &digest)?;
            Ok(Ending::Commit(Ok(())))
        };
        self.0.ledger.write(doing, work).await
    }

    async fn lend(&self, repository: &RepositoryKey, upload: &UploadId) -> Result<Lending, Trouble> {
        let Some(name) = file_name(repository, upload) else { return Ok(Lending::Missing) };
        let uploads = self.0.uploads.clone();
        blocking(move || uploads.lend(&name)).await.map_err(|fault| fault.while_doing("looking for an upload"))
    }
}

/// The loan goes to the writing thread and comes back: if the caller goes away meanwhile, it is dropped only after the write has ended.
async fn write(mut loan: Loan, mut buffer: Vec<u8>) -> Result<(Loan, Vec<u8>), Trouble> {
    let work = move || {
        loan.write(&buffer)?;
        buffer.clear();
        Ok((loan, buffer))
    };
    blocking(work).await.map_err(|fault| fault.while_doing("writing a piece of an upload"))
}

fn verify(loan: Loan, claimed: &Digest) -> Result<Granted<Draft>, Fault> {
    let computed = loan.digest(claimed.algorithm())?;
    if computed != *claimed {
        loan.end()?;
        return Ok(Err(Refusal::invalid(format!("The bytes received have the digest {computed}, not {claimed}."))));
    }
    loan.into_draft().map(Ok)
}

/// The blob may have been collected since it was read: then it was not there.
fn renew(
    transaction: &Transaction<'_>,
    key: &RepositoryKey,
    digest: &Digest,
    now: Timestamp,
) -> Result<Ending<Option<BlobInfo>>, Fault> {
    let Some(ordinal) = repository::ordinal(transaction, key)? else { return Ok(Ending::RollBack(None)) };
    let Some(size_bytes) = blob::size(transaction, ordinal, digest)? else { return Ok(Ending::RollBack(None)) };
    blob::show(transaction, ordinal, digest, now)?;
    Ok(Ending::Commit(Some(BlobInfo { size_bytes })))
}

fn busy() -> Refusal {
    Refusal::wrong_state("Another request is writing to this upload.")
}

fn size(snapshot: &Transaction<'_>, key: &RepositoryKey, digest: &Digest) -> Result<Option<u64>, Fault> {
    match repository::ordinal(snapshot, key)? {
        Some(ordinal) => blob::size(snapshot, ordinal, digest),
        None => Ok(None),
    }
}
