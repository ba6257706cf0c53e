//! What asks the network on our behalf. Kept by `outside`.

use std::net::{IpAddr, Ipv4Addr};

use crate::port::{Answer, Granted};

/// Names to addresses, under the policy of what may be asked.
pub trait Resolver: Send + Sync {
    /// The addresses of a host that the policy allows us to connect to, in the order to try. Refuses (`NotFound`) a name that does not exist, and
    /// (`Denied`) one that only leads to places that callers must not reach through us.
    fn resolve<'a>(&'a self, host: &'a str) -> Answer<'a, Granted<Vec<IpAddr>>>;
}

/// Names to addresses for what a service's owner has opened to that service's own instances (`reach`): private addresses are what it is for.
/// Never to be asked before *we* connect somewhere on a caller's behalf: that is `Resolver`'s.
pub trait Hosts: Send + Sync {
    /// Every IPv4 address of a host, in order; none for a name that does not exist. An address stands for itself.
    fn addresses<'a>(&'a self, host: &'a str) -> Answer<'a, Vec<Ipv4Addr>>;
}
