//! What each operation of our extension needs, and on what.
//! Never asks for it: the operation does. Source of truth: `outrunner::shape`.

use super::{Kind, Row};

const SERVICE: Kind = Kind { name: "service", arn: "arn:aws:apprunner:${Region}:${Account}:service/${ServiceName}/${ServiceId}" };

/// By name.
pub const ROWS: &[Row] = &[
    Row::new("CancelOperation", &[SERVICE]),
    Row::new("CreateAccount", &[]),
    Row::new("FollowLogs", &[SERVICE]),
    Row::new("ImportAccessKey", &[]),
    Row::new("ListAccounts", &[]),
    Row::new("ListEvents", &[SERVICE]),
    Row::new("ListRevisions", &[SERVICE]),
    Row::new("RollBack", &[SERVICE]),
];
