//! What ECR's operations on layers and manifests ask of the registry. Kept by `registry`, whose `/v2/` is the same thing in other words: one set of
//! rules for both. Asked by `api`, which has authorized the caller.

use crate::audit::AuditRow;
use crate::caller::Caller;
use crate::digest::Digest;
use crate::image_push::{ImagePush, LayerPart, LinkFailure, PushFailure, PushedImage};
use crate::port::{Answer, BlobInfo, Granted, UploadId};
use crate::repository::RepositoryKey;

/// What a step of a push came to.
pub type Pushed<T> = Result<T, PushFailure>;

/// Pushes of images, step by step. Every method refuses a repository that is not there. What changes something runs to its end, whether or not anybody
/// waits for it.
pub trait ImagePushes: Send + Sync {
    /// Opens an upload. A caller has only so many at once (refused, `Throttled`); the rest of its life is as `Blobs::begin` says.
    fn begin<'a>(&'a self, repository: &'a RepositoryKey, caller: &'a Caller) -> Answer<'a, Pushed<UploadId>>;

    /// Appends a part behind what was received: all of it or nothing. Answers how many bytes the upload has now.
    fn append<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        part: LayerPart,
        caller: &'a Caller,
    ) -> Answer<'a, Pushed<u64>>;

    /// Verifies what was uploaded and makes it a layer of the repository.
    fn finish<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, Pushed<()>>;

    /// The layers that are there, in the order asked. To one who may push they are promised (`Blobs::promise`): told that they are there, it brings
    /// none of them.
    fn layers<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        digests: &'a [Digest],
        caller: &'a Caller,
    ) -> Answer<'a, Granted<Vec<Option<BlobInfo>>>>;

    /// Path and query under which anybody gets the layer for an hour, at any host where `/v2/` answers.
    fn link<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Result<String, LinkFailure>>;

    /// Keeps a manifest, and moves its tag if it has one; whoever waits for pushes is woken.
    fn put<'a>(&'a self, order: &'a ImagePush, audit: &'a AuditRow) -> Answer<'a, Pushed<PushedImage>>;
}
