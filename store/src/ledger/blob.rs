//! Rows of blobs: which are whole, which repository sees which, and which nobody needs. The files are in `blobs/`.
//!
//! A row is written only after its file is synced, and only this thread of transactions gives files their names or takes them away: so a row
//! without a file is a blob that was damaged (`BlobFolder::set_aside`), and a file without a row is nothing. A row stays while a repository sees it or an image is pinned that needs it.

use rusqlite::{OptionalExtension, Transaction, params};

use model::digest::Digest;
use model::repository::RepositoryKey;
use model::time::Timestamp;

use crate::fault::Fault;
use crate::ledger::repository::{self, Ordinal};

/// A blob that a repository sees and no manifest there names.
#[derive(Clone, Debug)]
pub(crate) struct Unnamed {
    pub repository: Ordinal,
    pub key: RepositoryKey,
    pub digest: String,
    pub promised_at: Timestamp,
}

/// Makes a blob visible in a repository, and known if it is new.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    repository: Ordinal,
    digest: &Digest,
    size_bytes: u64,
    now: Timestamp,
) -> Result<(), Fault> {
    transaction
        .prepare_cached("INSERT INTO blob (digest, size_bytes) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING")?
        .execute(params![digest.as_str(), size_bytes])?;
    show(transaction, repository, digest, now)
}

/// Makes a known blob visible in a repository, and promises it there.
pub(crate) fn show(transaction: &Transaction<'_>, repository: Ordinal, digest: &Digest, now: Timestamp) -> Result<(), Fault> {
    transaction
        .prepare_cached(
            "INSERT INTO repository_blob (repository, digest, promised_at_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET promised_at_ms = max(promised_at_ms, excluded.promised_at_ms)",
        )?
        .execute(params![repository, digest.as_str(), now.millis()])?;
    Ok(())
}

/// The size of a blob that a repository sees.
pub(crate) fn size(snapshot: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<Option<u64>, Fault> {
    Ok(promised(snapshot, repository, digest)?.map(|(size_bytes, _)| size_bytes))
}

/// The size of a blob that a repository sees, and when it was last promised there.
pub(crate) fn promised(
    snapshot: &Transaction<'_>,
    repository: Ordinal,
    digest: &Digest,
) -> Result<Option<(u64, Timestamp)>, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT size_bytes, promised_at_ms FROM repository_blob JOIN blob USING (digest) WHERE repository = ?1 AND digest = ?2",
    )?;
    let row = statement.query_row(params![repository, digest.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(row.map(|(size_bytes, promised_at_ms)| (size_bytes, Timestamp::from_millis(promised_at_ms))))
}

/// Takes a blob out of a repository; the last one who needed it takes its row along, and the sweep its file. Answers whether it was there.
pub(crate) fn hide(transaction: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<bool, Fault> {
    let gone = transaction
        .prepare_cached("DELETE FROM repository_blob WHERE repository = ?1 AND digest = ?2")?
        .execute(params![repository, digest.as_str()])?;
    forget(transaction, vec![digest.as_str().to_owned()])?;
    Ok(gone > 0)
}

/// Takes the rows of those away that no repository sees and no pinned image needs. Answers them.
pub(crate) fn forget(transaction: &Transaction<'_>, digests: Vec<String>) -> Result<Vec<Digest>, Fault> {
    let mut statement = transaction.prepare_cached(
        "DELETE FROM blob WHERE digest = ?1 AND NOT EXISTS (SELECT 1 FROM repository_blob WHERE digest = ?1)
             AND NOT EXISTS (SELECT 1 FROM pinned_blob WHERE digest = ?1)",
    )?;
    let mut forgotten = Vec::new();
    for digest in digests {
        if statement.execute([&digest])? > 0 {
            forgotten.push(Digest::parse(&digest).map_err(|_| damaged())?);
        }
    }
    Ok(forgotten)
}

/// Takes every blob out of a repository. Answers those that nobody knows any more.
pub(crate) fn hide_all(transaction: &Transaction<'_>, repository: Ordinal) -> Result<Vec<Digest>, Fault> {
    let mut statement = transaction.prepare_cached("DELETE FROM repository_blob WHERE repository = ?1 RETURNING digest")?;
    let hidden = statement.query_map([repository], |row| row.get(0))?.collect::<Result<_, _>>()?;
    forget(transaction, hidden)
}

/// Blobs that no manifest of their repository names and that were last promised before a moment, from behind `after` on, at most so many.
pub(crate) fn unnamed(
    snapshot: &Transaction<'_>,
    promised_before: Timestamp,
    after: (Ordinal, &str),
    rows_max: usize,
) -> Result<Vec<Unnamed>, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT repository, digest, promised_at_ms, account, region, name
         FROM repository_blob AS seen JOIN repository ON repository.ordinal = seen.repository
         WHERE (repository, digest) > (?1, ?2) AND promised_at_ms < ?3
             AND NOT EXISTS (SELECT 1 FROM manifest_reference AS named WHERE named.repository = seen.repository AND named.digest = seen.digest)
             AND NOT EXISTS (SELECT 1 FROM manifest WHERE manifest.repository = seen.repository AND manifest.digest = seen.digest)
         ORDER BY repository, digest LIMIT ?4",
    )?;
    let mut rows = statement.query(params![after.0, after.1, promised_before.millis(), rows_max])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let name: [String; 3] = [row.get(3)?, row.get(4)?, row.get(5)?];
        found.push(Unnamed {
            repository: row.get(0)?,
            digest: row.get(1)?,
            promised_at: Timestamp::from_millis(row.get(2)?),
            key: repository::parse_key(&name).ok_or_else(damaged)?,
        });
    }
    Ok(found)
}

/// Whether anything was promised in a repository since a moment.
pub(crate) fn any_promised(snapshot: &Transaction<'_>, repository: Ordinal, since: Timestamp) -> Result<bool, Fault> {
    let mut statement =
        snapshot.prepare_cached("SELECT EXISTS (SELECT 1 FROM repository_blob WHERE repository = ?1 AND promised_at_ms >= ?2)")?;
    Ok(statement.query_row(params![repository, since.millis()], |row| row.get(0))?)
}

/// Takes a blob out of its repository if it is still unnamed and was not promised anew. Answers whether it went.
pub(crate) fn collect(transaction: &Transaction<'_>, blob: &Unnamed) -> Result<bool, Fault> {
    let mut statement = transaction.prepare_cached(
        "DELETE FROM repository_blob WHERE repository = ?1 AND digest = ?2 AND promised_at_ms = ?3
             AND NOT EXISTS (SELECT 1 FROM manifest_reference WHERE repository = ?1 AND digest = ?2)
             AND NOT EXISTS (SELECT 1 FROM manifest WHERE repository = ?1 AND digest = ?2)",
    )?;
    Ok(statement.execute(params![blob.repository, blob.digest, blob.promised_at.millis()])? > 0)
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

fn damaged() -> Fault {
    Fault::Damaged("a row of the table repository_blob is damaged".to_owned())
}
