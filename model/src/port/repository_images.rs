//! Images of a repository, as a caller lists, looks up and removes them. Kept by `store`; asked by `api`.

use crate::audit::AuditRow;
use crate::digest::Digest;
use crate::lifecycle_policy::LifecyclePolicy;
use crate::port::{Answer, Granted};
use crate::repository::RepositoryKey;
use crate::repository_image::{ImageFailure, ImageId, ImageRow, RepositoryImage, TagStatus};
use crate::wish::{Page, PageRequest};

/// What was asked of each of several images, in the order asked.
pub type EachImage<T> = Vec<Result<T, ImageFailure>>;

/// Images of a repository. Every method refuses (`NotFound`) a repository that is not there.
pub trait RepositoryImages: Send + Sync {
    /// By digest. `after` is a digest's text, and need not be there (any more).
    fn list<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        status: TagStatus,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<RepositoryImage>>>;

    /// A row for each tag, and one for each image without a tag, in the order of `ImageRow::place`, which `after` is.
    fn rows<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        status: TagStatus,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<ImageRow>>>;

    /// Each of several images.
    fn find<'a>(&'a self, repository: &'a RepositoryKey, ids: &'a [ImageId]) -> Answer<'a, Granted<EachImage<RepositoryImage>>>;

    /// Removes each of several images, in one transaction with the audit row: by digest the image with all its tags; by tag only the tag, and with the
    /// last tag the image. One that an index of the repository names stays, unless that index goes in the same call. Answers the rows that are gone.
    fn remove<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        ids: &'a [ImageId],
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<EachImage<Vec<ImageRow>>>>;

    /// Removes those of the images that are still as they were seen (the same tags, pushed at the same time), in one transaction with the audit row, and
    /// only while the repository's lifecycle policy is this one, and lets them go of what is there at the row's time: a tag that was pushed meanwhile is not
    /// lost, a policy that was taken back removes nothing, and where newer images went the older ones that it keeps now stay. One that an index of
    /// the repository names stays, unless that index goes in the same call. Answers those that are gone; where none is, nothing is audited.
    fn expire<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        policy: &'a LifecyclePolicy,
        seen: &'a [RepositoryImage],
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<Vec<Digest>>>;
}
