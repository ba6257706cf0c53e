//! Images that the platform keeps for itself: which they are, and which blobs each of them needs. Never copies a byte: a pin is one more reason for a
//! blob to stay.

use std::collections::{HashMap, HashSet};

use rusqlite::{OptionalExtension, Transaction, params};

use model::account::{AccountId, Region, Scope};
use model::chunks::Body;
use model::digest::Digest;
use model::image_reference::RepositoryName;
use model::port::{Answer, PinnedImages};
use model::repository::RepositoryKey;
use model::revision::ImagePin;
use model::time::Timestamp;

use crate::Store;
use crate::blobs::FileBody;
use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::repository::{self, Ordinal};
use crate::ledger::{blob, manifest};

impl PinnedImages for Store {
    fn pin<'a>(&'a self, image: &'a ImagePin, now: Timestamp) -> Answer<'a, bool> {
        let image = image.clone();
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                if let Some(pin) = find(transaction, &image)? {
                    let mut statement = transaction
                        .prepare_cached("UPDATE image_pin SET pinned_at_ms = max(pinned_at_ms, ?2) WHERE ordinal = ?1")?;
                    statement.execute(params![pin, now.millis()])?;
                    return Ok(Ending::Commit(true));
                }
                Ok(if put(transaction, &image, now)? { Ending::Commit(true) } else { Ending::RollBack(false) })
            };
            self.0.ledger.write("pinning an image", work).await
        })
    }

    fn read<'a>(&'a self, image: &'a ImagePin, digest: &'a Digest) -> Answer<'a, Option<Body>> {
        let (image, digest, blobs) = (image.clone(), digest.clone(), self.0.blobs.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let size_bytes = match pinned_size(snapshot, &image, &digest)? {
                    Some(size_bytes) => Some(size_bytes),
                    None => match repository::ordinal(snapshot, &key(&image))? {
                        Some(ordinal) => blob::size(snapshot, ordinal, &digest)?,
                        None => None,
                    },
                };
                // Opened within the snapshot that knows it: its name is taken away only when nobody has such a snapshot any more.
                let body =
                    |size_bytes| Ok::<_, Fault>(Box::new(FileBody::open(&blobs, &digest, size_bytes, 0..size_bytes)?) as Body);
                size_bytes.map(body).transpose()
            };
            self.0.ledger.read("opening a blob of an image", work).await
        })
    }

    fn keep<'a>(&'a self, images: &'a [ImagePin], before: Timestamp) -> Answer<'a, ()> {
        let images = images.to_vec();
        Box::pin(async move {
            let gone = self
                .0
                .ledger
                .write("keeping the images of services", move |transaction| Ok(Ending::Commit(keep(transaction, &images, before)?)))
                .await?;
            self.remove_files_now_or_later(gone).await;
            Ok(())
        })
    }
}

fn key(image: &ImagePin) -> RepositoryKey {
    RepositoryKey { scope: image.scope.clone(), name: image.repository.clone() }
}

fn find(snapshot: &Transaction<'_>, image: &ImagePin) -> Result<Option<Ordinal>, Fault> {
    let ImagePin { scope: Scope { account, region }, repository, digest } = image;
    let mut statement = snapshot
        .prepare_cached("SELECT ordinal FROM image_pin WHERE account = ?1 AND region = ?2 AND repository = ?3 AND digest = ?4")?;
    let key = [account.as_str(), region.as_str(), repository.as_str(), digest.as_str()];
    Ok(statement.query_row(key, |row| row.get(0)).optional()?)
}

fn pinned_size(snapshot: &Transaction<'_>, image: &ImagePin, digest: &Digest) -> Result<Option<u64>, Fault> {
    let Some(pin) = find(snapshot, image)? else { return Ok(None) };
    let mut statement = snapshot
        .prepare_cached("SELECT size_bytes FROM pinned_blob JOIN blob USING (digest) WHERE image_pin = ?1 AND digest = ?2")?;
    Ok(statement.query_row(params![pin, digest.as_str()], |row| row.get(0)).optional()?)
}

/// Pins an image that is not pinned yet. Answers false if its repository does not have it.
fn put(transaction: &Transaction<'_>, image: &ImagePin, now: Timestamp) -> Result<bool, Fault> {
    let Some(ordinal) = repository::ordinal(transaction, &key(image))? else { return Ok(false) };
    if !manifest::is_manifest(transaction, ordinal, &image.digest)? {
        return Ok(false);
    }
    let ImagePin { scope: Scope { account, region }, repository, digest } = image;
    transaction
        .prepare_cached("INSERT INTO image_pin (account, region, repository, digest, pinned_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![account.as_str(), region.as_str(), repository.as_str(), digest.as_str(), now.millis()])?;
    let pin = transaction.last_insert_rowid();
    // UNION forgets what it has found already, so that indexes that name each other end too. What is foreign may be missing.
    transaction
        .prepare_cached(
            "WITH RECURSIVE named (digest) AS (
                 SELECT ?3
                 UNION
                 SELECT manifest_reference.digest FROM named JOIN manifest_reference
                     ON manifest_reference.repository = ?2 AND manifest_reference.manifest = named.digest
             )
             INSERT INTO pinned_blob (image_pin, digest) SELECT ?1, digest FROM named JOIN blob USING (digest)",
        )?
        .execute(params![pin, ordinal, digest.as_str()])?;
    Ok(true)
}

/// Pins these and unpins the others that are older than `before`. Answers blobs that nobody knows any more.
fn keep(transaction: &Transaction<'_>, images: &[ImagePin], before: Timestamp) -> Result<Vec<Digest>, Fault> {
    let kept = all(transaction)?;
    let wanted: HashSet<&ImagePin> = images.iter().collect();
    let mut gone = Vec::new();
    for (image, (pin, pinned_at)) in &kept {
        if !wanted.contains(image) && *pinned_at < before {
            gone.extend(remove(transaction, *pin)?);
        }
    }
    for image in wanted {
        if !kept.contains_key(image) {
            put(transaction, image, before)?;
        }
    }
    Ok(gone)
}

fn all(snapshot: &Transaction<'_>) -> Result<HashMap<ImagePin, (Ordinal, Timestamp)>, Fault> {
    let mut statement =
        snapshot.prepare_cached("SELECT account, region, repository, digest, ordinal, pinned_at_ms FROM image_pin")?;
    let rows =
        statement.query_map([], |row| Ok(([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?], row.get(4)?, row.get(5)?)))?;
    rows.map(|row| {
        let (names, ordinal, pinned_at_ms): ([String; 4], Ordinal, i64) = row?;
        let image = parse(&names).ok_or_else(|| Fault::Damaged("a row of the table image_pin is damaged".to_owned()))?;
        Ok((image, (ordinal, Timestamp::from_millis(pinned_at_ms))))
    })
    .collect()
}

fn parse([account, region, repository, digest]: &[String; 4]) -> Option<ImagePin> {
    Some(ImagePin {
        scope: Scope { account: AccountId::parse(account).ok()?, region: Region::parse(region).ok()? },
        repository: RepositoryName::stored(repository).ok()?,
        digest: Digest::parse(digest).ok()?,
    })
}

/// Unpins an image. Answers blobs that nobody knows any more.
pub(crate) fn remove(transaction: &Transaction<'_>, pin: Ordinal) -> Result<Vec<Digest>, Fault> {
    let mut statement = transaction.prepare_cached("SELECT digest FROM pinned_blob WHERE image_pin = ?1")?;
    let named: Vec<String> = statement.query_map([pin], |row| row.get(0))?.collect::<Result<_, _>>()?;
    transaction.prepare_cached("DELETE FROM image_pin WHERE ordinal = ?1")?.execute([pin])?;
    blob::forget(transaction, named)
}
