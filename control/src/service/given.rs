//! What an instance finds in its environment beside what its image and its service say. Every such variable is named here, but for the token of the
//! instance's door, which the engine draws.
//!
//! Never shown by the API. Source of truth: the AWS SDKs' settings reference for the names; `docs/decisions/0021-credential-endpoint.md`.

use model::environment::Environment;
use model::given_variables::GivenVariables;
use model::instance_door::{CREDENTIALS_PATH, CREDENTIALS_VARIABLE, InstanceRole, door_url};
use model::revision::Revision;
use model::role::RoleArn;
use model::service::Service;

/// What a platform was told that the variables of its instances depend on. Made by `daemon`.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Given to every instance.
    pub everywhere: GivenVariables,
    /// Services that are not ours, and have a place.
    pub upstreams: Vec<UpstreamVariables>,
    /// Roles of ours for which real ones stand: instances with them call the real AWS.
    pub real_roles: Vec<RoleArn>,
}

/// What leads clients to a service that is not ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamVariables {
    /// `AWS_ENDPOINT_URL_S3`; some services have several clients.
    pub names: Vec<String>,
    /// The place itself; nothing where no instance can reach it, or it is another one in each region.
    pub url: Option<String>,
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
    let role = role(service, revision);
    let is_real = role.as_ref().is_some_and(|of| surroundings.real_roles.contains(&of.role));
    let has_own = OWN_CREDENTIALS.iter().any(|name| own.0.contains_key(*name));
    let door = role.map(|_| door_url(revision.configuration.port()));
    if let Some(door) = &door {
        given.set(CREDENTIALS_VARIABLE, format!("{door}{CREDENTIALS_PATH}"));
    }
    match door.filter(|_| !has_own) {
        // The real AWS knows these credentials, and nobody else does.
        _ if is_real => {}
        // Our API sends calls on that are not for us, with the rights of the role.
        Some(door) => {
            for name in surroundings.upstreams.iter().flat_map(|upstream| &upstream.names) {
                given.offer(name, &door);
            }
            given.offer("AWS_ENDPOINT_URL", door);
        }
        // Its own credentials are the place's, if they are anybody's.
        None => {
            for UpstreamVariables { names, url } in &surroundings.upstreams {
                for (name, url) in names.iter().zip(url.iter().cycle()) {
                    given.offer(name, url);
                }
            }
        }
    }
    given.add(&surroundings.everywhere);
    given
}
