//! Repositories, tags, manifests and blobs. Kept by `store`; filled by `registry`, listed by `api`, read by `engine`.

use std::ops::Range;

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::chunks::Body;
use crate::digest::Digest;
use crate::image_reference::{ImageTag, RepositoryName};
use crate::port::registry::{PutManifest, Stored};
use crate::port::{Answer, Granted};
use crate::repository::{Deletion, Manifest, Repository, RepositoryChange, RepositoryKey, TaggedImage};
use crate::wish::{Page, PageRequest};

/// Repositories of every account and region.
pub trait Repositories: Send + Sync {
    /// Refuses (`AlreadyExists`) a name that is there.
    fn create<'a>(&'a self, repository: &'a Repository, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    fn get<'a>(&'a self, key: &'a RepositoryKey) -> Answer<'a, Option<Repository>>;

    /// By name, without places for copies (`RepositoryKey::of_copies`).
    fn list<'a>(&'a self, scope: &'a Scope, page: &'a PageRequest) -> Answer<'a, Page<Repository>>;

    /// Replaces the policy, or takes it away. Answers the one that was there before; refuses (`NotFound`) a repository that is not there.
    fn set_policy<'a>(
        &'a self,
        key: &'a RepositoryKey,
        policy: Option<&'a str>,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<Option<String>>>;

    /// Those of every account and region from which images go by themselves.
    fn with_lifecycle(&self) -> Answer<'_, Vec<Repository>>;

    /// Named ones in the order asked; refuses (`NotFound`) at the first that is not there.
    fn named<'a>(&'a self, scope: &'a Scope, names: &'a [RepositoryName]) -> Answer<'a, Granted<Vec<Repository>>>;

    /// Answers the repository as it is then. Refuses (`NotFound`) one that is not there, and (`Quota`) too many tags.
    fn change<'a>(
        &'a self,
        key: &'a RepositoryKey,
        change: &'a RepositoryChange,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<Repository>>;

    /// Takes it away, with its tags, manifests and blobs. Answers it as it was. Refuses (`NotFound`) one that is not there, and (`WrongState`) one with
    /// images that may not go.
    fn delete<'a>(&'a self, key: &'a RepositoryKey, deletion: Deletion, audit: &'a AuditRow) -> Answer<'a, Granted<Repository>>;
}

/// Tags of a repository.
pub trait ImageTags: Send + Sync {
    fn get<'a>(&'a self, repository: &'a RepositoryKey, tag: &'a ImageTag) -> Answer<'a, Option<Digest>>;

    /// By tag, in byte order. `after` is a tag's text, and need not be there (any more): the page begins with the first tag behind it.
    fn list<'a>(&'a self, repository: &'a RepositoryKey, page: &'a PageRequest) -> Answer<'a, Page<TaggedImage>>;

    /// Takes the tag away and leaves the manifest. Answers whether it was there.
    fn remove<'a>(&'a self, repository: &'a RepositoryKey, tag: &'a ImageTag, audit: &'a AuditRow) -> Answer<'a, bool>;
}

/// Manifests of a repository.
pub trait Manifests: Send + Sync {
    /// Keeps the manifest's bytes as a blob, its row, and the tag if one is given, in one transaction with the audit row. Refuses (`Invalid`)
    /// when a referenced blob or manifest is not in the repository, (`WrongState`) when the tag is immutable and points elsewhere.
    fn put<'a>(&'a self, order: &'a PutManifest, audit: &'a AuditRow) -> Answer<'a, Granted<Stored>>;

    fn get<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<Manifest>>;

    /// Those whose `subject` is `digest`.
    fn referrers<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Vec<Manifest>>;

    /// Whether a manifest of the repository names the digest: a layer of an image, its configuration, an image of an index.
    fn names<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, bool>;

    /// Takes the manifest and the tags that point at it away. Answers whether it was there; refuses (`WrongState`) while an index of the repository
    /// names it.
    fn remove<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest, audit: &'a AuditRow) -> Answer<'a, Granted<bool>>;
}

/// An upload under way: 32 hexadecimal digits, drawn.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UploadId(pub String);

/// A blob that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobInfo {
    pub size_bytes: u64,
}

/// Blobs by digest, shared by all repositories; a repository sees those that were put or mounted into it. One that no manifest of the repository names
/// may be collected, but not soon after it was put, mounted or promised, nor while somebody uploads into the repository.
pub trait Blobs: Send + Sync {
    /// Opens an upload into a repository. It lives until it is finished or cancelled, or is swept after a day without a byte.
    fn begin<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, ()>;

    /// Bytes received so far; `None` if there is no such upload in the repository.
    fn received<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, Option<u64>>;

    /// Appends a body at `offset`, which must be what was received so far (else refused, `WrongState`). Answers the new length. A body that
    /// ends in an error, or passes `bytes_max` (refused, `Quota`), is taken back to `offset`.
    fn append<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        offset: u64,
        body: Body,
        bytes_max: u64,
    ) -> Answer<'a, Granted<u64>>;

    /// Verifies the digest of everything received, then makes the blob visible: fsync, rename, row, with the audit row. A wrong digest is refused (`Invalid`) and
    /// the upload is gone.
    fn finish<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>>;

    /// Absence is success.
    fn cancel<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, ()>;

    /// Whether the repository sees the blob. One that was found damaged is not there: whoever has its bytes brings them again.
    fn stat<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<BlobInfo>>;

    /// The same, for a client that will not upload what is there: it stays long enough for the rest of a push, named or not.
    fn promise<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<BlobInfo>>;

    /// Makes a blob of `from` visible in `to`. Answers false if `from` does not see it; then nothing is audited.
    fn mount<'a>(
        &'a self,
        from: &'a RepositoryKey,
        to: &'a RepositoryKey,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, bool>;

    /// The bytes of a blob that the repository sees, or a range of them (within its size). Of all bytes the digest is verified before the last piece is
    /// handed out; damage is trouble whose words say what to do (`Trouble::refused_by`).
    fn read<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest, range: Option<Range<u64>>)
    -> Answer<'a, Option<Body>>;

    /// Takes the blob out of the repository. Answers whether it was there; refuses (`WrongState`) while a manifest there names it.
    fn remove<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest, audit: &'a AuditRow) -> Answer<'a, Granted<bool>>;
}
