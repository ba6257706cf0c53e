//! Where instances' doors ask for credentials, and where is said what a service's owner should read of it.

use crate::arn::ServiceArn;
use crate::instance::InstanceName;
use crate::instance_door::InstanceRole;
use crate::port::{Answer, Granted};
use crate::role_credentials::RoleCredentials;

/// Sessions of instance roles. Kept by `api`, which evaluates policies and seals sessions.
pub trait InstanceSessions: Send + Sync {
    /// Credentials that are good for at least half of the life that such credentials have. Whoever asks again soon gets the same ones, and each instance
    /// has its own. Refuses (`Denied`), in words that say how to mend it, a role that is gone or does not trust App Runner's tasks (any more).
    fn credentials<'a>(&'a self, instance: &'a InstanceName, role: &'a InstanceRole) -> Answer<'a, Granted<RoleCredentials>>;
}

/// Events for services of which no operation tells. Kept by `control`.
pub trait EventDesk: Send + Sync {
    /// Adds an event, which is durable when it answers. A service that is not there (any more) has no owner to tell: success.
    fn tell<'a>(&'a self, service: &'a ServiceArn, words: &'a str) -> Answer<'a, ()>;
}
