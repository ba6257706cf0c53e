//! Images of a repository: manifests beside the tags that point at them, listed, looked up and removed.

use std::collections::HashSet;

use rusqlite::{Transaction, params};

use model::audit::AuditRow;
use model::digest::Digest;
use model::image_reference::ImageTag;
use model::lifecycle_policy::LifecyclePolicy;
use model::port::{Answer, EachImage, Granted, RepositoryImages};
use model::repository::{Manifest, RepositoryKey};
use model::repository_image::{ImageFailure, ImageId, ImageRow, RepositoryImage, TagStatus};
use model::time::Timestamp;
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::repository::{self, Ordinal};
use crate::ledger::{image_tag, manifest, page};
use crate::{Store, audit, document};

impl RepositoryImages for Store {
    fn list<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        status: TagStatus,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<RepositoryImage>>> {
        let (key, page) = (repository.clone(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| match repository::ordinal(snapshot, &key)? {
                Some(ordinal) => Ok(Ok(list(snapshot, ordinal, status, &page)?)),
                None => Ok(Err(key.not_found())),
            };
            self.0.ledger.read("listing images", work).await
        })
    }

    fn rows<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        status: TagStatus,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<ImageRow>>> {
        let (key, page) = (repository.clone(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| match repository::ordinal(snapshot, &key)? {
                Some(ordinal) => Ok(Ok(rows(snapshot, ordinal, status, &page)?)),
                None => Ok(Err(key.not_found())),
            };
            self.0.ledger.read("listing images and their tags", work).await
        })
    }

    fn find<'a>(&'a self, repository: &'a RepositoryKey, ids: &'a [ImageId]) -> Answer<'a, Granted<EachImage<RepositoryImage>>> {
        let (key, ids) = (repository.clone(), ids.to_vec());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| match repository::ordinal(snapshot, &key)? {
                Some(ordinal) => Ok(Ok(ids.iter().map(|id| find(snapshot, ordinal, id)).collect::<Result<_, Fault>>()?)),
                None => Ok(Err(key.not_found())),
            };
            self.0.ledger.read("looking for images", work).await
        })
    }

    fn remove<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        ids: &'a [ImageId],
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<EachImage<Vec<ImageRow>>>> {
        let (key, ids, row) = (repository.clone(), ids.to_vec(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let Some(ordinal) = repository::ordinal(transaction, &key)? else {
                    return Ok(Ending::RollBack(Err(key.not_found())));
                };
                let outcomes = remove_each(transaction, ordinal, &ids)?;
                if outcomes.iter().all(Result::is_err) {
                    return Ok(Ending::RollBack(Ok(outcomes)));
                }
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(Ok(outcomes)))
            };
            let outcomes = self.0.ledger.write("removing images", work).await?;
            if let Ok(outcomes) = &outcomes {
                // The layers wait for the sweep; what nobody sees any more (the manifests' own bytes) goes now.
                self.remove_files_now_or_later(outcomes.iter().flatten().flatten().map(|row| row.digest.clone()).collect()).await;
            }
            Ok(outcomes)
        })
    }

    fn expire<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        policy: &'a LifecyclePolicy,
        seen: &'a [RepositoryImage],
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<Vec<Digest>>> {
        let (key, policy, seen, row) = (repository.clone(), policy.clone(), seen.to_vec(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let Some((ordinal, repository)) = repository::find(transaction, &key)? else {
                    return Ok(Ending::RollBack(Err(key.not_found())));
                };
                if repository.lifecycle.as_ref() != Some(&policy) {
                    return Ok(Ending::RollBack(Ok(Vec::new())));
                }
                let gone = expire(transaction, ordinal, (&policy, row.at), &seen)?;
                if gone.is_empty() {
                    return Ok(Ending::RollBack(Ok(gone)));
                }
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(Ok(gone)))
            };
            let gone = self.0.ledger.write("letting images expire", work).await?;
            if let Ok(gone) = &gone {
                self.remove_files_now_or_later(gone.clone()).await;
            }
            Ok(gone)
        })
    }
}

/// Removes those that are as they were seen, if the policy still lets them go: how many there are may have changed.
fn expire(
    transaction: &Transaction<'_>,
    repository: Ordinal,
    (policy, now): (&LifecyclePolicy, Timestamp),
    seen: &[RepositoryImage],
) -> Result<Vec<Digest>, Fault> {
    let all = list(transaction, repository, TagStatus::Any, &PageRequest { after: None, items_max: None })?.items;
    let due: HashSet<Digest> = policy.expired(&all, now).into_iter().collect();
    let mut ids = Vec::with_capacity(seen.len());
    for seen in seen.iter().filter(|seen| due.contains(&seen.manifest.digest)) {
        let id = ImageId::Digest(seen.manifest.digest.clone());
        if find(transaction, repository, &id)?.is_ok_and(|now| now.is_as(seen)) {
            ids.push(id);
        }
    }
    let outcomes = remove_each(transaction, repository, &ids)?;
    Ok(outcomes.into_iter().flatten().filter_map(|rows| rows.into_iter().next()).map(|row| row.digest).collect())
}

/// By digest; a page's key is the digest.
fn list(
    snapshot: &Transaction<'_>,
    repository: Ordinal,
    status: TagStatus,
    page: &PageRequest,
) -> Result<Page<RepositoryImage>, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT document FROM manifest AS one WHERE repository = ?1 AND digest > ?2 AND CASE ?3
             WHEN 'tagged' THEN EXISTS (SELECT 1 FROM image_tag WHERE repository = ?1 AND digest = one.digest)
             WHEN 'untagged' THEN NOT EXISTS (SELECT 1 FROM image_tag WHERE repository = ?1 AND digest = one.digest)
             ELSE TRUE END
         ORDER BY digest LIMIT ?4",
    )?;
    let after = page.after.as_deref().unwrap_or("");
    let rows =
        statement.query_map(params![repository, after, word(status), page::rows_max(page)], |row| row.get::<_, String>(0))?;
    let images = rows.map(|text| {
        let manifest: Manifest = document::read("a manifest", text?.as_bytes())?;
        Ok((manifest.digest.to_string(), image(snapshot, repository, manifest)?))
    });
    Ok(page::cut(images.collect::<Result<_, Fault>>()?, page))
}

fn word(status: TagStatus) -> &'static str {
    match status {
        TagStatus::Tagged => "tagged",
        TagStatus::Untagged => "untagged",
        TagStatus::Any => "any",
    }
}

/// By digest, then by tag; a page's key is both (`ImageRow::place`).
fn rows(snapshot: &Transaction<'_>, repository: Ordinal, status: TagStatus, page: &PageRequest) -> Result<Page<ImageRow>, Fault> {
    let (digest, tag) = page.after.as_deref().unwrap_or("").split_once(' ').unwrap_or_default();
    let mut statement = snapshot.prepare_cached(
        "SELECT manifest.digest, image_tag.tag FROM manifest LEFT JOIN image_tag USING (repository, digest)
         WHERE repository = ?1 AND manifest.digest >= ?2 AND (manifest.digest, coalesce(image_tag.tag, '')) > (?2, ?3)
             AND CASE ?4 WHEN 'tagged' THEN image_tag.tag IS NOT NULL WHEN 'untagged' THEN image_tag.tag IS NULL ELSE TRUE END
         ORDER BY manifest.digest, image_tag.tag LIMIT ?5",
    )?;
    let key = params![repository, digest, tag, word(status), page::rows_max(page)];
    let rows = statement.query_map(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (digest, tag): (String, Option<String>) = row?;
        let tag = tag.map(|tag| ImageTag::parse(&tag)).transpose().map_err(|_| damaged())?;
        let row = ImageRow { digest: Digest::parse(&digest).map_err(|_| damaged())?, tag };
        Ok((row.place(), row))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}

fn image(snapshot: &Transaction<'_>, repository: Ordinal, manifest: Manifest) -> Result<RepositoryImage, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT tag FROM image_tag WHERE repository = ?1 AND digest = ?2 ORDER BY tag")?;
    let rows = statement.query_map(params![repository, manifest.digest.as_str()], |row| row.get::<_, String>(0))?;
    let tags = rows.map(|tag| ImageTag::parse(&tag?).map_err(|_| damaged())).collect::<Result<_, Fault>>()?;
    let size_bytes = match manifest.image_bytes {
        Some(size_bytes) => size_bytes,
        None => named_bytes(snapshot, repository, &manifest.digest)?,
    };
    Ok(RepositoryImage { manifest, tags, size_bytes })
}

/// The bytes of all that a manifest names.
fn named_bytes(snapshot: &Transaction<'_>, repository: Ordinal, digest: &Digest) -> Result<u64, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT coalesce(sum(size_bytes), 0) FROM manifest_reference JOIN blob USING (digest) WHERE repository = ?1 AND manifest = ?2",
    )?;
    Ok(statement.query_row(params![repository, digest.as_str()], |row| row.get(0))?)
}

fn find(snapshot: &Transaction<'_>, repository: Ordinal, id: &ImageId) -> Result<Result<RepositoryImage, ImageFailure>, Fault> {
    let digest = match id {
        ImageId::Digest(digest) => digest.clone(),
        ImageId::Tag(tag) | ImageId::Both { tag, .. } => match image_tag::get(snapshot, repository, tag)? {
            Some(pointed) => pointed,
            None => return Ok(Err(ImageFailure::NotFound)),
        },
    };
    if let ImageId::Both { digest: meant, .. } = id
        && *meant != digest
    {
        return Ok(Err(ImageFailure::TagElsewhere));
    }
    match manifest::get(snapshot, repository, &digest)? {
        Some(manifest) => Ok(Ok(image(snapshot, repository, manifest)?)),
        None => Ok(Err(ImageFailure::NotFound)),
    }
}

/// Those that an index names are tried again after the others, as long as that helps: the index may be among the others.
fn remove_each(transaction: &Transaction<'_>, repository: Ordinal, ids: &[ImageId]) -> Result<EachImage<Vec<ImageRow>>, Fault> {
    let mut outcomes: EachImage<Vec<ImageRow>> =
        ids.iter().map(|id| remove(transaction, repository, id)).collect::<Result<_, Fault>>()?;
    loop {
        let mut helped = false;
        for (id, outcome) in ids.iter().zip(&mut outcomes) {
            if let Err(ImageFailure::InIndex(_)) = outcome {
                *outcome = remove(transaction, repository, id)?;
                helped |= outcome.is_ok();
            }
        }
        if !helped {
            return Ok(outcomes);
        }
    }
}

fn remove(transaction: &Transaction<'_>, repository: Ordinal, id: &ImageId) -> Result<Result<Vec<ImageRow>, ImageFailure>, Fault> {
    let RepositoryImage { manifest, tags, .. } = match find(transaction, repository, id)? {
        Ok(image) => image,
        Err(failure) => return Ok(Err(failure)),
    };
    let digest = manifest.digest;
    match id {
        ImageId::Tag(tag) | ImageId::Both { tag, .. } if tags.len() > 1 => {
            image_tag::take(transaction, repository, tag)?;
            return Ok(Ok(vec![ImageRow { digest, tag: Some(tag.clone()) }]));
        }
        ImageId::Tag(_) | ImageId::Both { .. } | ImageId::Digest(_) => {}
    }
    let indexes = manifest::indexes(transaction, repository, &digest)?;
    if !indexes.is_empty() {
        return Ok(Err(ImageFailure::InIndex(indexes)));
    }
    manifest::take(transaction, repository, &digest)?;
    let untagged = tags.is_empty().then(|| ImageRow { digest: digest.clone(), tag: None });
    Ok(Ok(tags.into_iter().map(|tag| ImageRow { digest: digest.clone(), tag: Some(tag) }).chain(untagged).collect()))
}

fn damaged() -> Fault {
    Fault::Damaged("a row of the tables manifest and image_tag is damaged".to_owned())
}
