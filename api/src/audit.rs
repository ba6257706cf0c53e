//! What the door adds to the audit log: calls that were denied or failed, and by choice those that only read. A change that was made has its row already,
//! in its own transaction.
//!
//! Never keeps a parameter: of a call stands there who, what, on which resource, and how it ended. Callers that nobody knows leave no row, only a line in
//! the platform's log.

use crate::{
    call::{AuditedReads, Call},
    fault::Fault,
    limit,
};
use model::{
    account::AccountId,
    audit::{AuditEntry, is_read_only},
    time::Timestamp,
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// How many failed calls of an account have rows of late: a flood of them must neither fill the disk nor push out what was changed.
#[derive(Default)]
pub struct Ration(Mutex<BTreeMap<AccountId, Window>>);

struct Window {
    began: Timestamp,
    recorded: u32,
    /// Since the last row.
    omitted: u32,
}

impl Ration {
    /// Whether one more may have a row; then how many were left out before it.
    fn take(&self, account: &AccountId, now: Timestamp) -> Option<u32> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(account.clone()).or_insert(Window { began: now, recorded: 0, omitted: 0 });
        // A clock that was set back begins a new one, too.
        if now < window.began || now.since(window.began) >= limit::AUDIT_WINDOW {
            (window.began, window.recorded) = (now, 0);
        }
        if window.recorded >= limit::AUDITED_FAILURES {
            if window.omitted == 0 {
                tracing::warn!(%account, "too many calls of an account fail: they are counted in the audit log, and have no rows, for up to an hour");
            }
            window.omitted = window.omitted.saturating_add(1);
            return None;
        }
        window.recorded += 1;
        Some(std::mem::take(&mut window.omitted))
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

#[cfg(test)]
mod tests {
    use super::*;
    use model::testbed::scope;

    #[test]
    fn a_flood_of_failures_is_counted_and_each_account_has_its_own_ration() {
        let (ration, account) = (Ration::default(), scope().account);
        let at = Timestamp::from_millis;
        for _ in 0..limit::AUDITED_FAILURES {
            assert_eq!(ration.take(&account, at(1_000)), Some(0));
        }
        for _ in 0..3 {
            assert_eq!(ration.take(&account, at(2_000)), None);
        }
        let other = AccountId::parse("111111111111").expect("an account");
        assert_eq!(ration.take(&other, at(2_000)), Some(0));
        let hour = i64::try_from(limit::AUDIT_WINDOW.as_millis()).expect("an hour");
        assert_eq!(ration.take(&account, at(1_000 + hour)), Some(3), "the next one says how many were left out");
        assert_eq!(ration.take(&account, at(1_001 + hour)), Some(0));
        for _ in 1..limit::AUDITED_FAILURES {
            let _ = ration.take(&account, at(1_001 + hour));
        }
        assert_eq!(ration.take(&account, at(1_001 + hour)), None);
        assert_eq!(ration.take(&account, at(0)), Some(1), "a clock that was set back silences nobody");
    }
}
