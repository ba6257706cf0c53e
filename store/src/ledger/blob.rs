//! Rows of blobs: which are whole, and which repository sees which. The files are in `blobs/`.
//!
//! A row is written only after its file is synced, and only this thread of transactions gives files their names or takes them away: so a row
//! without a file cannot be, and a file without a row is nothing.

use rusqlite::{OptionalExtension, Transaction, params};

use model::digest::Digest;

use crate::fault::Fault;
use crate::ledger::repository::Ordinal;

/// Makes a blob visible in a repository, and known if it is new.
pub(crate) fn put(transaction: &Transaction<'_>, repository: Ordinal, digest: &Digest, size_bytes: u64) -> Result<(), Fault> {
    transaction
        .prepare_cached("INSERT INTO blob (digest, size_bytes) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING")?
        .execute(params![digest.as_str(), size_bytes])?;
    show(transaction, repository, digest)
}

/// Makes a known blob visible in a repository.
pub(crate) fn show(transaction: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<(), Fault> {
    transaction
        .prepare_cached("INSERT INTO repository_blob (repository, digest) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![repository, digest.as_str()])?;
    Ok(())
}

/// The size of a blob that a repository sees.
pub(crate) fn size(snapshot: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<Option<u64>, Fault> {
    let mut statement = snapshot
        .prepare_cached("SELECT size_bytes FROM repository_blob JOIN blob USING (digest) WHERE repository = ?1 AND digest = ?2")?;
    Ok(statement.query_row(params![repository, digest.as_str()], |row| row.get(0)).optional()?)
}

/// Takes a blob out of a repository; the last one that saw it takes its row along, and the sweep its file. Answers whether it was there.
pub(crate) fn hide(transaction: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<bool, Fault> {
    let gone = transaction
        .prepare_cached("DELETE FROM repository_blob WHERE repository = ?1 AND digest = ?2")?
        .execute(params![repository, digest.as_str()])?;
    transaction
        .prepare_cached("DELETE FROM blob WHERE digest = ?1 AND NOT EXISTS (SELECT 1 FROM repository_blob WHERE digest = ?1)")?
        .execute([digest.as_str()])?;
    Ok(gone > 0)
}

/// Whether a blob is known at all.
pub(crate) fn is_known(snapshot: &Transaction<'_>, digest: &Digest) -> Result<bool, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT EXISTS (SELECT 1 FROM blob WHERE digest = ?1)")?;
    Ok(statement.query_row([digest.as_str()], |row| row.get(0))?)
}

/// Whether a manifest of the repository names the blob.
pub(crate) fn is_named(snapshot: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<bool, Fault> {
    let mut statement =
        snapshot.prepare_cached("SELECT EXISTS (SELECT 1 FROM manifest_reference WHERE repository = ?1 AND digest = ?2)")?;
    Ok(statement.query_row(params![repository, digest.as_str()], |row| row.get(0))?)
}
