//! May the service pull its image? Asked at every deployment, before the image is looked for: who may not pull a repository shall not
//! learn what is in it.
//!
//! Never evaluates a policy: the port does.

use model::operation::Failure;
use model::port::PullOrder;
use model::repository::RepositoryKey;
use model::service::Service;
use model::trouble::Trouble;

use crate::ports::Ports;

/// Whether the service's access role lets it pull from a repository of ours; if not, why, in words for the service's owner.
pub(super) async fn may_pull(ports: &Ports, service: &Service, repository: &RepositoryKey) -> Result<Result<(), Failure>, Trouble> {
    let role = service.configuration.image_source().access_role.as_ref();
    let granted = ports.access_roles.may_pull(&PullOrder { service: &service.arn(), role, repository }).await?;
    Ok(granted.map_err(|refusal| Failure { message: refusal.message }))
}
