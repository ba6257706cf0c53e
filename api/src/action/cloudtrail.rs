//! What each operation of CloudTrail needs, and on what.
//! Never asks for it: the operation does. Source of truth: Service Authorization Reference, "Actions, resources, and condition keys for AWS CloudTrail".

use super::Row;

/// By name.
pub const ROWS: &[Row] = &[Row::new("LookupEvents", &[])];
