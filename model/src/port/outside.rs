//! What asks the network on our behalf. Kept by `outside`.

use std::net::IpAddr;

use crate::port::{Answer, Granted};

/// Names to addresses, under the policy of what may be asked.
pub trait Resolver: Send + Sync {
    /// The addresses of a host that the policy allows us to connect to, in the order to try. Refuses (`NotFound`) a name that does not exist, and
    /// (`Denied`) one that only leads to places that callers must not reach through us.
    fn resolve<'a>(&'a self, host: &'a str) -> Answer<'a, Granted<Vec<IpAddr>>>;
}
