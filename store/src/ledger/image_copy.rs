//! Copies of images of other registries: which of them go, and what they take. They are made like any other image; only the names of their places tell them apart.

use std::collections::BTreeSet;

use rusqlite::{Transaction, params};

use model::digest::Digest;
use model::image_reference::RepositoryName;
use model::port::{Answer, CopiesRoom, ImageCopies};
use model::repository::{Manifest, Repository, RepositoryKey};
use model::revision::ImagePin;
use model::time::Timestamp;

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::repository::Ordinal;
use crate::ledger::{blob, manifest, repository};
use crate::{Store, document};

/// A copied image.
struct Copied {
    place: Ordinal,
    account: String,
    region: String,
    name: RepositoryName,
    manifest: Manifest,
}

impl ImageCopies for Store {
    fn keep<'a>(&'a self, needed: &'a [ImagePin], before: Timestamp) -> Answer<'a, u32> {
        let needed = needed.to_vec();
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let mut gone = 0;
                for copied in copied(transaction)? {
                    let is_needed = needed.iter().any(|pin| copied.is(pin)) || copied.is_pinned(transaction)?;
                    if copied.manifest.pushed_at < before && !is_needed {
                        remove(transaction, copied)?;
                        gone += 1;
                    }
                }
                let places = remove_empty_places(transaction, before)?;
                Ok(if gone + places > 0 { Ending::Commit(gone) } else { Ending::RollBack(0) })
            };
            self.0.ledger.write("removing copies that nobody needs", work).await
        })
    }

    fn touch<'a>(&'a self, image: &'a ImagePin, now: Timestamp) -> Answer<'a, bool> {
        let image = image.clone();
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| touch(transaction, &image, now);
            self.0.ledger.write("looking for a copy", work).await
        })
    }

    fn room(&self) -> Answer<'_, CopiesRoom> {
        Box::pin(async move {
            let blobs = self.0.blobs.clone();
            let work = move |snapshot: &Transaction<'_>| {
                let taken = "SELECT coalesce(sum(size_bytes), 0) FROM blob WHERE digest IN
                    (SELECT digest FROM repository_blob JOIN repository ON ordinal = repository WHERE name >= '~')";
                let taken_bytes = snapshot.prepare_cached(taken)?.query_row([], |row| row.get(0))?;
                Ok(CopiesRoom { taken_bytes, free_bytes: blobs.free_bytes()? })
            };
            self.0.ledger.read("looking for room for copies", work).await
        })
    }
}

fn touch(transaction: &Transaction<'_>, image: &ImagePin, now: Timestamp) -> Result<Ending<bool>, Fault> {
    let key = RepositoryKey { scope: image.scope.clone(), name: image.repository.clone() };
    let Some((place, mut repository)) = repository::find(transaction, &key)? else { return Ok(Ending::RollBack(false)) };
    repository.created_at = repository.created_at.max(now);
    transaction
        .prepare_cached("UPDATE repository SET document = ?2 WHERE ordinal = ?1")?
        .execute(params![place, document::write(&repository)])?;
    let Some(mut manifest) = manifest::get(transaction, place, &image.digest)? else { return Ok(Ending::Commit(false)) };
    manifest.pushed_at = manifest.pushed_at.max(now);
    transaction.prepare_cached("UPDATE manifest SET document = ?3 WHERE repository = ?1 AND digest = ?2")?.execute(params![
        place,
        image.digest.as_str(),
        document::write(&manifest)
    ])?;
    Ok(Ending::Commit(true))
}

/// Answers how many.
fn remove_empty_places(transaction: &Transaction<'_>, before: Timestamp) -> Result<u32, Fault> {
    let mut statement = transaction.prepare_cached(
        "SELECT ordinal, document FROM repository WHERE name >= '~'
             AND NOT EXISTS (SELECT 1 FROM manifest WHERE repository = ordinal)
             AND NOT EXISTS (SELECT 1 FROM repository_blob WHERE repository = ordinal)",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let empty: Vec<(Ordinal, String)> = rows.collect::<Result<_, _>>()?;
    let mut removed = 0;
    for (place, text) in empty {
        let repository: Repository = document::read("a repository", text.as_bytes())?;
        if repository.created_at < before {
            transaction.prepare_cached("DELETE FROM repository WHERE ordinal = ?1")?.execute([place])?;
            removed += 1;
        }
    }
    Ok(removed)
}

impl Copied {
    fn is(&self, pin: &ImagePin) -> bool {
        let ImagePin { scope, repository, digest } = pin;
        *digest == self.manifest.digest
            && *repository == self.name
            && scope.account.as_str() == self.account
            && scope.region.as_str() == self.region
    }
}

impl Copied {
    /// The platform keeps it, though perhaps no revision says so yet.
    fn is_pinned(&self, snapshot: &Transaction<'_>) -> Result<bool, Fault> {
        let mut statement = snapshot.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM image_pin WHERE account = ?1 AND region = ?2 AND repository = ?3 AND digest = ?4)",
        )?;
        let key = [&self.account, &self.region, self.name.as_str(), self.manifest.digest.as_str()];
        Ok(statement.query_row(key, |row| row.get(0))?)
    }
}

fn copied(snapshot: &Transaction<'_>) -> Result<Vec<Copied>, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT ordinal, account, region, name, manifest.document FROM manifest JOIN repository ON ordinal = manifest.repository
         WHERE name >= '~' ORDER BY ordinal",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
    let rows = rows.map(|row| {
        let (place, account, region, name, text): (Ordinal, String, String, String, String) = row?;
        let damaged = || Fault::Damaged("a row of the table repository is damaged".to_owned());
        let name = RepositoryName::stored(&name).map_err(|_| damaged())?;
        Ok(Copied { place, account, region, name, manifest: document::read("a manifest", text.as_bytes())? })
    });
    rows.collect()
}

/// The manifest, and what nothing else of the place names; the sweep takes the files.
fn remove(transaction: &Transaction<'_>, copied: Copied) -> Result<(), Fault> {
    let Copied { place, manifest: Manifest { digest, references, .. }, .. } = copied;
    transaction
        .prepare_cached("DELETE FROM manifest WHERE repository = ?1 AND digest = ?2")?
        .execute(params![place, digest.as_str()])?;
    let blobs: BTreeSet<Digest> = references.into_iter().chain([digest]).collect();
    for digest in blobs {
        if !blob::is_named(transaction, place, &digest)? && !manifest::is_manifest(transaction, place, &digest)? {
            blob::hide(transaction, place, &digest)?;
        }
    }
    Ok(())
}
