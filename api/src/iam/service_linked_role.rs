//! Service-linked roles: those that App Runner has in an account, as clients expect to be able to make them.
//! Nothing here depends on one: the platform acts as itself. Source of truth: IAM User Guide, "Using service-linked roles"; App Runner
//! Developer Guide, the same.

use model::role::{Role, RoleArn, RoleName};

/// Where they stand: nobody else may make a role there.
pub const PATH: &str = "/aws-service-role/";

/// A service that has such a role.
pub struct Linked {
    /// Its name: `apprunner.amazonaws.com`.
    pub service: &'static str,
    /// Its role's.
    pub role: &'static str,
    /// The managed policy that AWS attaches. The ARN alone: nobody takes this role here.
    pub policy: &'static str,
}

/// All of them. Source: companion-apis.md §4; App Runner Developer Guide, "Using service-linked roles".
pub const LINKED: [Linked; 2] = [
    Linked {
        service: "apprunner.amazonaws.com",
        role: "AWSServiceRoleForAppRunner",
        policy: "arn:aws:iam::aws:policy/aws-service-role/AppRunnerServiceRolePolicy",
    },
    Linked {
        service: "networking.apprunner.amazonaws.com",
        role: "AWSServiceRoleForAppRunnerNetworking",
        policy: "arn:aws:iam::aws:policy/aws-service-role/AppRunnerNetworkingServiceRolePolicy",
    },
];

impl Linked {
    /// The one of a service.
    pub fn of_service(service: &str) -> Option<&'static Self> {
        LINKED.iter().find(|linked| linked.service == service)
    }

    /// The path of its role.
    pub fn path(&self) -> String {
        format!("{PATH}{}/", self.service)
    }

    /// Who may take its role: the service alone.
    pub fn trust(&self) -> String {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":["{}"]}},"Action":["sts:AssumeRole"]}}]}}"#,
            self.service
        )
    }

    /// The name of its role.
    pub fn name(&self) -> RoleName {
        RoleName::parse(self.role).expect("a role name")
    }
}

/// Whether a role is one: by its name, its path and whom it trusts. A path alone was to be had by anybody in earlier versions.
pub fn is_linked(role: &Role) -> bool {
    LINKED.iter().any(|linked| role.name == linked.name() && role.path == linked.path() && role.trust == linked.trust())
}

/// What IAM answers to who would change one.
pub fn protected(name: &RoleName) -> String {
    format!("Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS")
}

/// The task that deletes a role: `task<path><role>/<UUID>`.
pub fn task(role: &RoleArn, id: &str) -> String {
    let path_and_name = role.as_str().split_once(":role").map_or("/", |(_, rest)| rest);
    format!("task{path_and_name}/{id}")
}

/// The role whose deletion a text is the task of, if it has that form.
pub fn of_task(text: &str) -> Option<&'static Linked> {
    LINKED.iter().find(|linked| {
        let id = text.strip_prefix(&format!("task{}{}/", linked.path(), linked.role));
        id.is_some_and(|id| id.len() == 36 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'))
    })
}
