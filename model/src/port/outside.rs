//! What asks the network on our behalf. Kept by `outside`.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use crate::chunks::Body;
use crate::foreign_image::{ForeignImage, RegistryHost, RemoteBlob, RemoteManifest};
use crate::identity_provider::IssuerUrl;
use crate::port::{Answer, Granted};
use crate::web_identity::IssuerKey;

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

/// Registries that are not ours, asked for images. What is refused is the other side's doing or the operator's to allow, in a sentence that names the
/// registry; passing faults have been tried again by then. Nothing that is answered is believed before its digest is verified.
pub trait RemoteRegistry: Send + Sync {
    /// Whether this registry is asked at all. An account's ECR registry is, only if the operator gave keys for it.
    fn is_asked(&self, registry: &RegistryHost) -> bool;

    /// The manifest that an image means now: of an index, the one for this machine. Refuses (`NotFound`) an image that is not there, and (`Invalid`)
    /// one that is for other machines only.
    fn manifest<'a>(&'a self, image: &'a ForeignImage) -> Answer<'a, Granted<RemoteManifest>>;

    /// A blob of the image's repository from `offset` to its end. The body has exactly the bytes that are left, or ends in trouble; if that is the
    /// other side's doing, the trouble says so (`Trouble::refused_by`). From offset 0 the digest is verified before the last piece is handed out.
    fn blob<'a>(&'a self, image: &'a ForeignImage, blob: &'a RemoteBlob, offset: u64) -> Answer<'a, Granted<Body>>;
}

/// Outside issuers of identity tokens, asked for the keys that they sign with.
pub trait Issuers: Send + Sync {
    /// The keys of an issuer. They are remembered for a while; if the one that is `wanted` (the name in a token's header) is not among those, the
    /// issuer is asked again, though not every time. The answer may lack it all the same. Refuses (`WrongState`, `Throttled`) where the issuer cannot be
    /// reached or asks for patience, and otherwise (`Denied`, `NotFound`, `Invalid`) where it may not be asked or its answer is none.
    fn keys<'a>(&'a self, issuer: &'a IssuerUrl, wanted: Option<&'a str>) -> Answer<'a, Granted<Arc<[IssuerKey]>>>;
}
