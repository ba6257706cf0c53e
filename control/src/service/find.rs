//! Which image a reference means now, and that its bytes are in our own store.
//!
//! Never decides what becomes of the answer. Source of truth: the tag in our registry.

use model::image_reference::{ImageReference, OwnImage, Pick};
use model::operation::Failure;
use model::repository::RepositoryKey;
use model::revision::ImagePin;
use model::trouble::Trouble;

use crate::ports::Ports;

/// The image under a reference, pinned; or why there is none, in words for the service's owner.
pub(super) async fn find(ports: &Ports, reference: &ImageReference) -> Result<Result<ImagePin, Failure>, Trouble> {
    match reference {
        ImageReference::Own(own) => find_own(ports, own).await,
        ImageReference::Foreign(foreign) => {
            Ok(Err(Failure { message: format!("The image {foreign} is of another registry, which this platform does not ask.") }))
        }
    }
}

async fn find_own(ports: &Ports, image: &OwnImage) -> Result<Result<ImagePin, Failure>, Trouble> {
    let repository = RepositoryKey { scope: image.scope.clone(), name: image.repository.clone() };
    let missing = |what: &str| Failure {
        message: format!("The image {image} does not exist: {what} Push the image, then create or update the service again."),
    };
    let digest = match &image.pick {
        Pick::Tag(tag) => match ports.image_tags.get(&repository, tag).await? {
            Some(digest) => digest,
            None => return Ok(Err(missing(&format!("the repository '{}' has no tag '{tag}'.", repository.name)))),
        },
        Pick::Digest(digest) => match ports.manifests.get(&repository, digest).await? {
            Some(manifest) => manifest.digest,
            None => return Ok(Err(missing(&format!("the repository '{}' has no such digest.", repository.name)))),
        },
    };
    let pin = ImagePin { scope: repository.scope, repository: repository.name, digest };
    // From here on the platform has its own copy, before any revision names it.
    match ports.pinned_images.pin(&pin, ports.clock.now()).await? {
        true => Ok(Ok(pin)),
        false => Ok(Err(missing("it was deleted a moment ago."))),
    }
}
