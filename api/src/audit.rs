//! What the door adds to the audit log: calls that were denied or failed, and by choice those that only read. A change that was made has its row already,
//! in its own transaction.
//!
//! Never keeps a parameter: of a call stands there who, what, on which resource, and how it ended. Callers that nobody knows leave no row, only a line in
//! the platform's log.

use crate::{
    call::{AuditedReads, Call, Ports},
    fault::Fault,
};
use model::{
    audit::{AuditEntry, AuditRow, is_read_only},
    audit_ration::{AuditRation, Failure, Rationed},
    caller::Caller,
    time::Timestamp,
};
use std::sync::{Mutex, PoisonError};

/// How many failed calls have rows of late.
#[derive(Default)]
pub struct Ration(Mutex<AuditRation>);

impl Ration {
    /// Whether one more may have a row; then how many were left out before it.
    fn take(&self, caller: &Caller, failure: Failure, now: Timestamp) -> Option<u32> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).take(caller, failure, now) {
            Rationed::Row { omitted } => Some(omitted),
            Rationed::FirstOmitted => {
                let caller = caller.arn();
                tracing::warn!(
                    caller,
                    "too many calls of one caller fail: for up to an hour they are counted in the audit log, and have no rows"
                );
                None
            }
            Rationed::Omitted => None,
        }
    }
}

/// Records what became of a call, where it is to be recorded. Trouble with that is in the log: the call has its answer already.
pub async fn record(ration: &Ration, call: &Call<'_>, fault: Option<&Fault>) {
    let row = call.audit(call.resource.get().map_or("*", String::as_str));
    let (ports, reads) = (call.ports, call.settings.audited_reads);
    keep(ration, ports, reads, row, fault.map(|fault| fault.code)).await;
    let parts = std::mem::take(&mut *call.parts.lock().unwrap_or_else(PoisonError::into_inner));
    for (row, fault) in parts {
        keep(ration, ports, reads, row, fault).await;
    }
}

/// Records that a call was denied that is of no operation of ours.
pub async fn denied(ration: &Ration, ports: &Ports, row: AuditRow) {
    keep(ration, ports, AuditedReads::Denied, row, Some("AccessDenied")).await;
}

async fn keep(ration: &Ration, ports: &Ports, audited_reads: AuditedReads, row: AuditRow, fault: Option<&str>) {
    let reads = is_read_only(&row.action);
    let denied = fault.is_some_and(|code| code.contains("AccessDenied"));
    let is_recorded = match fault {
        Some(_) if !reads || denied => true,
        Some(_) => audited_reads == AuditedReads::All,
        // Who took which role has its row in any case.
        None => reads && audited_reads == AuditedReads::All && !row.action.starts_with("sts:Assume"),
    };
    if !is_recorded {
        return;
    }
    let failure = if denied { Failure::Denied } else { Failure::Other };
    let omitted = match fault {
        Some(_) => match ration.take(&row.caller, failure, row.at) {
            Some(omitted) => omitted,
            None => return,
        },
        None => 0,
    };
    let entry = AuditEntry { row, fault: fault.map(str::to_owned), omitted };
    if let Err(trouble) = ports.audit.record(&entry).await {
        let (request_id, cause) = (&entry.row.caller.request_id, trouble.chain());
        tracing::error!(request_id, cause, "a call could not be written into the audit log");
    }
}
