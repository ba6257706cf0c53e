//! Who did what: one row for every changing call, written in the same transaction as the change.

use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::time::Timestamp;

/// One row of the audit log. Append only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    pub at: Timestamp,
    pub caller: Caller,
    /// As IAM spells it: `apprunner:CreateService`.
    pub action: String,
    /// The ARN of what was changed.
    pub resource: String,
}
