//! Asks: every connection that leaves the house begins here, and what callers may reach through us is decided here once.
//!
//! This version looks names up. Never serves, never keeps anything, never reaches an address that `policy` denies on a caller's behalf.

pub mod limit;
pub mod policy;
mod resolver;

pub use resolver::SystemResolver;
