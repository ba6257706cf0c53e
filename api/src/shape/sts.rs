//! STS: the shapes of the operations that this version offers, their constraints and their faults.
//! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.
//! Source of truth: `api/models/sts.json`.

use super::Operation;
use serde::Serialize;

/// `GetCallerIdentity` and the faults that it declares.
pub const GET_CALLER_IDENTITY: Operation = Operation { name: "GetCallerIdentity", faults: &[] };

/// Shape `GetCallerIdentityResponse`.
#[derive(Clone, Serialize)]
pub struct GetCallerIdentityResponse {
    /// Member `Account`.
    #[serde(rename = "Account", skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Member `Arn`.
    #[serde(rename = "Arn", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `UserId`.
    #[serde(rename = "UserId", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}
