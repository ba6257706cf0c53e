//! Copies of images of other registries: which of them go. They are made like any other image; only the names of their places tell them apart.

use std::collections::BTreeSet;

use rusqlite::{Transaction, params};

use model::digest::Digest;
use model::image_reference::RepositoryName;
use model::port::{Answer, ImageCopies};
use model::repository::Manifest;
use model::revision::ImagePin;
use model::time::Timestamp;

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::repository::Ordinal;
use crate::ledger::{blob, manifest};
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
                    if copied.manifest.pushed_at < before && !needed.iter().any(|pin| copied.is(pin)) {
                        remove(transaction, copied)?;
                        gone += 1;
                    }
                }
                Ok(if gone > 0 { Ending::Commit(gone) } else { Ending::RollBack(0) })
            };
            self.0.ledger.write("removing copies that nobody needs", work).await
        })
    }
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
