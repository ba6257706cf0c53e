//! What the operations of a push share: ids of uploads, digests of layers, and the faults that say what a step came to.
//! Never holds a layer, never decides about one: the registry does. Source of truth: the ECR API reference and its model's faults.

use crate::{fault::Wrong, limit, shape::ecr as shape};
use model::{
    digest::Digest,
    image_push::{LinkFailure, PushFailure},
    limit::LAYER_PART_BYTES_MIN,
    port::UploadId,
    refusal::Refusal,
    repository::RepositoryKey,
};
use serde_json::{Map, json};

/// The upload that a caller names: its model has a UUID there, in whose letters case means nothing.
pub fn upload_id(text: Option<String>) -> UploadId {
    let text = text.expect("validation refuses a call without a required member");
    UploadId(text.replace('-', "").to_ascii_lowercase())
}

/// Writes an upload's id as its model has it.
pub fn written(UploadId(hex): &UploadId) -> String {
    let cut = |from: usize, to: usize| hex.get(from..to).expect("an upload is named by 32 hexadecimal digits");
    format!("{}-{}-{}-{}-{}", cut(0, 8), cut(8, 12), cut(12, 16), cut(16, 20), cut(20, 32))
}

/// Reads a digest, which may be one of sha256 or sha512 here.
///
/// # Errors
/// A refusal that names the member.
pub fn digest(member: &str, text: &str) -> Result<Digest, Refusal> {
    Digest::parse(text).map_err(|refusal| Refusal::invalid(format!("Invalid parameter at '{member}': {}", refusal.message)))
}

/// The fault for a step of a push that came to nothing.
pub fn wrong(key: &RepositoryKey, upload: Option<&UploadId>, failure: PushFailure) -> Wrong {
    let place = format!("the repository with name '{}' in the registry with id '{}'", key.name, key.scope.account);
    let upload = upload.map(written).unwrap_or_default();
    match failure {
        PushFailure::Refused(refusal) => refusal.into(),
        PushFailure::UploadNotFound => {
            let words = format!("The layer upload '{upload}' does not exist in {place}.");
            Wrong::Declared(shape::UPLOAD_NOT_FOUND_EXCEPTION, words)
        }
        PushFailure::PartOutOfPlace { received_bytes } => out_of_place(key, upload, received_bytes),
        PushFailure::UploadEmpty => {
            let words = format!("The layer upload '{upload}' does not contain any layer parts.");
            Wrong::Declared(shape::EMPTY_UPLOAD_EXCEPTION, words)
        }
        PushFailure::PartTooSmall => {
            let words = format!("Layer parts other than the last one have at least {LAYER_PART_BYTES_MIN} bytes.");
            Wrong::Declared(shape::LAYER_PART_TOO_SMALL_EXCEPTION, words)
        }
        PushFailure::LayerExists(digest) => {
            Wrong::Declared(shape::LAYER_ALREADY_EXISTS_EXCEPTION, format!("The layer with digest '{digest}' exists in {place}."))
        }
        PushFailure::LayerWrong(digest) => {
            let words = format!("What was uploaded does not have the digest '{digest}'. Begin the upload again.");
            Wrong::Declared(shape::INVALID_LAYER_EXCEPTION, words)
        }
        PushFailure::LayersMissing(digests) => {
            let words = format!("These layers do not exist in {place}; upload them first: {}", listed(&digests));
            Wrong::Declared(shape::LAYERS_NOT_FOUND_EXCEPTION, words)
        }
        PushFailure::ImagesMissing(digests) => {
            let words = format!("These images do not exist in {place}; put them first: {}", listed(&digests));
            Wrong::Declared(shape::REFERENCED_IMAGES_NOT_FOUND_EXCEPTION, words)
        }
        PushFailure::DigestDiffers { said, computed } => {
            let words = format!("The image digest '{said}' does not match the one that the manifest has, '{computed}'.");
            Wrong::Declared(shape::IMAGE_DIGEST_DOES_NOT_MATCH_EXCEPTION, words)
        }
        PushFailure::ImageExists(digest) => {
            let words = format!("Image with digest '{digest}' already exists in {place}, and nothing of it or its tag changed.");
            Wrong::Declared(shape::IMAGE_ALREADY_EXISTS_EXCEPTION, words)
        }
        PushFailure::TagStays(refusal) => Wrong::Declared(shape::IMAGE_TAG_ALREADY_EXISTS_EXCEPTION, refusal.message),
    }
}

/// The one fault of ECR's with members that clients go on by.
fn out_of_place(key: &RepositoryKey, upload: String, received_bytes: u64) -> Wrong {
    let message = format!(
        "The layer part size is not valid, or the first byte specified is not consecutive to the last byte of a previous layer part upload: \
         the next part begins at {received_bytes}."
    );
    let mut details = Map::from_iter([
        ("registryId".to_owned(), json!(key.scope.account.as_str())),
        ("repositoryName".to_owned(), json!(key.name.as_str())),
        ("uploadId".to_owned(), json!(upload)),
    ]);
    // Where nothing was received there is no such byte.
    if let Some(last) = received_bytes.checked_sub(1) {
        details.insert("lastValidByteReceived".to_owned(), json!(last));
    }
    Wrong::Detailed(shape::INVALID_LAYER_PART_EXCEPTION, message, details)
}

/// The fault for a layer to which there is no link.
pub fn unlinked(key: &RepositoryKey, digest: &Digest, failure: LinkFailure) -> Wrong {
    let place = format!("the repository with name '{}' in the registry with id '{}'", key.name, key.scope.account);
    match failure {
        LinkFailure::Refused(refusal) => refusal.into(),
        LinkFailure::LayerNotFound => Wrong::Declared(
            shape::LAYERS_NOT_FOUND_EXCEPTION,
            format!("The layer with digest '{digest}' does not exist in {place}."),
        ),
        LinkFailure::LayerOfNoImage => {
            let words = format!(
                "The layer with digest '{digest}' is not available because it is not associated with an image in {place}. \
                 Unassociated image layers may be cleaned up at any time."
            );
            Wrong::Declared(shape::LAYER_INACCESSIBLE_EXCEPTION, words)
        }
    }
}

/// The first few.
fn listed(digests: &[Digest]) -> String {
    let named: Vec<&str> = digests.iter().take(limit::LAYERS_NAMED).map(Digest::as_str).collect();
    let more = digests.len() - named.len();
    if more > 0 { format!("{} and {more} more.", named.join(", ")) } else { format!("{}.", named.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_uploads_id_is_a_uuid_on_the_wire() {
        let id = UploadId("0123456789abcdef0123456789abcdef".to_owned());
        assert_eq!(written(&id), "01234567-89ab-cdef-0123-456789abcdef");
        assert_eq!(upload_id(Some("01234567-89AB-cdef-0123-456789ABCDEF".to_owned())), id);
    }
}
