//! Repositories, tags, manifests and blobs in memory. Digests are really verified: the test lends the hash function.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard};

use bytes::Bytes;

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::chunks::{Body, Chunks};
use crate::digest::{Algorithm, Digest};
use crate::image_reference::{ImageTag, RepositoryName};
use crate::port::{
    Answer, BlobInfo, Blobs, CopiesRoom, Granted, ImageCopies, ImageTags, Manifests, PutManifest, Repositories, Stored, UploadId,
};
use crate::refusal::{Refusal, RefusalKind};
use crate::repository::{Deletion, Manifest, Repository, RepositoryChange, RepositoryKey, TaggedImage};
use crate::revision::ImagePin;
use crate::testbed::ledger::{page_by_key, ready};
use crate::time::Timestamp;
use crate::trouble::Trouble;
use crate::wish::{Page, PageRequest};

/// Computes a digest: rooms have the key for it, this crate has not.
pub type Hasher = fn(Algorithm, &[u8]) -> Digest;

/// A registry's memory that forgets when it is dropped.
#[derive(Debug)]
pub struct MemoryImages {
    hasher: Hasher,
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) repositories: BTreeMap<RepositoryKey, Repository>,
    pub(super) tags: BTreeMap<(RepositoryKey, String), Digest>,
    pub(super) manifests: BTreeMap<(RepositoryKey, Digest), Manifest>,
    pub(super) bytes: BTreeMap<Digest, Bytes>,
    pub(super) seen: BTreeSet<(RepositoryKey, Digest)>,
    uploads: BTreeMap<(RepositoryKey, UploadId), Vec<u8>>,
    /// What each pinned image names, and when it was pinned.
    pub(super) pins: Vec<(ImagePin, Timestamp, BTreeSet<Digest>)>,
    pub(super) audit: Vec<AuditRow>,
    /// What a test says of the room for copies.
    room: Option<CopiesRoom>,
}

impl MemoryImages {
    /// From now on copies have so much room.
    pub fn set_room(&self, room: CopiesRoom) {
        self.tables().room = Some(room);
    }
}

/// A body of pieces that are there already.
#[derive(Debug)]
pub struct VecBody(pub Vec<Result<Bytes, String>>);

impl Chunks for VecBody {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        let piece = if self.0.is_empty() { Ok(None) } else { self.0.remove(0).map(Some) };
        Box::pin(std::future::ready(piece.map_err(|why| Trouble::passing("reading a body", why))))
    }
}

/// A body's bytes, all of them.
pub async fn collect(mut body: Body) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

impl MemoryImages {
    pub fn new(hasher: Hasher) -> Self {
        Self { hasher, tables: Mutex::default() }
    }

    /// The audit rows so far.
    pub fn audited(&self) -> Vec<AuditRow> {
        self.tables().audit.clone()
    }

    pub(super) fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().expect("no test panics while it holds the registry")
    }
}

impl Repositories for MemoryImages {
    fn create<'a>(&'a self, repository: &'a Repository, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let mut tables = self.tables();
        if tables.repositories.contains_key(&repository.key) {
            let message = format!(
                "The repository with name '{}' already exists in the registry with id '{}'",
                repository.key.name, repository.key.scope.account
            );
            return ready(Err(Refusal::new(RefusalKind::AlreadyExists, message)));
        }
        tables.repositories.insert(repository.key.clone(), repository.clone());
        tables.audit.push(audit.clone());
        ready(Ok(()))
    }

    fn get<'a>(&'a self, key: &'a RepositoryKey) -> Answer<'a, Option<Repository>> {
        ready(self.tables().repositories.get(key).cloned())
    }

    fn list<'a>(&'a self, scope: &'a Scope, request: &'a PageRequest) -> Answer<'a, Page<Repository>> {
        let tables = self.tables();
        let listed = tables
            .repositories
            .values()
            .filter(|repository| repository.key.scope == *scope && !repository.key.name.is_of_copies())
            .cloned()
            .collect();
        ready(page_by_key(listed, request, |repository: &Repository| repository.key.name.to_string()))
    }

    fn set_policy<'a>(
        &'a self,
        key: &'a RepositoryKey,
        policy: Option<&'a str>,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<Option<String>>> {
        let mut tables = self.tables();
        let Some(repository) = tables.repositories.get_mut(key) else { return ready(Err(key.not_found())) };
        let before = std::mem::replace(&mut repository.policy, policy.map(str::to_owned));
        tables.audit.push(audit.clone());
        ready(Ok(before))
    }

    fn with_lifecycle(&self) -> Answer<'_, Vec<Repository>> {
        ready(self.tables().repositories.values().filter(|repository| repository.lifecycle.is_some()).cloned().collect())
    }

    fn named<'a>(&'a self, scope: &'a Scope, names: &'a [RepositoryName]) -> Answer<'a, Granted<Vec<Repository>>> {
        let tables = self.tables();
        let one = |name: &RepositoryName| {
            let key = RepositoryKey { scope: scope.clone(), name: name.clone() };
            tables.repositories.get(&key).cloned().ok_or_else(|| key.not_found())
        };
        ready(names.iter().map(one).collect())
    }

    fn change<'a>(
        &'a self,
        key: &'a RepositoryKey,
        change: &'a RepositoryChange,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<Repository>> {
        let mut tables = self.tables();
        let Some(repository) = tables.repositories.get(key).cloned() else { return ready(Err(key.not_found())) };
        ready(change.apply(repository).inspect(|changed| {
            tables.repositories.insert(key.clone(), changed.clone());
            tables.audit.push(audit.clone());
        }))
    }

    fn delete<'a>(&'a self, key: &'a RepositoryKey, deletion: Deletion, audit: &'a AuditRow) -> Answer<'a, Granted<Repository>> {
        let mut tables = self.tables();
        let Some(repository) = tables.repositories.get(key).cloned() else { return ready(Err(key.not_found())) };
        let occupied = tables.manifests.keys().any(|(owner, _)| owner == key);
        match deletion {
            Deletion::OnlyEmpty if occupied => return ready(Err(key.not_empty())),
            Deletion::OnlyEmpty | Deletion::WithImages => {}
        }
        tables.repositories.remove(key);
        tables.tags.retain(|(owner, _), _| owner != key);
        tables.manifests.retain(|(owner, _), _| owner != key);
        tables.seen.retain(|(owner, _)| owner != key);
        tables.uploads.retain(|(owner, _), _| owner != key);
        tables.audit.push(audit.clone());
        ready(Ok(repository))
    }
}

impl ImageTags for MemoryImages {
    fn get<'a>(&'a self, repository: &'a RepositoryKey, tag: &'a ImageTag) -> Answer<'a, Option<Digest>> {
        ready(self.tables().tags.get(&(repository.clone(), tag.to_string())).cloned())
    }

    fn list<'a>(&'a self, repository: &'a RepositoryKey, request: &'a PageRequest) -> Answer<'a, Page<TaggedImage>> {
        let tables = self.tables();
        let tagged = |((key, tag), digest): (&(RepositoryKey, String), &Digest)| {
            let tag = ImageTag::parse(tag).expect("only parsed tags are kept");
            (key == repository).then(|| TaggedImage { tag, digest: digest.clone() })
        };
        ready(page_by_key(tables.tags.iter().filter_map(tagged).collect(), request, |tagged| tagged.tag.to_string()))
    }

    fn remove<'a>(&'a self, repository: &'a RepositoryKey, tag: &'a ImageTag, audit: &'a AuditRow) -> Answer<'a, bool> {
        let mut tables = self.tables();
        let was_there = tables.tags.remove(&(repository.clone(), tag.to_string())).is_some();
        tables.audit.extend(was_there.then(|| audit.clone()));
        ready(was_there)
    }
}

impl Tables {
    fn put(&mut self, order: &PutManifest, audit: &AuditRow) -> Granted<Stored> {
        let key = &order.repository;
        let digest = &order.manifest.digest;
        for reference in &order.manifest.references {
            let there = (key.clone(), reference.clone());
            if !self.seen.contains(&there) && !self.manifests.contains_key(&there) {
                return Err(Refusal::invalid(format!("The manifest names {reference}, which is not in the repository.")));
            }
        }
        let before = order.tag.as_ref().and_then(|tag| self.tags.get(&(key.clone(), tag.to_string())).cloned());
        if let (Some(tag), Some(pointed)) = (&order.tag, &before)
            && pointed != digest
            && self.repositories.get(key).is_some_and(|repository| !repository.tag_mutability.lets_move(tag))
        {
            return Err(key.tag_stays(tag));
        }
        let known = self.manifests.contains_key(&(key.clone(), digest.clone()));
        if known && (order.tag.is_none() || before.as_ref() == Some(digest)) {
            return Ok(Stored::Same);
        }
        self.bytes.insert(digest.clone(), order.bytes.clone());
        self.seen.insert((key.clone(), digest.clone()));
        self.manifests.entry((key.clone(), digest.clone())).or_insert_with(|| order.manifest.clone());
        if let Some(tag) = &order.tag {
            self.tags.insert((key.clone(), tag.to_string()), digest.clone());
        }
        self.audit.push(audit.clone());
        Ok(Stored::New { before })
    }
}

impl Tables {
    /// The manifests of the repository that name a digest.
    pub(super) fn indexes(&self, repository: &RepositoryKey, digest: &Digest) -> Vec<Digest> {
        let names = |((key, _), manifest): &(&(RepositoryKey, Digest), &Manifest)| {
            key == repository && manifest.references.contains(digest)
        };
        self.manifests.iter().filter(names).map(|((_, index), _)| index.clone()).collect()
    }

    /// Takes a manifest and its tags away. Answers whether it was there.
    pub(super) fn remove_manifest(&mut self, repository: &RepositoryKey, digest: &Digest) -> bool {
        self.tags.retain(|(key, _), pointed| !(key == repository && pointed == digest));
        self.seen.remove(&(repository.clone(), digest.clone()));
        self.manifests.remove(&(repository.clone(), digest.clone())).is_some()
    }
}

impl Manifests for MemoryImages {
    fn put<'a>(&'a self, order: &'a PutManifest, audit: &'a AuditRow) -> Answer<'a, Granted<Stored>> {
        ready(self.tables().put(order, audit))
    }

    fn get<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<Manifest>> {
        ready(self.tables().manifests.get(&(repository.clone(), digest.clone())).cloned())
    }

    fn referrers<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Vec<Manifest>> {
        let tables = self.tables();
        let refers = |(key, manifest): &(&(RepositoryKey, Digest), &Manifest)| {
            key.0 == *repository && manifest.subject.as_ref() == Some(digest)
        };
        ready(tables.manifests.iter().filter(refers).map(|(_, manifest)| manifest.clone()).collect())
    }

    fn names<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, bool> {
        ready(!self.tables().indexes(repository, digest).is_empty())
    }

    fn remove<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest, audit: &'a AuditRow) -> Answer<'a, Granted<bool>> {
        let mut tables = self.tables();
        if !tables.indexes(repository, digest).is_empty() {
            return ready(Err(Refusal::wrong_state(format!("An index of the repository names {digest}: remove the index first."))));
        }
        let was_there = tables.remove_manifest(repository, digest);
        tables.audit.extend(was_there.then(|| audit.clone()));
        ready(Ok(was_there))
    }
}

impl ImageCopies for MemoryImages {
    fn keep<'a>(&'a self, needed: &'a [ImagePin], before: Timestamp) -> Answer<'a, u32> {
        let mut tables = self.tables();
        let is_spare = |((key, digest), manifest): &(&(RepositoryKey, Digest), &Manifest)| {
            let is_needed = needed.iter().any(|pin| (&pin.scope, &pin.repository, &pin.digest) == (&key.scope, &key.name, digest));
            let is_pinned =
                tables.pins.iter().any(|(pin, ..)| (&pin.scope, &pin.repository, &pin.digest) == (&key.scope, &key.name, digest));
            key.name.is_of_copies() && manifest.pushed_at < before && !is_needed && !is_pinned
        };
        let spare: Vec<(RepositoryKey, Manifest)> =
            tables.manifests.iter().filter(is_spare).map(|((key, _), manifest)| (key.clone(), manifest.clone())).collect();
        for (key, manifest) in &spare {
            tables.manifests.remove(&(key.clone(), manifest.digest.clone()));
        }
        for (key, manifest) in &spare {
            for digest in manifest.references.iter().chain([&manifest.digest]) {
                let is_named = tables
                    .manifests
                    .iter()
                    .any(|((place, at), other)| place == key && (at == digest || other.references.contains(digest)));
                if !is_named {
                    tables.seen.remove(&(key.clone(), digest.clone()));
                }
            }
        }
        let Tables { repositories, manifests, seen, .. } = &mut *tables;
        repositories.retain(|key, place| {
            let is_empty = manifests.keys().all(|(of, _)| of != key) && seen.iter().all(|(of, _)| of != key);
            !(key.name.is_of_copies() && is_empty && place.created_at < before)
        });
        ready(u32::try_from(spare.len()).unwrap_or(u32::MAX))
    }

    fn touch<'a>(&'a self, image: &'a ImagePin, now: Timestamp) -> Answer<'a, bool> {
        let mut tables = self.tables();
        let key = RepositoryKey { scope: image.scope.clone(), name: image.repository.clone() };
        if let Some(place) = tables.repositories.get_mut(&key) {
            place.created_at = place.created_at.max(now);
        }
        let manifest = tables.manifests.get_mut(&(key, image.digest.clone()));
        ready(manifest.map(|manifest| manifest.pushed_at = manifest.pushed_at.max(now)).is_some())
    }

    fn room(&self) -> Answer<'_, CopiesRoom> {
        let tables = self.tables();
        let blobs: BTreeSet<&Digest> =
            tables.seen.iter().filter(|(key, _)| key.name.is_of_copies()).map(|(_, digest)| digest).collect();
        let taken_bytes = blobs.into_iter().filter_map(|digest| tables.bytes.get(digest)).map(|bytes| bytes.len() as u64).sum();
        ready(tables.room.unwrap_or(CopiesRoom { taken_bytes, free_bytes: u64::MAX }))
    }
}

impl Blobs for MemoryImages {
    fn begin<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, ()> {
        self.tables().uploads.insert((repository.clone(), upload.clone()), Vec::new());
        ready(())
    }

    fn received<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, Option<u64>> {
        ready(self.tables().uploads.get(&(repository.clone(), upload.clone())).map(|bytes| bytes.len() as u64))
    }

    fn append<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        offset: u64,
        mut body: Body,
        bytes_max: u64,
    ) -> Answer<'a, Granted<u64>> {
        Box::pin(async move {
            let key = (repository.clone(), upload.clone());
            let there = self.tables().uploads.get(&key).map(|bytes| bytes.len() as u64);
            if there != Some(offset) {
                return Ok(Err(Refusal::wrong_state("The upload is not at this offset.")));
            }
            let mut fresh = Vec::new();
            while let Some(piece) = body.next().await? {
                if offset + (fresh.len() + piece.len()) as u64 > bytes_max {
                    return Ok(Err(Refusal::new(RefusalKind::Quota, format!("The blob is larger than {bytes_max} bytes."))));
                }
                fresh.extend_from_slice(&piece);
            }
            let mut tables = self.tables();
            let Some(bytes) = tables.uploads.get_mut(&key) else {
                return Ok(Err(Refusal::wrong_state("The upload is gone.")));
            };
            bytes.extend_from_slice(&fresh);
            Ok(Ok(bytes.len() as u64))
        })
    }

    fn finish<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>> {
        let mut tables = self.tables();
        let Some(bytes) = tables.uploads.remove(&(repository.clone(), upload.clone())) else {
            return ready(Err(Refusal::not_found("There is no such upload.")));
        };
        if (self.hasher)(digest.algorithm(), &bytes) != *digest {
            return ready(Err(Refusal::invalid(format!("The bytes do not have the digest {digest}."))));
        }
        tables.bytes.insert(digest.clone(), Bytes::from(bytes));
        tables.seen.insert((repository.clone(), digest.clone()));
        tables.audit.push(audit.clone());
        ready(Ok(()))
    }

    fn cancel<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, ()> {
        self.tables().uploads.remove(&(repository.clone(), upload.clone()));
        ready(())
    }

    fn stat<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<BlobInfo>> {
        let tables = self.tables();
        let seen = tables.seen.contains(&(repository.clone(), digest.clone()));
        ready(tables.bytes.get(digest).filter(|_| seen).map(|bytes| BlobInfo { size_bytes: bytes.len() as u64 }))
    }

    fn promise<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<BlobInfo>> {
        // Nothing is ever collected here.
        self.stat(repository, digest)
    }

    fn mount<'a>(
        &'a self,
        from: &'a RepositoryKey,
        to: &'a RepositoryKey,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, bool> {
        let mut tables = self.tables();
        let seen = tables.seen.contains(&(from.clone(), digest.clone()));
        if seen {
            tables.seen.insert((to.clone(), digest.clone()));
            tables.audit.push(audit.clone());
        }
        ready(seen)
    }

    fn read<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        digest: &'a Digest,
        range: Option<Range<u64>>,
    ) -> Answer<'a, Option<Body>> {
        let tables = self.tables();
        let seen = tables.seen.contains(&(repository.clone(), digest.clone()));
        let body = tables.bytes.get(digest).filter(|_| seen).map(|bytes| {
            let range = range.unwrap_or(0..bytes.len() as u64);
            let part = bytes.slice(range.start as usize..range.end as usize);
            Box::new(VecBody(part.chunks(4096).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect())) as Body
        });
        ready(body)
    }

    fn remove<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest, audit: &'a AuditRow) -> Answer<'a, Granted<bool>> {
        let mut tables = self.tables();
        let named =
            |((key, _), manifest): (&(RepositoryKey, Digest), &Manifest)| key == repository && manifest.references.contains(digest);
        if tables.manifests.iter().any(named) {
            return ready(Err(Refusal::wrong_state(format!("A manifest of the repository names {digest}."))));
        }
        let was_there = tables.seen.remove(&(repository.clone(), digest.clone()));
        tables.audit.extend(was_there.then(|| audit.clone()));
        ready(Ok(was_there))
    }
}
