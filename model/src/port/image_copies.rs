//! The platform's copies of images of other registries. Kept by `store`; made by `control` through `Repositories`, `Blobs` and `Manifests`.

use crate::port::Answer;
use crate::revision::ImagePin;
use crate::time::Timestamp;

/// What copies take, and what is left for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopiesRoom {
    /// Of blobs in places for copies, each counted once.
    pub taken_bytes: u64,
    /// Of the disk that they are on.
    pub free_bytes: u64,
}

/// What lies in places for copies (`RepositoryKey::of_copies`).
pub trait ImageCopies: Send + Sync {
    /// Takes away every copied image that is none of `needed`, is not pinned (`PinnedImages`), and was copied or touched before `before`, and of its blobs
    /// those that no other image of its place names; then places without image and blob that were made or touched before it. Images of callers'
    /// repositories stay. Answers how many images went.
    fn keep<'a>(&'a self, needed: &'a [ImagePin], before: Timestamp) -> Answer<'a, u32>;

    /// Somebody is about to need this image: as if it, and its place, had been made now. Answers whether the image is there.
    fn touch<'a>(&'a self, image: &'a ImagePin, now: Timestamp) -> Answer<'a, bool>;

    fn room(&self) -> Answer<'_, CopiesRoom>;
}
