//! Asks: every connection that leaves the house begins here, and what callers may reach through us is decided here once.
//!
//! It looks names up: for ourselves under `policy`, and for instances through the name server at their gateways. It asks other registries for images, and sends calls
//! for AWS services that are not ours on to places that the operator named.
//! Never keeps anything, never reaches an address that `policy` denies on a caller's behalf, unless the operator named the place.

mod aws_fault;
mod aws_signature;
mod aws_upstream;
mod collector;
mod ecr_login;
mod http_client;
mod issuers;
pub mod limit;
mod name_server;
mod place;
pub mod policy;
mod real_role;
mod registry_login;
mod remote_blob;
mod remote_manifest;
mod remote_registry;
mod resolver;
mod snag;
mod upstream;

pub use aws_signature::{AwsKeys, ReadKeys};
pub use aws_upstream::{AwsServices, AwsUpstream, AwsUpstreamSettings, Whereabouts};
pub use collector::{Collector, Taken};
pub use ecr_login::EcrUpstream;
pub use http_client::TrustError;
pub use issuers::{IssuerSettings, OutsideIssuers};
pub use limit::Patience;
pub use name_server::{Ears, NameServer};
pub use place::{Mirror, Place};
pub use real_role::{RealRoleSettings, Sts};
pub use remote_registry::{Credential, Registries, RegistrySettings};
pub use resolver::SystemResolver;
pub use upstream::Upstream;
