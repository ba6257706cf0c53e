//! Changes of quotas. Kept by `store`.

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::port::{Answer, Granted};
use crate::quota::QuotaChange;

/// Changes that were granted, by account and region. Nothing is ever taken back.
pub trait Quotas: Send + Sync {
    /// Keeps a change. Refuses (`Quota`) more than `limit::QUOTA_CHANGES` in one scope.
    fn grant<'a>(&'a self, change: &'a QuotaChange, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// All of a scope, the newest first.
    fn changes<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<QuotaChange>>;
}
