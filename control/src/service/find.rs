//! Which image a reference means now, and that its bytes are in our own store.
//!
//! Never decides what becomes of the answer. Source of truth: the tag in our registry; what our registry lacks, and what is of another one, is copied
//! from where it is, so that nobody has to be asked again for as long as the revision lives.

use model::foreign_image::ForeignImage;
use model::image_reference::{ImageReference, OwnImage, Pick};
use model::operation::Failure;
use model::port::Granted;
use model::refusal::{Refusal, RefusalKind};
use model::repository::RepositoryKey;
use model::revision::ImagePin;
use model::service::Service;
use model::trouble::Trouble;
use tracing::Instrument;

use crate::image_sweep::resolving_since;
use crate::limit::COPY_ROUNDS;
use crate::ports::Ports;
use crate::service::access::may_pull;
use crate::service::copy::{Errand, copy};

/// The image that a service's configuration names, pinned; or why there is none, in words for the service's owner.
pub(super) async fn find(ports: &Ports, service: &Service) -> Result<Result<ImagePin, Failure>, Trouble> {
    let errand = Errand::of(service, ports.clock.now());
    // Only repositories of our own have policies: images of other registries come with the operator's credentials.
    if let ImageReference::Own(own) = &service.configuration.image_source().reference {
        let repository = RepositoryKey { scope: own.scope.clone(), name: own.repository.clone() };
        if let Err(failure) = may_pull(ports, service, &repository).await? {
            return Ok(Err(failure));
        }
    }
    let reference = &service.configuration.image_source().reference;
    for _ in 0..COPY_ROUNDS {
        let found = match reference {
            ImageReference::Own(own) => match find_own(ports, own).await? {
                Err(missing) => copy_from_ecr(ports, &errand, own, missing).await?,
                found => found,
            },
            ImageReference::Foreign(foreign) => copy(ports, &errand, foreign).instrument(pull(foreign)).await?,
        };
        let pin = match found {
            Ok(pin) => pin,
            Err(refusal) => return Ok(Err(Failure { message: refusal.message })),
        };
        // From here on the platform has its own copy, before any revision names it.
        let now = ports.pin_dates.now(&*ports.clock);
        let dated = resolving_since(service).map_or(now, |since| now.max(since));
        if ports.pinned_images.pin(&pin, dated).await? {
            return Ok(Ok(pin));
        }
        if !pin.repository.is_of_copies() {
            return Ok(Err(Failure {
                message: format!("The image {reference} was deleted a moment ago. Push it, then deploy again."),
            }));
        }
        // Nobody can push a copy: what went meanwhile is copied again.
    }
    Err(Trouble::passing(format!("pinning {reference}"), "its copy went away again and again"))
}

async fn find_own(ports: &Ports, image: &OwnImage) -> Result<Granted<ImagePin>, Trouble> {
    let repository = RepositoryKey { scope: image.scope.clone(), name: image.repository.clone() };
    let missing = |what: &str| {
        let advice = "Push the image, then create or update the service again.";
        Refusal::not_found(format!("The image {image} does not exist: {what} {advice}"))
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
    Ok(Ok(ImagePin { scope: repository.scope, repository: repository.name, digest }))
}

/// Copying an image of another registry, for whoever measures it.
fn pull(image: &ForeignImage) -> tracing::Span {
    tracing::info_span!("image_pull", image = %image)
}

/// What our registry lacks is looked for in the real one, if the operator gave keys for it.
async fn copy_from_ecr(ports: &Ports, errand: &Errand, own: &OwnImage, missing: Refusal) -> Result<Granted<ImagePin>, Trouble> {
    let image = own.at_ecr();
    if !ports.remote.is_asked(&image.registry) {
        return Ok(Err(missing));
    }
    Ok(match copy(ports, errand, &image).instrument(pull(&image)).await? {
        Err(refusal) => {
            let message = match refusal.kind {
                RefusalKind::NotFound => format!("{} The upstream ECR lacks it too.", missing.message),
                RefusalKind::Invalid
                | RefusalKind::AlreadyExists
                | RefusalKind::WrongState
                | RefusalKind::Quota
                | RefusalKind::Denied
                | RefusalKind::Throttled => format!("It is not in this platform's registry. {}", refusal.message),
            };
            Err(Refusal::new(refusal.kind, message))
        }
        pinned => pinned,
    })
}
