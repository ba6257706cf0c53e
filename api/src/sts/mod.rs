//! STS: one file for each operation.
//! Source of truth: the STS API reference.

pub mod assume_role;
pub mod get_caller_identity;
