//! Images of repositories in memory, as they are listed and removed, and as the platform keeps its own copies of them.

use std::collections::BTreeSet;

use bytes::Bytes;

use crate::audit::AuditRow;
use crate::chunks::Body;
use crate::digest::Digest;
use crate::image_reference::ImageTag;
use crate::lifecycle_policy::LifecyclePolicy;
use crate::port::{Answer, EachImage, Granted, PinnedImages, RepositoryImages};
use crate::repository::{Manifest, RepositoryKey};
use crate::repository_image::{ImageFailure, ImageId, ImageRow, RepositoryImage, TagStatus};
use crate::revision::ImagePin;
use crate::testbed::images::{MemoryImages, Tables, VecBody};
use crate::testbed::ledger::{page_by_key, ready};
use crate::time::Timestamp;
use crate::wish::{Page, PageRequest};

impl Tables {
    fn image(&self, key: &RepositoryKey, manifest: &Manifest) -> RepositoryImage {
        let points = |((owner, _), digest): &(&(RepositoryKey, String), &Digest)| owner == key && **digest == manifest.digest;
        let tags = self.tags.iter().filter(points).map(|((_, tag), _)| ImageTag::parse(tag).expect("only parsed tags are kept"));
        let named = manifest.references.iter().filter_map(|digest| self.bytes.get(digest)).map(|bytes| bytes.len() as u64);
        let size_bytes = manifest.image_bytes.unwrap_or_else(|| named.sum());
        RepositoryImage { manifest: manifest.clone(), tags: tags.collect(), size_bytes }
    }

    fn images(&self, key: &RepositoryKey, status: TagStatus) -> Vec<RepositoryImage> {
        let own = self.manifests.iter().filter(|((owner, _), _)| owner == key);
        own.map(|(_, manifest)| self.image(key, manifest)).filter(|image| status.admits(image.tags.len())).collect()
    }

    fn find_one(&self, key: &RepositoryKey, id: &ImageId) -> Result<RepositoryImage, ImageFailure> {
        let digest = match id {
            ImageId::Digest(digest) => digest,
            ImageId::Tag(tag) => self.tags.get(&(key.clone(), tag.to_string())).ok_or(ImageFailure::NotFound)?,
            ImageId::Both { tag, digest } => match self.tags.get(&(key.clone(), tag.to_string())) {
                Some(pointed) if pointed == digest => digest,
                Some(_) => return Err(ImageFailure::TagElsewhere),
                None => return Err(ImageFailure::NotFound),
            },
        };
        let manifest = self.manifests.get(&(key.clone(), digest.clone())).ok_or(ImageFailure::NotFound)?;
        Ok(self.image(key, manifest))
    }

    fn remove_one(&mut self, key: &RepositoryKey, id: &ImageId) -> Result<Vec<ImageRow>, ImageFailure> {
        let RepositoryImage { manifest, tags, .. } = self.find_one(key, id)?;
        let digest = manifest.digest;
        match id {
            ImageId::Tag(tag) | ImageId::Both { tag, .. } if tags.len() > 1 => {
                self.tags.remove(&(key.clone(), tag.to_string()));
                return Ok(vec![ImageRow { digest, tag: Some(tag.clone()) }]);
            }
            ImageId::Tag(_) | ImageId::Both { .. } | ImageId::Digest(_) => {}
        }
        let indexes = self.indexes(key, &digest);
        if !indexes.is_empty() {
            return Err(ImageFailure::InIndex(indexes));
        }
        self.remove_manifest(key, &digest);
        Ok(rows(&digest, &tags))
    }

    /// Those that an index names are tried again after the others, as long as that helps.
    fn remove_each(&mut self, repository: &RepositoryKey, ids: &[ImageId]) -> EachImage<Vec<ImageRow>> {
        let mut outcomes: EachImage<Vec<ImageRow>> = ids.iter().map(|id| self.remove_one(repository, id)).collect();
        loop {
            let held: Vec<usize> = (0..ids.len()).filter(|at| matches!(outcomes[*at], Err(ImageFailure::InIndex(_)))).collect();
            held.iter().for_each(|at| outcomes[*at] = self.remove_one(repository, &ids[*at]));
            if held.iter().all(|at| outcomes[*at].is_err()) {
                return outcomes;
            }
        }
    }

    /// Everything that an image names, itself included.
    fn closure(&self, key: &RepositoryKey, digest: &Digest) -> BTreeSet<Digest> {
        let (mut named, mut open) = (BTreeSet::new(), vec![digest.clone()]);
        while let Some(digest) = open.pop() {
            if let Some(manifest) = self.manifests.get(&(key.clone(), digest.clone())) {
                open.extend(manifest.references.iter().filter(|digest| !named.contains(*digest)).cloned());
            }
            named.insert(digest);
        }
        named
    }

    fn pin(&mut self, image: &ImagePin, now: Timestamp) -> bool {
        if self.pins.iter().any(|(pinned, ..)| pinned == image) {
            return true;
        }
        let key = RepositoryKey { scope: image.scope.clone(), name: image.repository.clone() };
        let there = self.manifests.contains_key(&(key.clone(), image.digest.clone()));
        if there {
            let named = self.closure(&key, &image.digest);
            self.pins.push((image.clone(), now, named));
        }
        there
    }
}

fn rows(digest: &Digest, tags: &[ImageTag]) -> Vec<ImageRow> {
    let tagged = tags.iter().map(|tag| ImageRow { digest: digest.clone(), tag: Some(tag.clone()) });
    let untagged = tags.is_empty().then(|| ImageRow { digest: digest.clone(), tag: None });
    tagged.chain(untagged).collect()
}

impl RepositoryImages for MemoryImages {
    fn list<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        status: TagStatus,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<RepositoryImage>>> {
        let tables = self.tables();
        if !tables.repositories.contains_key(repository) {
            return ready(Err(repository.not_found()));
        }
        let images = tables.images(repository, status);
        ready(Ok(page_by_key(images, page, |image: &RepositoryImage| image.manifest.digest.to_string())))
    }

    fn rows<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        status: TagStatus,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<ImageRow>>> {
        let tables = self.tables();
        if !tables.repositories.contains_key(repository) {
            return ready(Err(repository.not_found()));
        }
        let images = tables.images(repository, status);
        let listed = images.iter().flat_map(|image| rows(&image.manifest.digest, &image.tags)).collect();
        ready(Ok(page_by_key(listed, page, ImageRow::place)))
    }

    fn find<'a>(&'a self, repository: &'a RepositoryKey, ids: &'a [ImageId]) -> Answer<'a, Granted<EachImage<RepositoryImage>>> {
        let tables = self.tables();
        if !tables.repositories.contains_key(repository) {
            return ready(Err(repository.not_found()));
        }
        ready(Ok(ids.iter().map(|id| tables.find_one(repository, id)).collect()))
    }

    fn remove<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        ids: &'a [ImageId],
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<EachImage<Vec<ImageRow>>>> {
        let mut tables = self.tables();
        if !tables.repositories.contains_key(repository) {
            return ready(Err(repository.not_found()));
        }
        let outcomes = tables.remove_each(repository, ids);
        if outcomes.iter().any(Result::is_ok) {
            tables.audit.push(audit.clone());
        }
        ready(Ok(outcomes))
    }

    fn expire<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        policy: &'a LifecyclePolicy,
        seen: &'a [RepositoryImage],
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<Vec<Digest>>> {
        let mut tables = self.tables();
        match tables.repositories.get(repository).map(|kept| kept.lifecycle.as_ref() == Some(policy)) {
            None => return ready(Err(repository.not_found())),
            Some(false) => return ready(Ok(Vec::new())),
            Some(true) => {}
        }
        let due = policy.expired(&tables.images(repository, TagStatus::Any), audit.at);
        let seen = seen.iter().filter(|image| due.contains(&image.manifest.digest));
        let digests = seen.clone().map(|image| ImageId::Digest(image.manifest.digest.clone()));
        let unchanged = |(id, seen): &(ImageId, &RepositoryImage)| tables.find_one(repository, id).is_ok_and(|now| now.is_as(seen));
        let ids: Vec<ImageId> = digests.zip(seen).filter(unchanged).map(|(id, _)| id).collect();
        let outcomes = tables.remove_each(repository, &ids);
        let gone: Vec<Digest> =
            outcomes.into_iter().flatten().filter_map(|rows| rows.into_iter().next()).map(|row| row.digest).collect();
        if !gone.is_empty() {
            tables.audit.push(audit.clone());
        }
        ready(Ok(gone))
    }
}

impl PinnedImages for MemoryImages {
    fn pin<'a>(&'a self, image: &'a ImagePin, now: Timestamp) -> Answer<'a, bool> {
        let mut tables = self.tables();
        let pinned = tables.pin(image, now);
        tables.pins.iter_mut().filter(|(pinned, ..)| pinned == image).for_each(|(_, at, _)| *at = now.max(*at));
        ready(pinned)
    }

    fn read<'a>(&'a self, image: &'a ImagePin, digest: &'a Digest) -> Answer<'a, Option<Body>> {
        let tables = self.tables();
        let key = RepositoryKey { scope: image.scope.clone(), name: image.repository.clone() };
        let pinned = tables.pins.iter().any(|(pinned, _, named)| pinned == image && named.contains(digest));
        let readable = pinned || tables.seen.contains(&(key, digest.clone()));
        let pieces = |bytes: &Bytes| bytes.chunks(4096).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        ready(tables.bytes.get(digest).filter(|_| readable).map(|bytes| Box::new(VecBody(pieces(bytes))) as Body))
    }

    fn keep<'a>(&'a self, images: &'a [ImagePin], before: Timestamp) -> Answer<'a, ()> {
        let mut tables = self.tables();
        tables.pins.retain(|(image, at, _)| images.contains(image) || *at >= before);
        for image in images {
            tables.pin(image, before);
        }
        ready(())
    }
}
