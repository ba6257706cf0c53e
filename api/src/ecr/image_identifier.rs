//! The structures `ImageIdentifier` and `ImageFailure`: which image a caller means, and why it was not to be had.
//! Source of truth: the ECR API reference, `ImageFailureCode`.

use crate::shape::ecr as shape;
use model::{
    digest::Digest,
    image_reference::ImageTag,
    repository_image::{ImageFailure, ImageId, ImageRow},
};

/// One of many images could not be had: the rest of the call goes on.
#[derive(Debug, PartialEq, Eq)]
pub struct Failed {
    code: &'static str,
    reason: String,
}

impl Failed {
    fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// The image is there, and not in a form that the caller accepts.
    pub fn unaccepted(media_type: &str) -> Self {
        Self::new("ImageNotFound", format!("The image has the media type {media_type}, which is not among acceptedMediaTypes"))
    }

    /// What the caller reads, where one failure fails the whole call.
    pub fn into_reason(self) -> String {
        self.reason
    }

    /// Writes the failure beside what the caller asked for.
    pub fn render(self, asked: &shape::ImageIdentifier) -> shape::ImageFailure {
        shape::ImageFailure {
            image_id: Some(asked.clone()),
            failure_code: Some(self.code.to_owned()),
            failure_reason: Some(self.reason),
        }
    }
}

impl From<ImageFailure> for Failed {
    fn from(failure: ImageFailure) -> Self {
        match failure {
            ImageFailure::NotFound => Self::new("ImageNotFound", "Requested image not found"),
            ImageFailure::TagElsewhere => {
                Self::new("ImageTagDoesNotMatchDigest", "The tag does not belong to the image of this digest")
            }
            ImageFailure::InIndex(indexes) => {
                let indexes: Vec<&str> = indexes.iter().map(Digest::as_str).collect();
                let reason = format!("Requested image referenced by manifest list: [{}]", indexes.join(", "));
                Self::new("ImageReferencedByManifestList", reason)
            }
        }
    }
}

/// Reads what a caller means.
///
/// # Errors
/// A failure of this one image.
pub fn parse(identifier: &shape::ImageIdentifier) -> Result<ImageId, Failed> {
    let shape::ImageIdentifier { image_digest, image_tag } = identifier;
    let digest = |text: &String| {
        let wrong = |_| {
            Failed::new(
                "InvalidImageDigest",
                "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
            )
        };
        Digest::parse(text).map_err(wrong)
    };
    let tag = |text: &String| {
        ImageTag::parse(text)
            .map_err(|refusal| Failed::new("InvalidImageTag", format!("Invalid request parameters: {}", refusal.message)))
    };
    match (image_digest, image_tag) {
        (None, None) => Err(Failed::new("MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null")),
        (Some(text), None) => Ok(ImageId::Digest(digest(text)?)),
        (None, Some(text)) => Ok(ImageId::Tag(tag(text)?)),
        (Some(digest_text), Some(tag_text)) => Ok(ImageId::Both { digest: digest(digest_text)?, tag: tag(tag_text)? }),
    }
}

/// Writes a row of an image.
pub fn render(row: &ImageRow) -> shape::ImageIdentifier {
    let ImageRow { digest, tag } = row;
    shape::ImageIdentifier { image_digest: Some(digest.to_string()), image_tag: tag.as_ref().map(ImageTag::to_string) }
}
