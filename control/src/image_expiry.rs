//! Lets images go that a repository's lifecycle policy no longer keeps. What is deployed from them has copies of its own.
//! Never decides which: that is the policy's. Source of truth: `model::lifecycle_policy`.

use std::collections::HashSet;

use model::audit::AuditRow;
use model::caller::Caller;
use model::digest::Digest;
use model::operation::OperationId;
use model::port::draw;
use model::repository::Repository;
use model::repository_image::{RepositoryImage, TagStatus};
use model::trouble::Trouble;
use model::wish::PageRequest;

use crate::limit::{EXPIRED_AT_ONCE, IMAGES_LOOKED_AT};
use crate::ports::Ports;

/// One look at every repository with a policy. One that fails keeps no other from its turn; the first trouble is the answer.
pub async fn expire_images(ports: &Ports) -> Result<(), Trouble> {
    let mut first = Ok(());
    for repository in ports.repositories.with_lifecycle().await? {
        if let Err(trouble) = expire(ports, &repository).await {
            first = first.and(Err(trouble));
        }
    }
    first
}

async fn expire(ports: &Ports, repository: &Repository) -> Result<(), Trouble> {
    let Some(policy) = &repository.lifecycle else { return Ok(()) };
    let Some(images) = all(ports, repository).await? else { return Ok(()) };
    let expired: HashSet<Digest> = policy.expired(&images, ports.clock.now()).into_iter().collect();
    let expired: Vec<RepositoryImage> = images.into_iter().filter(|image| expired.contains(&image.manifest.digest)).collect();
    for some in expired.chunks(EXPIRED_AT_ONCE) {
        let request_id = OperationId::from_random(draw(&*ports.dice)).to_string();
        let audit = AuditRow {
            at: ports.clock.now(),
            caller: Caller::platform(repository.key.scope.clone(), request_id),
            action: "ecr:PolicyExecutionEvent".to_owned(),
            resource: repository.key.arn(),
        };
        // Refused where the repository has gone meanwhile. What was pushed since the look stays, and an image that an index names stays until the index
        // has gone.
        let Ok(gone) = ports.repository_images.expire(&repository.key, policy, some, &audit).await? else { return Ok(()) };
        if !gone.is_empty() {
            tracing::info!(repository = %repository.key.arn(), images = gone.len(), "a lifecycle policy has let images go");
        }
    }
    Ok(())
}

/// All images of a repository; nothing where it has gone, or where there are more than are looked at.
async fn all(ports: &Ports, repository: &Repository) -> Result<Option<Vec<RepositoryImage>>, Trouble> {
    let page = PageRequest { after: None, items_max: Some(IMAGES_LOOKED_AT) };
    let Ok(page) = ports.repository_images.list(&repository.key, TagStatus::Any, &page).await? else { return Ok(None) };
    if page.next.is_some() {
        tracing::warn!(repository = %repository.key.arn(), most = IMAGES_LOOKED_AT, "a repository has too many images for its lifecycle policy");
        return Ok(None);
    }
    Ok(Some(page.items))
}
