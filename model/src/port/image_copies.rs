//! The platform's copies of images of other registries. Kept by `store`; made by `control` through `Repositories`, `Blobs` and `Manifests`.

use crate::port::Answer;
use crate::revision::ImagePin;
use crate::time::Timestamp;

/// What lies in places for copies (`RepositoryKey::of_copies`).
pub trait ImageCopies: Send + Sync {
    /// Takes away every copied image that is none of `needed` and was copied before `before`, and of its blobs those that no other image of its place
    /// names. Images of callers' repositories stay. Answers how many went.
    fn keep<'a>(&'a self, needed: &'a [ImagePin], before: Timestamp) -> Answer<'a, u32>;
}
