//! The platform's own copies of what was deployed. Kept by `store`; pinned by `control`, read by `engine`.
//!
//! Source: App Runner Developer Guide: a service runs a copy of its image, so what becomes of the repository does not reach it.

use crate::chunks::Body;
use crate::digest::Digest;
use crate::port::Answer;
use crate::revision::ImagePin;
use crate::time::Timestamp;

/// Images that stay readable, whatever becomes of the repository they were pushed to.
pub trait PinnedImages: Send + Sync {
    /// Pins the manifest (or the index) and all that it names. Pinned already is success, also if the repository is gone; it then counts as pinned
    /// `now`, but never earlier than before. Answers false if the repository does not have it, and it is not pinned.
    fn pin<'a>(&'a self, image: &'a ImagePin, now: Timestamp) -> Answer<'a, bool>;

    /// The bytes of something that an image names, or of the image's own manifest: of our copy, or of what its repository sees.
    fn read<'a>(&'a self, image: &'a ImagePin, digest: &'a Digest) -> Answer<'a, Option<Body>>;

    /// Pins these, as far as their repositories have them, and takes away every other pin that is older than `before`, with the bytes that nobody else
    /// needs.
    fn keep<'a>(&'a self, images: &'a [ImagePin], before: Timestamp) -> Answer<'a, ()>;
}
