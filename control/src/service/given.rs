//! What an instance finds in its environment beside what its image and its service say. Every such variable is named here, but for the token of the
//! instance's door, which the engine draws.
//!
//! Never shown by the API. Source of truth: the AWS SDKs' settings reference for the names; `docs/decisions/0021-credential-endpoint.md`.

use model::arn::ServiceArn;
use model::environment::Environment;
use model::given_variables::GivenVariables;
use model::instance_door::{CREDENTIALS_PATH, CREDENTIALS_VARIABLE, InstanceRole, door_url};
use model::revision::Revision;
use model::role::RoleArn;
use model::service::Service;
use model::token_key::{TOKEN_FILE, TOKEN_FOLDER};

/// What a platform was told that the variables of its instances depend on. Made by `daemon`.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Given to every instance.
    pub everywhere: GivenVariables,
    /// Services that are not ours, and have a place.
    pub upstreams: Vec<UpstreamVariables>,
    /// Roles of ours for which real ones stand: instances with them call the real AWS.
    pub real_roles: Vec<RoleArn>,
    /// Whether instances whose role is another AWS account's get identity tokens to take it with.
    pub makes_tokens: bool,
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

/// The role of a revision's instances, if it is one of this platform's: a service's own account's.
pub(super) fn role(service: &Service, revision: &Revision) -> Option<InstanceRole> {
    let role = revision.configuration.instance_role.clone().filter(|role| role.account() == service.scope.account)?;
    Some(InstanceRole { role, service: service.arn() })
}

/// Their role, if it is a real AWS account's: they take it with a token.
fn foreign_role<'a>(surroundings: &Surroundings, service: &Service, revision: &'a Revision) -> Option<&'a RoleArn> {
    let role = revision.configuration.instance_role.as_ref();
    role.filter(|role| surroundings.makes_tokens && role.account() != service.scope.account)
}

/// For whom an identity token lies in them.
pub(super) fn identity(surroundings: &Surroundings, service: &Service, revision: &Revision) -> Option<ServiceArn> {
    foreign_role(surroundings, service, revision).map(|_| service.arn())
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
        // The real AWS knows these credentials, and nobody else does: no other place is shown them.
        _ if is_real || foreign_role(surroundings, service, revision).is_some() => {}
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
    if let Some(role) = foreign_role(surroundings, service, revision) {
        // SDKs look for a token before they look for a container's credentials: an instance has one or the other. AWS itself is who is asked with it,
        // so no endpoint of ours stands beside it.
        given.offer("AWS_ROLE_ARN", role.as_str());
        given.offer("AWS_WEB_IDENTITY_TOKEN_FILE", format!("{TOKEN_FOLDER}/{TOKEN_FILE}"));
        given.offer("AWS_ROLE_SESSION_NAME", service.name.as_str());
    }
    given
}
