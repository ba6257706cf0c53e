//! Pushing an image by ECR's own operations: layers in parts, then a manifest; and what a push may come to beside success.
//!
//! Never parses a manifest and never holds a layer: that is the registry's. Source: ECR service model, `UploadLayerPart`, `CompleteLayerUpload`,
//! `PutImage` and the faults that they declare.

use bytes::Bytes;

use crate::digest::Digest;
use crate::image_reference::ImageTag;
use crate::refusal::Refusal;
use crate::repository::RepositoryKey;

/// A part of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerPart {
    /// Where in the layer its first byte stands, as the caller says it.
    pub first_byte: u64,
    /// Where its last byte stands, itself included.
    pub last_byte: u64,
    pub bytes: Bytes,
}

/// An image whose layers are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImagePush {
    pub repository: RepositoryKey,
    /// Its manifest, exactly as it is kept.
    pub manifest: Bytes,
    /// What the manifest is, if the caller says so; else the manifest does.
    pub media_type: Option<String>,
    pub tag: Option<ImageTag>,
    /// The digest that the caller computed.
    pub digest: Option<Digest>,
}

/// An image that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedImage {
    pub digest: Digest,
    pub media_type: String,
}

/// Why a step of a push came to nothing. Every one is the caller's to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushFailure {
    /// In the words of the refusal: the repository is not there (`NotFound`), the input is none (`Invalid`), too much (`Quota`), too many (`Throttled`).
    Refused(Refusal),
    UploadNotFound,
    /// The part does not begin where the last one ended, or is not as long as it says.
    PartOutOfPlace {
        received_bytes: u64,
    },
    /// Nothing was uploaded.
    UploadEmpty,
    /// A part other than the last has less than `limit::LAYER_PART_BYTES_MIN`.
    PartTooSmall,
    /// The repository has the layer already; the upload is gone.
    LayerExists(Digest),
    /// What was uploaded does not have this digest; the upload is gone.
    LayerWrong(Digest),
    /// The manifest names layers that the repository does not have.
    LayersMissing(Vec<Digest>),
    /// The index names images that the repository does not have.
    ImagesMissing(Vec<Digest>),
    /// The manifest's digest is another one than the caller said.
    DigestDiffers {
        said: Digest,
        computed: Digest,
    },
    /// The image is there under this tag, and nothing changed.
    ImageExists(Digest),
    /// The tag is there and may not move; the words say so.
    TagStays(Refusal),
}

/// Why there is no link to a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkFailure {
    /// The repository is not there.
    Refused(Refusal),
    LayerNotFound,
    /// It is there, but no image has it: it may go at any time.
    LayerOfNoImage,
}

impl From<Refusal> for PushFailure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
