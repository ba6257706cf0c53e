//! The registry as ECR's own operations ask it: layers in parts, manifests as text, links to layers.
//!
//! Has no rules of its own: uploads, manifests, limits and the crew are the same as `/v2/`'s, and every fault of theirs is told as what a push came to.
//! Never authorizes: who asks has done it. Source of truth: ECR service model.

use std::future::Future;
use std::sync::Arc;

use model::audit::AuditRow;
use model::caller::Caller;
use model::digest::Digest;
use model::image_push::{ImagePush, LayerPart, LinkFailure, PushFailure, PushedImage};
use model::port::{Answer, BlobInfo, Granted, ImagePushes, Pushed, Stored, UploadId};
use model::refusal::{Refusal, RefusalKind};
use model::repository::RepositoryKey;
use model::trouble::Trouble;

use crate::body::held;
use crate::door::Registry;
use crate::fault::Fault;
use crate::manifest::{Kept, Push, digest_of};
use crate::{limit, upload};

/// The port, over the registry that the door has.
pub(crate) struct Pushes(pub Arc<Registry>);

/// Why a step goes no further.
enum Stop {
    Fault(Fault),
    Failure(PushFailure),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Fault(trouble.into())
    }
}

impl From<PushFailure> for Stop {
    fn from(failure: PushFailure) -> Self {
        Self::Failure(failure)
    }
}

impl Pushes {
    /// Runs a step to its end, whether or not anybody waits for it.
    async fn step<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Stop>> + Send + 'static,
    ) -> Result<Pushed<T>, Trouble> {
        match self.0.crew.see_through(work).await {
            Ok(Ok(done)) => Ok(Ok(done)),
            Ok(Err(Stop::Failure(failure))) => Ok(Err(failure)),
            Ok(Err(Stop::Fault(fault))) | Err(fault) => failure(fault).map(Err),
        }
    }

    async fn look(&self, repository: &RepositoryKey, digests: &[Digest], caller: &Caller) -> Result<Vec<Option<BlobInfo>>, Fault> {
        self.0.known(repository).await?;
        let pushes = self.0.allows(caller, "ecr:PutImage", repository).await?.is_ok();
        let mut layers = Vec::with_capacity(digests.len());
        for digest in digests {
            // Told that it is there, one who pushes will not bring it. One who may not push is promised nothing: a promise is written down.
            let blobs = &self.0.parts.blobs;
            layers.push(if pushes { blobs.promise(repository, digest).await? } else { blobs.stat(repository, digest).await? });
        }
        Ok(layers)
    }

    async fn link_to(&self, repository: &RepositoryKey, digest: &Digest) -> Result<Result<String, LinkFailure>, Fault> {
        self.0.known(repository).await?;
        if self.0.parts.blobs.stat(repository, digest).await?.is_none() {
            return Ok(Err(LinkFailure::LayerNotFound));
        }
        if !self.0.parts.manifests.names(repository, digest).await? {
            return Ok(Err(LinkFailure::LayerOfNoImage));
        }
        Ok(Ok(self.0.links.path(repository, digest, self.0.parts.clock.now().plus(limit::LAYER_LINK))))
    }
}

impl ImagePushes for Pushes {
    fn begin<'a>(&'a self, repository: &'a RepositoryKey, caller: &'a Caller) -> Answer<'a, Pushed<UploadId>> {
        let (registry, key, caller) = (Arc::clone(&self.0), repository.clone(), caller.clone());
        Box::pin(self.step(async move {
            registry.known(&key).await?;
            let (id, _claim) = upload::begin(&registry, &caller, &key).await?;
            Ok(id)
        }))
    }

    fn append<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        part: LayerPart,
        caller: &'a Caller,
    ) -> Answer<'a, Pushed<u64>> {
        let (registry, key, id, caller) = (Arc::clone(&self.0), repository.clone(), upload.clone(), caller.clone());
        Box::pin(self.step(async move {
            registry.known(&key).await?;
            let (_claim, received) = upload::claim(&registry, &caller, &key, &id).await?;
            let LayerPart { first_byte, last_byte, bytes } = part;
            let length = bytes.len() as u64;
            let said = last_byte.checked_sub(first_byte).and_then(|more| more.checked_add(1));
            if first_byte != received || said != Some(length) {
                return Err(upload::out_of_order(&key, &id, received).into());
            }
            let received = upload::append(&registry, &key, &id, received, held(bytes)).await?;
            registry.uploads.note_part(&id, length);
            Ok(received)
        }))
    }

    fn finish<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, Pushed<()>> {
        let (registry, key, id) = (Arc::clone(&self.0), repository.clone(), upload.clone());
        let (digest, audit) = (digest.clone(), audit.clone());
        Box::pin(self.step(async move {
            registry.known(&key).await?;
            let (_claim, received) = upload::claim(&registry, &audit.caller, &key, &id).await?;
            if received == 0 {
                return Err(PushFailure::UploadEmpty.into());
            }
            if registry.uploads.has_small_part(&id) {
                return Err(PushFailure::PartTooSmall.into());
            }
            // Promised, because the caller will go on without bringing it again.
            if registry.parts.blobs.promise(&key, &digest).await?.is_some() {
                registry.parts.blobs.cancel(&key, &id).await?;
                registry.uploads.close(&id);
                return Err(PushFailure::LayerExists(digest).into());
            }
            Ok(upload::seal(&registry, &key, &id, &digest, &audit).await?)
        }))
    }

    fn layers<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        digests: &'a [Digest],
        caller: &'a Caller,
    ) -> Answer<'a, Granted<Vec<Option<BlobInfo>>>> {
        Box::pin(async move {
            match self.look(repository, digests, caller).await {
                Ok(layers) => Ok(Ok(layers)),
                Err(fault) => refusal(fault).map(Err),
            }
        })
    }

    fn link<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Result<String, LinkFailure>> {
        Box::pin(async move {
            match self.link_to(repository, digest).await {
                Ok(link) => Ok(link),
                Err(fault) => refusal(fault).map(|refusal| Err(LinkFailure::Refused(refusal))),
            }
        })
    }

    fn put<'a>(&'a self, order: &'a ImagePush, audit: &'a AuditRow) -> Answer<'a, Pushed<PushedImage>> {
        let (registry, order, audit) = (Arc::clone(&self.0), order.clone(), audit.clone());
        Box::pin(self.step(async move {
            let ImagePush { repository, manifest, media_type, tag, digest: said } = order;
            registry.known(&repository).await?;
            if manifest.len() as u64 > limit::MANIFEST_BYTES {
                return Err(Fault::ManifestTooLarge.into());
            }
            let _held = registry.hold_manifest()?;
            let push = Push { repository: &repository, bytes: manifest.clone(), media_type: media_type.as_deref(), tag, said };
            let Kept { digest, media_type, stored, .. } = match push.keep(&registry, &audit).await {
                Ok(kept) => kept,
                Err(Fault::DigestMismatch { digest: said }) => {
                    let computed = digest_of(said.algorithm(), &manifest);
                    return Err(PushFailure::DigestDiffers { said, computed }.into());
                }
                Err(fault) => return Err(fault.into()),
            };
            match stored {
                Stored::New { .. } => Ok(PushedImage { digest, media_type: media_type.as_str().to_owned() }),
                Stored::Same => Err(PushFailure::ImageExists(digest).into()),
            }
        }))
    }
}

/// What a fault of `/v2/` is to a push; our own trouble stays trouble.
fn failure(fault: Fault) -> Result<PushFailure, Trouble> {
    Ok(match fault {
        Fault::UploadUnknown => PushFailure::UploadNotFound,
        Fault::UploadOutOfOrder { received_bytes, .. } => PushFailure::PartOutOfPlace { received_bytes },
        Fault::DigestMismatch { digest } => PushFailure::LayerWrong(digest),
        Fault::ManifestReferencesUnknown { blobs, manifests } if manifests.is_empty() => PushFailure::LayersMissing(blobs),
        Fault::ManifestReferencesUnknown { manifests, .. } => PushFailure::ImagesMissing(manifests),
        fault @ Fault::TagImmutable { .. } => PushFailure::TagStays(Refusal::wrong_state(fault.message())),
        other => PushFailure::Refused(refusal(other)?),
    })
}

fn refusal(fault: Fault) -> Result<Refusal, Trouble> {
    let kind = match &fault {
        Fault::Trouble { .. } => RefusalKind::Invalid, // answered below
        Fault::NameUnknown { .. } => RefusalKind::NotFound,
        Fault::Denied { .. } | Fault::Unauthorized { .. } => RefusalKind::Denied,
        Fault::UploadTooLarge => RefusalKind::Quota,
        Fault::UploadBusy | Fault::TooMany { .. } => RefusalKind::Throttled,
        Fault::NameInvalid { .. }
        | Fault::NoSuchEndpoint
        | Fault::MethodNotAllowed { .. }
        | Fault::DigestMalformed { .. }
        | Fault::DigestMismatch { .. }
        | Fault::TagMalformed { .. }
        | Fault::TagImmutable { .. }
        | Fault::ManifestUnknown
        | Fault::ManifestNotAcceptable { .. }
        | Fault::ManifestInvalid { .. }
        | Fault::ManifestTooLarge
        | Fault::ManifestReferencesUnknown { .. }
        | Fault::BlobUnknown { .. }
        | Fault::BlobInUse { .. }
        | Fault::RangeNotSatisfiable { .. }
        | Fault::UploadUnknown
        | Fault::UploadOutOfOrder { .. }
        | Fault::UploadMalformed { .. }
        | Fault::BodyBroken { .. }
        | Fault::Refused { .. } => RefusalKind::Invalid,
    };
    match fault {
        Fault::Trouble { trouble, .. } => Err(trouble),
        other => Ok(Refusal::new(kind, other.message())),
    }
}
