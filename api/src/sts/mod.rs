//! STS: one file for each operation.
//! Source of truth: the STS API reference.

pub mod get_caller_identity;
