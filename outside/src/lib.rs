//! Asks: every connection that leaves the house begins here, and what callers may reach through us is decided here once.
//!
//! This version looks names up: for ourselves under `policy`, and for instances through the name server at their gateways. Never keeps anything,
//! never reaches an address that `policy` denies on a caller's behalf.

pub mod limit;
mod name_server;
pub mod policy;
mod resolver;
mod upstream;

pub use name_server::{Ears, NameServer};
pub use resolver::SystemResolver;
pub use upstream::Upstream;
