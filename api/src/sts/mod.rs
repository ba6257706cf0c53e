//! STS: one file for each operation.
//! Source of truth: `companion-apis.md` §3.

pub mod get_caller_identity;
