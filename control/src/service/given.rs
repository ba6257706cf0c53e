//! What an instance finds in its environment beside what its image and its service say. Every such variable is named here, but for the token of the
//! instance's door, which the engine draws.
//!
//! Never shown by the API. Source of truth: the AWS SDKs' settings reference for the names; `docs/decisions/0021-credential-endpoint.md`.

use model::environment::Environment;
use model::given_variables::GivenVariables;
use model::instance_door::{CREDENTIALS_PATH, CREDENTIALS_VARIABLE, InstanceRole, door_url};
use model::revision::Revision;
use model::service::Service;

/// What a platform was told that the variables of its instances depend on. Made by `daemon`.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Given to every instance.
    pub everywhere: GivenVariables,
}

/// One of these, set by the service itself, says that it brings credentials of its own: then it also says itself whom it calls with them.
const OWN_CREDENTIALS: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"];

/// The role of a revision's instances.
pub(super) fn role(service: &Service, revision: &Revision) -> Option<InstanceRole> {
    let role = revision.configuration.instance_role.clone()?;
    Some(InstanceRole { role, service: service.arn() })
}

/// The variables of a revision's instances. `own` are the service's own, the secrets among them.
pub(super) fn given(surroundings: &Surroundings, service: &Service, revision: &Revision, own: &Environment) -> GivenVariables {
    let mut given = GivenVariables::default();
    let region = service.scope.region.as_str();
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        given.offer(name, region);
    }
    if role(service, revision).is_some() {
        let door = door_url(revision.configuration.port());
        given.set(CREDENTIALS_VARIABLE, format!("{door}{CREDENTIALS_PATH}"));
        if !OWN_CREDENTIALS.iter().any(|name| own.0.contains_key(*name)) {
            given.offer("AWS_ENDPOINT_URL", door);
        }
    }
    given.add(&surroundings.everywhere);
    given
}
