//! Images of a repository as ECR lists them: a manifest or an index, with the tags that point at it.
//!
//! Source: ECR service model, `ImageDetail`, `ImageIdentifier`, `ImageFailureCode`; ECR API Reference, `BatchDeleteImage`.

use crate::digest::Digest;
use crate::image_reference::ImageTag;
use crate::repository::Manifest;

/// An image of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryImage {
    pub manifest: Manifest,
    /// In byte order; none for an image that is only reached by its digest.
    pub tags: Vec<ImageTag>,
    /// `Manifest::image_bytes`, or what can be said of a manifest without it: the bytes of all that it names.
    pub size_bytes: u64,
}

/// A row of `ListImages`: an image under one of its tags, or without any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRow {
    pub digest: Digest,
    pub tag: Option<ImageTag>,
}

/// Which images are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagStatus {
    Tagged,
    Untagged,
    Any,
}

/// Which image a caller means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageId {
    Tag(ImageTag),
    Digest(Digest),
    /// The tag, if it points at this digest.
    Both {
        tag: ImageTag,
        digest: Digest,
    },
}

/// Why one image of many was not found or not removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageFailure {
    NotFound,
    /// The tag is there and points at another image.
    TagElsewhere,
    /// These indexes of the repository name it.
    InIndex(Vec<Digest>),
}

impl RepositoryImage {
    /// Whether nobody pushed, moved or took away anything of it since it was seen so.
    pub fn is_as(&self, seen: &Self) -> bool {
        self.manifest.digest == seen.manifest.digest && self.manifest.pushed_at == seen.manifest.pushed_at && self.tags == seen.tags
    }
}

impl TagStatus {
    /// Whether an image with so many tags is listed.
    pub fn admits(self, tags: usize) -> bool {
        match self {
            Self::Tagged => tags > 0,
            Self::Untagged => tags == 0,
            Self::Any => true,
        }
    }
}

impl ImageRow {
    /// Where the row stands among all rows of its repository: by digest, then by tag. A digest has no space in it.
    pub fn place(&self) -> String {
        format!("{} {}", self.digest, self.tag.as_ref().map_or("", ImageTag::as_str))
    }
}
