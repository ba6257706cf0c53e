//! Manifests of a repository: bytes, row, references and tag in one transaction.

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use rusqlite::{OptionalExtension, Transaction, params};

use model::audit::AuditRow;
use model::digest::{Algorithm, Digest};
use model::port::{Answer, Granted, Manifests, PutManifest, Stored};
use model::refusal::Refusal;
use model::repository::{Manifest, Repository, RepositoryKey};
use model::time::Timestamp;

use crate::blobs::{BlobFolder, Draft};
use crate::blocking::blocking;
use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::repository::{self, Ordinal};
use crate::ledger::{blob, image_tag};
use crate::{Store, audit, document};

impl Manifests for Store {
    fn put<'a>(&'a self, order: &'a PutManifest, audit: &'a AuditRow) -> Answer<'a, Granted<Stored>> {
        let (order, row) = (order.clone(), audit.clone());
        Box::pin(async move {
            let doing = "keeping a manifest";
            let (uploads, bytes, named) = (self.0.uploads.clone(), order.bytes.clone(), order.manifest.digest.clone());
            let draft = blocking(move || {
                verify(&named, &bytes)?;
                uploads.draft(&bytes)
            });
            let draft = draft.await.map_err(|fault| fault.while_doing(doing))?;
            let (blobs, now) = (self.0.blobs.clone(), self.0.clock.now());
            self.0.ledger.write(doing, move |transaction| put(transaction, &blobs, &order, draft, now, &row)).await
        })
    }

    fn get<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<Manifest>> {
        let (key, digest) = (repository.clone(), digest.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| match repository::ordinal(snapshot, &key)? {
                Some(ordinal) => get(snapshot, ordinal, &digest),
                None => Ok(None),
            };
            self.0.ledger.read("reading a manifest", work).await
        })
    }

    fn referrers<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Vec<Manifest>> {
        let (key, digest) = (repository.clone(), digest.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let Some(ordinal) = repository::ordinal(snapshot, &key)? else { return Ok(Vec::new()) };
                let mut statement = snapshot
                    .prepare_cached("SELECT document FROM manifest WHERE repository = ?1 AND subject = ?2 ORDER BY digest")?;
                let rows = statement.query_map(params![ordinal, digest.as_str()], |row| row.get::<_, String>(0))?;
                rows.map(|text| document::read("a manifest", text?.as_bytes())).collect()
            };
            self.0.ledger.read("listing referrers", work).await
        })
    }

    fn names<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, bool> {
        let (key, digest) = (repository.clone(), digest.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| match repository::ordinal(snapshot, &key)? {
                Some(ordinal) => Ok(!indexes(snapshot, ordinal, &digest)?.is_empty()),
                None => Ok(false),
            };
            self.0.ledger.read("looking whether a manifest names a blob", work).await
        })
    }

    fn remove<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest, audit: &'a AuditRow) -> Answer<'a, Granted<bool>> {
        let (key, digest, row) = (repository.clone(), digest.clone(), audit.clone());
        Box::pin(async move {
            let removed = digest.clone();
            let work = move |transaction: &Transaction<'_>| remove(transaction, &key, &digest, &row);
            let answer = self.0.ledger.write("removing a manifest", work).await?;
            if answer == Ok(true) {
                self.remove_files_now_or_later(vec![removed]).await;
            }
            Ok(answer)
        })
    }
}

/// The registry computed the digest; a store that checks it once more never keeps bytes under a wrong name.
fn verify(named: &Digest, bytes: &[u8]) -> Result<(), Fault> {
    let algorithm = match named.algorithm() {
        Algorithm::Sha256 => &SHA256,
        Algorithm::Sha512 => &SHA512,
    };
    let computed = Digest::from_hash(named.algorithm(), digest(algorithm, bytes).as_ref());
    if computed == *named { Ok(()) } else { Err(Fault::Damaged(format!("a manifest came as {named}, but it is {computed}"))) }
}

fn put(
    transaction: &Transaction<'_>,
    blobs: &BlobFolder,
    order: &PutManifest,
    draft: Draft,
    now: Timestamp,
    row: &AuditRow,
) -> Result<Ending<Granted<Stored>>, Fault> {
    let PutManifest { repository: key, manifest, bytes, tag } = order;
    let Some((ordinal, repository)) = repository::find(transaction, key)? else {
        return Ok(Ending::RollBack(Err(key.not_found())));
    };
    for reference in &manifest.references {
        if blob::size(transaction, ordinal, reference)?.is_none() {
            let message = format!("The manifest names {reference}, which is not in the repository.");
            return Ok(Ending::RollBack(Err(Refusal::invalid(message))));
        }
    }
    let before = tag.as_ref().map(|tag| image_tag::get(transaction, ordinal, tag)).transpose()?.flatten();
    if let Some(refusal) = immutable(&repository, order, before.as_ref()) {
        return Ok(Ending::RollBack(Err(refusal)));
    }
    let known = get(transaction, ordinal, &manifest.digest)?.is_some();
    let mut draft = Some(draft);
    if known && !blobs.has(&manifest.digest, bytes.len() as u64)? {
        // Damaged on the disk since: these are its bytes.
        blobs.place(draft.take().expect("nobody took it"), &manifest.digest)?;
    }
    if known && (tag.is_none() || before.as_ref() == Some(&manifest.digest)) {
        return Ok(Ending::RollBack(Ok(Stored::Same)));
    }
    if let Some(draft) = draft.filter(|_| !known) {
        keep(transaction, ordinal, manifest)?;
        blob::put(transaction, ordinal, &manifest.digest, bytes.len() as u64, now)?;
        blobs.place(draft, &manifest.digest)?;
    }
    if let Some(tag) = tag {
        image_tag::put(transaction, ordinal, tag, &manifest.digest)?;
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(Stored::New { before })))
}

fn immutable(repository: &Repository, order: &PutManifest, before: Option<&Digest>) -> Option<Refusal> {
    let tag = order.tag.as_ref()?;
    let moves = before.is_some_and(|pointed| *pointed != order.manifest.digest);
    (moves && !repository.tag_mutability.lets_move(tag)).then(|| repository.key.tag_stays(tag))
}

fn keep(transaction: &Transaction<'_>, repository: Ordinal, manifest: &Manifest) -> Result<(), Fault> {
    let (digest, subject) = (manifest.digest.as_str(), manifest.subject.as_ref().map(Digest::as_str));
    transaction
        .prepare_cached("INSERT INTO manifest (repository, digest, subject, document) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![repository, digest, subject, document::write(manifest)])?;
    let mut statement = transaction.prepare_cached(
        "INSERT INTO manifest_reference (repository, manifest, digest) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    for reference in &manifest.references {
        statement.execute(params![repository, digest, reference.as_str()])?;
    }
    Ok(())
}

/// A manifest of the repository.
pub(super) fn get(snapshot: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<Option<Manifest>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT document FROM manifest WHERE repository = ?1 AND digest = ?2")?;
    let text: Option<String> = statement.query_row(params![repository, digest.as_str()], |row| row.get(0)).optional()?;
    text.map(|text| document::read("a manifest", text.as_bytes())).transpose()
}

fn remove(
    transaction: &Transaction<'_>,
    key: &RepositoryKey,
    digest: &Digest,
    row: &AuditRow,
) -> Result<Ending<Granted<bool>>, Fault> {
    let Some(ordinal) = repository::ordinal(transaction, key)? else {
        return Ok(Ending::RollBack(Ok(false)));
    };
    if !indexes(transaction, ordinal, digest)?.is_empty() {
        let message = format!("An index of the repository names {digest}: remove the index first.");
        return Ok(Ending::RollBack(Err(Refusal::wrong_state(message))));
    }
    if !take(transaction, ordinal, digest)? {
        return Ok(Ending::RollBack(Ok(false)));
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(true)))
}

/// Takes a manifest away that no index names. Its tags and references go with it (foreign keys), its bytes too. Answers whether it was there.
pub(super) fn take(transaction: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<bool, Fault> {
    let mut statement = transaction.prepare_cached("DELETE FROM manifest WHERE repository = ?1 AND digest = ?2")?;
    if statement.execute(params![repository, digest.as_str()])? == 0 {
        return Ok(false);
    }
    blob::hide(transaction, repository, digest)?;
    Ok(true)
}

/// The manifests of the repository that name a digest. If that is a manifest's, they are indexes.
pub(super) fn indexes(snapshot: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<Vec<Digest>, Fault> {
    let mut statement = snapshot
        .prepare_cached("SELECT manifest FROM manifest_reference WHERE repository = ?1 AND digest = ?2 ORDER BY manifest")?;
    let rows = statement.query_map(params![repository, digest.as_str()], |row| row.get::<_, String>(0))?;
    let damaged = |_| Fault::Damaged("a row of the table manifest_reference is damaged".to_owned());
    rows.map(|index| Digest::parse(&index?).map_err(damaged)).collect()
}

/// Whether a digest is that of a manifest of the repository.
pub(crate) fn is_manifest(snapshot: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<bool, Fault> {
    Ok(get(snapshot, repository, digest)?.is_some())
}
