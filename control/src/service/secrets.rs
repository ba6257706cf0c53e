//! Secret variables: read at a deployment with the rights of the instance role, kept with the revision, and given to each of its instances.
//!
//! Never evaluates a policy, never logs a value. A restart or one instance more reads what was kept: it does not depend on the secret still being there.

use model::environment::Environment;
use model::operation::Failure;
use model::port::{Granted, ReadOrder, ResolvedSecrets};
use model::revision::Revision;
use model::service::{Service, ServiceId};
use model::trouble::Trouble;

use crate::ports::Ports;

/// What the secret variables of a service's configuration are now; nothing where it has none.
pub(crate) async fn resolve(ports: &Ports, service: &Service) -> Result<Option<Granted<ResolvedSecrets>>, Trouble> {
    let configuration = &service.configuration;
    let (Some(references), Some(role)) = (configuration.image_source().secrets(), &configuration.instance_role) else {
        return Ok(None);
    };
    let order = ReadOrder { service: &service.arn(), role, references };
    ports.instance_roles.resolve(&order).await.map(Some)
}

/// Keeps them for the revision that a service is about to have; if they cannot be read, why, in words for the service's owner.
pub(super) async fn keep(ports: &Ports, service: &Service) -> Result<Result<(), Failure>, Trouble> {
    match resolve(ports, service).await? {
        None => Ok(Ok(())),
        Some(Err(refusal)) => Ok(Err(Failure { message: refusal.message })),
        Some(Ok(secrets)) => {
            // The number that the revision gets: of two resolutions of one number the last counts, until the revision is written.
            ports.revision_secrets.keep(&service.id, service.revisions + 1, &secrets).await?;
            Ok(Ok(()))
        }
    }
}

/// What was kept for a revision. A restored one has the values of the first that it restores: those never change, and what another deployment left under its
/// own number is none of its.
pub(crate) async fn of_revision(
    ports: &Ports,
    service: &ServiceId,
    revision: &Revision,
) -> Result<Option<ResolvedSecrets>, Trouble> {
    ports.revision_secrets.get(service, revision.restores.unwrap_or(revision.number)).await
}

/// Everything that an instance of a revision has in its environment, the secrets among it.
pub(super) async fn environment(ports: &Ports, service: &ServiceId, revision: &Revision) -> Result<Environment, Trouble> {
    let source = revision.configuration.image_source();
    let mut environment = source.environment();
    if source.secrets().is_none() {
        return Ok(environment);
    }
    let doing = || format!("reading the secrets of revision {} of {service}", revision.number);
    let kept = of_revision(ports, service, revision).await?;
    let kept = kept.ok_or_else(|| Trouble::lasting(doing(), "they are not there; deploy the service again"))?;
    // Only what the revision names: nothing else that was kept is its own.
    for name in source.secrets().into_iter().flat_map(|references| references.0.keys()) {
        let value = kept
            .values
            .get(name)
            .ok_or_else(|| Trouble::lasting(doing(), format!("{name} is not there; deploy the service again")))?;
        let text = value.expose_text().ok_or_else(|| Trouble::lasting(doing(), format!("the value of {name} is no text")))?;
        environment.0.insert(name.clone(), text.to_owned());
    }
    Ok(environment)
}
