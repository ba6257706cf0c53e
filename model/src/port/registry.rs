//! What a manifest push asks for and what it changed.

use bytes::Bytes;

use crate::digest::Digest;
use crate::image_reference::ImageTag;
use crate::repository::{Manifest, RepositoryKey};

/// A verified manifest on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutManifest {
    pub repository: RepositoryKey,
    /// `digest` is that of `bytes`: the registry computed it.
    pub manifest: Manifest,
    pub bytes: Bytes,
    pub tag: Option<ImageTag>,
}

/// What a push changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The tag (if any) points at it now, and pointed at `before`.
    New { before: Option<Digest> },
    /// Manifest and tag were already so.
    Same,
}
