//! How many failed calls of an account have rows of late: a flood of them must neither fill the disk nor push out what was changed.
//!
//! Kept by each door for itself, in memory: what is counted is lost with the platform.

use std::collections::BTreeMap;

use crate::account::AccountId;
use crate::limit::{AUDIT_WINDOW, AUDITED_FAILURES};
use crate::time::Timestamp;

/// What each account has left.
#[derive(Debug, Default)]
pub struct AuditRation(BTreeMap<AccountId, Window>);

#[derive(Debug)]
struct Window {
    began: Timestamp,
    recorded: u32,
    /// Since the last row.
    omitted: u32,
}

/// Whether a failed call is to have a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rationed {
    /// It is; so many were left out before it.
    Row {
        omitted: u32,
    },
    /// It is not, as the first of those that are left out.
    FirstOmitted,
    Omitted,
}

impl AuditRation {
    pub fn take(&mut self, account: &AccountId, now: Timestamp) -> Rationed {
        let window = self.0.entry(account.clone()).or_insert(Window { began: now, recorded: 0, omitted: 0 });
        // A clock that was set back begins a new one, too.
        if now < window.began || now.since(window.began) >= AUDIT_WINDOW {
            (window.began, window.recorded) = (now, 0);
        }
        if window.recorded < AUDITED_FAILURES {
            window.recorded += 1;
            return Rationed::Row { omitted: std::mem::take(&mut window.omitted) };
        }
        window.omitted = window.omitted.saturating_add(1);
        if window.omitted == 1 { Rationed::FirstOmitted } else { Rationed::Omitted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_failures_is_counted_and_each_account_has_its_own_ration() {
        let mut ration = AuditRation::default();
        let account = |digits: &str| AccountId::parse(digits).unwrap();
        let (ours, other) = (account("000000000000"), account("111111111111"));
        let at = Timestamp::from_millis;
        let row = |omitted| Rationed::Row { omitted };
        for _ in 0..AUDITED_FAILURES {
            assert_eq!(ration.take(&ours, at(1_000)), row(0));
        }
        for expected in [Rationed::FirstOmitted, Rationed::Omitted, Rationed::Omitted] {
            assert_eq!(ration.take(&ours, at(2_000)), expected);
        }
        assert_eq!(ration.take(&other, at(2_000)), row(0));
        let hour = i64::try_from(AUDIT_WINDOW.as_millis()).unwrap();
        assert_eq!(ration.take(&ours, at(1_000 + hour)), row(3), "the next one says how many were left out");
        for _ in 1..AUDITED_FAILURES {
            assert_eq!(ration.take(&ours, at(1_001 + hour)), row(0));
        }
        assert_eq!(ration.take(&ours, at(1_001 + hour)), Rationed::FirstOmitted);
        assert_eq!(ration.take(&ours, at(0)), row(1), "a clock that was set back silences nobody");
    }
}
