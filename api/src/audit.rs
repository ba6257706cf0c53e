//! What the door adds to the audit log: calls that were denied or failed, and by choice those that only read. A change that was made has its row already,
//! in its own transaction.
//!
//! Never keeps a parameter: of a call stands there who, what, on which resource, and how it ended. Callers that nobody knows leave no row, only a line in
//! the platform's log.

use crate::{
    call::{AuditedReads, Call},
    fault::Fault,
};
use model::{
    account::AccountId,
    audit::{AuditEntry, is_read_only},
    audit_ration::{AuditRation, Rationed},
    time::Timestamp,
};
use std::sync::{Mutex, PoisonError};

/// How many failed calls of an account have rows of late.
#[derive(Default)]
pub struct Ration(Mutex<AuditRation>);

impl Ration {
    /// Whether one more may have a row; then how many were left out before it.
    fn take(&self, account: &AccountId, now: Timestamp) -> Option<u32> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).take(account, now) {
            Rationed::Row { omitted } => Some(omitted),
            Rationed::FirstOmitted => {
                tracing::warn!(%account, "too many calls of an account fail: for up to an hour they are counted in the audit log, and have no rows");
                None
            }
            Rationed::Omitted => None,
        }
    }
}

/// Records what became of a call, where it is to be recorded. Trouble with that is in the log: the call has its answer already.
pub async fn record(ration: &Ration, call: &Call<'_>, fault: Option<&Fault>) {
    let row = call.audit(call.resource.get().map_or("*", String::as_str));
    let reads = is_read_only(&row.action);
    let is_recorded = match fault {
        Some(fault) if !reads || fault.code.contains("AccessDenied") => true,
        Some(_) => call.settings.audited_reads == AuditedReads::All,
        // Who took which role has its row in any case.
        None => reads && call.settings.audited_reads == AuditedReads::All && !row.action.starts_with("sts:Assume"),
    };
    if !is_recorded {
        return;
    }
    let omitted = match fault {
        Some(_) => match ration.take(call.caller.account(), row.at) {
            Some(omitted) => omitted,
            None => return,
        },
        None => 0,
    };
    let entry = AuditEntry { row, fault: fault.map(|fault| fault.code.to_owned()), omitted };
    if let Err(trouble) = call.ports.audit.record(&entry).await {
        let (request_id, cause) = (&call.caller.request_id, trouble.chain());
        tracing::error!(request_id, cause, "a call could not be written into the audit log");
    }
}
