//! What the registry's door denies is in the audit log, within the ration that failed calls have.
//!
//! Never keeps what was sent, and never makes a call fail that is answered already.

use std::sync::{Mutex, PoisonError};

use model::audit::{AuditEntry, AuditRow};
use model::audit_ration::{AuditRation, Failure, Rationed};

use crate::Parts;

/// As the AWS doors call it: readers look for one name.
const FAULT: &str = "AccessDeniedException";

/// Writes down what was denied.
#[derive(Default)]
pub(crate) struct Denials(Mutex<AuditRation>);

impl Denials {
    pub(crate) async fn record(&self, parts: &Parts, row: AuditRow) {
        let rationed = {
            let mut ration = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            ration.take(&row.caller, Failure::Denied, row.at)
        };
        let omitted = match rationed {
            Rationed::Row { omitted } => omitted,
            Rationed::FirstOmitted | Rationed::Omitted => return,
        };
        let entry = AuditEntry { row, fault: Some(FAULT.to_owned()), omitted };
        if let Err(trouble) = parts.audit.record(&entry).await {
            tracing::error!(cause = %trouble.chain(), "a denial could not be written into the audit log");
        }
    }
}
