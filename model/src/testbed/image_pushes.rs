//! Pushes in memory, over repositories in memory. What a manifest names is read by a function that the test lends: this crate has no key to formats.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use crate::audit::AuditRow;
use crate::caller::Caller;
use crate::digest::{Algorithm, Digest};
use crate::image_push::{ImagePush, LayerPart, LinkFailure, PushFailure, PushedImage};
use crate::limit::LAYER_PART_BYTES_MIN;
use crate::port::{Answer, BlobInfo, Blobs, Granted, ImagePushes, Manifests, Pushed, PutManifest, Repositories, Stored, UploadId};
use crate::refusal::{Refusal, RefusalKind};
use crate::repository::{Manifest, RepositoryKey};
use crate::testbed::images::{Hasher, MemoryImages, VecBody};
use crate::time::Timestamp;

/// What a manifest is and names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedByManifest {
    pub media_type: String,
    pub layers: Vec<Digest>,
    pub images: Vec<Digest>,
}

/// Reads a manifest's bytes, with the media type that its caller says.
pub type ManifestReader = fn(&[u8], Option<&str>) -> Result<NamedByManifest, Refusal>;

/// A registry's side of ECR's push operations.
#[derive(Debug)]
pub struct MemoryPushes {
    images: Arc<MemoryImages>,
    hash: Hasher,
    read: ManifestReader,
    begun: Mutex<BTreeMap<UploadId, Sizes>>,
}

/// Of an upload's parts.
#[derive(Clone, Copy, Debug, Default)]
struct Sizes {
    last: Option<u64>,
    has_small: bool,
}

impl MemoryPushes {
    pub fn new(images: Arc<MemoryImages>, hash: Hasher, read: ManifestReader) -> Self {
        Self { images, hash, read, begun: Mutex::default() }
    }

    async fn found(&self, repository: &RepositoryKey) -> Answered<()> {
        Ok(Repositories::get(&*self.images, repository).await?.map(|_| ()).ok_or_else(|| repository.not_found()))
    }

    async fn received(&self, repository: &RepositoryKey, upload: &UploadId) -> Answered<u64, PushFailure> {
        if let Err(refusal) = self.found(repository).await? {
            return Ok(Err(refusal.into()));
        }
        Ok(self.images.received(repository, upload).await?.ok_or(PushFailure::UploadNotFound))
    }

    async fn put_manifest(&self, order: &ImagePush, audit: &AuditRow) -> Answered<PushedImage, PushFailure> {
        let ImagePush { repository, manifest, media_type, tag, digest: said } = order;
        if let Err(refusal) = self.found(repository).await? {
            return Ok(Err(refusal.into()));
        }
        let digest = (self.hash)(said.as_ref().map_or(Algorithm::Sha256, Digest::algorithm), manifest);
        if let Some(said) = said.as_ref().filter(|said| **said != digest) {
            return Ok(Err(PushFailure::DigestDiffers { said: said.clone(), computed: digest }));
        }
        let NamedByManifest { media_type, layers, images } = match (self.read)(manifest, media_type.as_deref()) {
            Ok(named) => named,
            Err(refusal) => return Ok(Err(refusal.into())),
        };
        let (mut without_layer, mut without_image) = (Vec::new(), Vec::new());
        for layer in &layers {
            without_layer.extend(self.images.stat(repository, layer).await?.is_none().then(|| layer.clone()));
        }
        for image in &images {
            without_image.extend(Manifests::get(&*self.images, repository, image).await?.is_none().then(|| image.clone()));
        }
        if !without_image.is_empty() {
            return Ok(Err(PushFailure::ImagesMissing(without_image)));
        }
        if !without_layer.is_empty() {
            return Ok(Err(PushFailure::LayersMissing(without_layer)));
        }
        let kept = Manifest {
            digest: digest.clone(),
            media_type: media_type.clone(),
            size_bytes: manifest.len() as u64,
            pushed_at: Timestamp::from_millis(9),
            references: layers.into_iter().chain(images).collect(),
            subject: None,
            artifact_type: None,
            image_bytes: None,
        };
        let order = PutManifest { repository: repository.clone(), manifest: kept, bytes: manifest.clone(), tag: tag.clone() };
        Ok(match self.images.put(&order, audit).await? {
            Ok(Stored::New { .. }) => Ok(PushedImage { digest, media_type }),
            Ok(Stored::Same) => Err(PushFailure::ImageExists(digest)),
            Err(refusal) if refusal.kind == RefusalKind::WrongState => Err(PushFailure::TagStays(refusal)),
            Err(refusal) => Err(refusal.into()),
        })
    }
}

type Answered<T, E = Refusal> = Result<Result<T, E>, crate::trouble::Trouble>;

impl ImagePushes for MemoryPushes {
    fn begin<'a>(&'a self, repository: &'a RepositoryKey, _caller: &'a Caller) -> Answer<'a, Pushed<UploadId>> {
        Box::pin(async move {
            if let Err(refusal) = self.found(repository).await? {
                return Ok(Err(refusal.into()));
            }
            let id = {
                let mut begun = self.begun.lock().expect("no test panics while it begins an upload");
                let id = UploadId(format!("{:032x}", begun.len() + 1));
                begun.insert(id.clone(), Sizes::default());
                id
            };
            self.images.begin(repository, &id).await?;
            Ok(Ok(id))
        })
    }

    fn append<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        part: LayerPart,
        _caller: &'a Caller,
    ) -> Answer<'a, Pushed<u64>> {
        Box::pin(async move {
            let received_bytes = match self.received(repository, upload).await? {
                Ok(received) => received,
                Err(failure) => return Ok(Err(failure)),
            };
            let LayerPart { first_byte, last_byte, bytes } = part;
            let length = bytes.len() as u64;
            if first_byte != received_bytes
                || last_byte.checked_sub(first_byte).and_then(|more| more.checked_add(1)) != Some(length)
            {
                return Ok(Err(PushFailure::PartOutOfPlace { received_bytes }));
            }
            let body = Box::new(VecBody(vec![Ok::<Bytes, String>(bytes)]));
            let appended = self.images.append(repository, upload, received_bytes, body, u64::MAX).await?;
            if let Some(sizes) = self.begun.lock().expect("no test panics while it appends").get_mut(upload) {
                sizes.has_small |= sizes.last.is_some_and(|last| last < LAYER_PART_BYTES_MIN);
                sizes.last = Some(length);
            }
            Ok(appended.map_err(PushFailure::Refused))
        })
    }

    fn finish<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, Pushed<()>> {
        Box::pin(async move {
            match self.received(repository, upload).await? {
                Ok(0) => return Ok(Err(PushFailure::UploadEmpty)),
                Ok(_) => {}
                Err(failure) => return Ok(Err(failure)),
            }
            let sizes = self.begun.lock().expect("no test panics while it finishes").get(upload).copied().unwrap_or_default();
            if sizes.has_small {
                return Ok(Err(PushFailure::PartTooSmall));
            }
            if self.images.promise(repository, digest).await?.is_some() {
                self.images.cancel(repository, upload).await?;
                return Ok(Err(PushFailure::LayerExists(digest.clone())));
            }
            let finished = Blobs::finish(&*self.images, repository, upload, digest, audit).await?;
            Ok(finished.map_err(|refusal| match refusal.kind {
                RefusalKind::Invalid => PushFailure::LayerWrong(digest.clone()),
                RefusalKind::NotFound => PushFailure::UploadNotFound,
                RefusalKind::WrongState
                | RefusalKind::AlreadyExists
                | RefusalKind::Quota
                | RefusalKind::Denied
                | RefusalKind::Throttled => PushFailure::Refused(refusal),
            }))
        })
    }

    fn layers<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        digests: &'a [Digest],
        _caller: &'a Caller,
    ) -> Answer<'a, Granted<Vec<Option<BlobInfo>>>> {
        Box::pin(async move {
            if let Err(refusal) = self.found(repository).await? {
                return Ok(Err(refusal));
            }
            let mut layers = Vec::with_capacity(digests.len());
            for digest in digests {
                layers.push(self.images.promise(repository, digest).await?);
            }
            Ok(Ok(layers))
        })
    }

    fn link<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Result<String, LinkFailure>> {
        Box::pin(async move {
            if let Err(refusal) = self.found(repository).await? {
                return Ok(Err(LinkFailure::Refused(refusal)));
            }
            if self.images.stat(repository, digest).await?.is_none() {
                return Ok(Err(LinkFailure::LayerNotFound));
            }
            if !self.images.names(repository, digest).await? {
                return Ok(Err(LinkFailure::LayerOfNoImage));
            }
            Ok(Ok(format!("/v2/{}/blobs/{digest}?link=in-memory", repository.name)))
        })
    }

    fn put<'a>(&'a self, order: &'a ImagePush, audit: &'a AuditRow) -> Answer<'a, Pushed<PushedImage>> {
        Box::pin(self.put_manifest(order, audit))
    }
}
