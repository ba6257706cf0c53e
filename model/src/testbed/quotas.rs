//! Changes of quotas in memory.

use std::sync::Mutex;

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::limit::QUOTA_CHANGES;
use crate::port::{Answer, Granted, Quotas};
use crate::quota::QuotaChange;
use crate::refusal::{Refusal, RefusalKind};
use crate::testbed::ledger::ready;

/// Changes that are forgotten when it is dropped, in the order granted.
#[derive(Debug, Default)]
pub struct MemoryQuotas(Mutex<Vec<QuotaChange>>);

impl Quotas for MemoryQuotas {
    fn grant<'a>(&'a self, change: &'a QuotaChange, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let mut kept = self.0.lock().expect("no test panics while it holds the quotas");
        if kept.iter().filter(|kept| kept.scope == change.scope).count() >= QUOTA_CHANGES {
            return ready(Err(too_many()));
        }
        kept.push(change.clone());
        ready(Ok(()))
    }

    fn changes<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<QuotaChange>> {
        let kept = self.0.lock().expect("no test panics while it holds the quotas");
        ready(kept.iter().rev().filter(|kept| kept.scope == *scope).cloned().collect())
    }
}

fn too_many() -> Refusal {
    Refusal::new(RefusalKind::Quota, format!("Quotas were changed {QUOTA_CHANGES} times, which is the most."))
}
