//! The policy engine: reads policy documents, and says what one of them says of a request.
//!
//! Never reads a role, a repository or a clock: what decides arrives as arguments. `gatekeeper` and `access_role` combine the verdicts of
//! several documents; rooms see only the ports `Gatekeeper` and `AccessRoles`. Source of truth: the IAM User Guide, "Policy evaluation
//! logic" and "JSON policy element reference"; `tests.rs` is the corpus of its rules.
//!
//! Our own, and not the crate that was looked at for it (iam-rs 0.8): that one has no principals of two kinds in one statement, does not
//! know that a session is its role's, takes a federated principal for another whose name begins like it, and reads what is put in for a
//! variable as a pattern.

mod condition;
mod context;
#[cfg(test)]
mod corpus;
mod decide;
mod document;
mod evaluate;
#[cfg(any(test, feature = "workbench"))]
pub mod figures;
mod glob;
mod json;
mod key;
#[cfg(any(test, feature = "workbench"))]
pub mod laws;
mod managed;
mod place;
mod rule;
#[cfg(test)]
mod tests;

pub use context::Context;
pub use decide::{Identity, Kind, Policies, Why};
pub use document::{Document, Effect, Form};
pub use evaluate::{Party, Request, Verdict};
#[cfg(test)]
pub use glob::{Case, wild};
pub use key::token_claims;
#[cfg(test)]
pub use key::{ASKED, SUPPLIED, is_supplied};
pub use managed::{Managed, managed, managed_policies};
pub use place::{Place, places};
