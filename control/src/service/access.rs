//! May the service pull its image? Asked at every deployment, before the image is looked for: who may not pull a repository shall not
//! learn what is in it.
//!
//! Never evaluates a policy: the port does.

use model::image_reference::ImageReference;
use model::operation::Failure;
use model::port::PullOrder;
use model::repository::RepositoryKey;
use model::revision::ImagePin;
use model::trouble::Trouble;

use super::find;
use super::perform::Scene;

impl Scene<'_> {
    /// Finds the image if the service's access role lets it be pulled.
    pub(super) async fn allowed(&self) -> Result<Result<ImagePin, Failure>, Trouble> {
        let service = &self.promise.service;
        let source = service.configuration.image_source();
        // Only repositories of our own have policies; images of other registries come with the operator's credentials.
        let ImageReference::Own(own) = &source.reference else { return find::find(self.ports, service).await };
        let repository = RepositoryKey { scope: own.scope.clone(), name: own.repository.clone() };
        let order = PullOrder { service: &service.arn(), role: source.access_role.as_ref(), repository: &repository };
        match self.ports.access_roles.may_pull(&order).await? {
            Ok(()) => find::find(self.ports, service).await,
            Err(refusal) => Ok(Err(Failure { message: refusal.message })),
        }
    }
}
