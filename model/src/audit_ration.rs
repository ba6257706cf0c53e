//! How many failed calls have rows of late: a flood of them must neither fill the disk nor push out what was changed, and whoever makes one must not hide
//! what others do, nor what he is denied behind what fails otherwise.
//!
//! Kept by each door for itself, in memory: what is counted is lost with the platform, apart from what a row has told. So while calls are left out, the
//! tenth, the hundredth and so on has a row again.

use std::collections::BTreeMap;

use crate::account::AccountId;
use crate::caller::{Caller, Principal};
use crate::limit::{AUDIT_WINDOW, AUDITED_FAILURES, AUDITED_FAILURES_OF_ACCOUNT, RATIONED_CALLERS};
use crate::time::Timestamp;

/// In which way a call failed: each has a ration of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    Denied,
    Other,
}

/// What each caller and each account has left.
#[derive(Debug, Default)]
pub struct AuditRation {
    accounts: BTreeMap<(AccountId, Failure), Window>,
    callers: BTreeMap<(AccountId, Failure, String), Window>,
}

#[derive(Debug)]
struct Window {
    began: Timestamp,
    recorded: u32,
    /// Since the last row.
    omitted: u32,
    /// At so many left out there is a row again.
    told_at: u32,
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

/// Left out before the first row that says so within a window; then ten times as many.
const FIRST_TOLD: u32 = 10;

impl Window {
    const fn new(began: Timestamp) -> Self {
        Self { began, recorded: 0, omitted: 0, told_at: FIRST_TOLD }
    }

    /// A clock that was set back begins a new one, too.
    fn is_over(&self, now: Timestamp) -> bool {
        now < self.began || now.since(self.began) >= AUDIT_WINDOW
    }

    fn renew(&mut self, now: Timestamp) {
        if self.is_over(now) {
            *self = Self { omitted: self.omitted, ..Self::new(now) };
        }
    }

    fn leave_out(&mut self) -> Rationed {
        if self.omitted >= self.told_at {
            self.told_at = self.told_at.saturating_mul(10);
            return Rationed::Row { omitted: std::mem::take(&mut self.omitted) };
        }
        self.omitted += 1;
        if self.omitted == 1 && self.told_at == FIRST_TOLD { Rationed::FirstOmitted } else { Rationed::Omitted }
    }
}

impl AuditRation {
    /// Counts one more.
    pub fn take(&mut self, caller: &Caller, failure: Failure, now: Timestamp) -> Rationed {
        let account = caller.account().clone();
        if self.callers.len() >= RATIONED_CALLERS {
            self.callers.retain(|_, window| window.omitted > 0 || !window.is_over(now));
        }
        let key = (account.clone(), failure, name(caller));
        let all = self.accounts.entry((account, failure)).or_insert_with(|| Window::new(now));
        all.renew(now);
        let own = if self.callers.len() < RATIONED_CALLERS || self.callers.contains_key(&key) {
            self.callers.entry(key).or_insert_with(|| Window::new(now))
        } else if all.recorded < AUDITED_FAILURES_OF_ACCOUNT {
            // More callers than are told apart share what their account has.
            all.recorded += 1;
            return Rationed::Row { omitted: std::mem::take(&mut all.omitted) };
        } else {
            return all.leave_out();
        };
        own.renew(now);
        if own.recorded < AUDITED_FAILURES && all.recorded < AUDITED_FAILURES_OF_ACCOUNT {
            own.recorded += 1;
            all.recorded += 1;
            return Rationed::Row { omitted: std::mem::take(&mut own.omitted) };
        }
        own.leave_out()
    }
}

/// How many of its oldest rows each account loses so that all together have no more than so many, where any does: those who have most lose first, down to
/// what the others have, so whoever has less than an equal share loses nothing to them.
pub fn surplus<A>(counts: Vec<(A, u64)>, rows_max: u64) -> Vec<(A, u64)> {
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    if all <= rows_max {
        return Vec::new();
    }
    let mut ascending: Vec<u64> = counts.iter().map(|(_, count)| *count).collect();
    ascending.sort_unstable();
    // Whoever has no more than an equal part of what is left keeps all of it; the rest is shared by the others.
    let (mut left, mut sharers) = (rows_max, ascending.len() as u64);
    for count in ascending {
        if count > left / sharers {
            break;
        }
        left -= count;
        sharers -= 1;
    }
    let share = left / sharers;
    let losing = counts.into_iter().filter(|(_, count)| *count > share);
    losing.map(|(account, count)| (account, count - share)).collect()
}

/// Whoever calls, without what callers choose by themselves: a role's sessions are one.
fn name(caller: &Caller) -> String {
    match &caller.principal {
        Principal::AssumedRole(session) => session.role_id.clone(),
        // Subjects differ from job to job: of one issuer they are one.
        Principal::WebIdentity(identity) => identity.provider.clone(),
        Principal::Root | Principal::User(_) | Principal::Service(_) => caller.user_id(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::UserIdentity;
    use crate::testbed::caller;
    use crate::user::UserArn;

    fn user(n: u32) -> Caller {
        let arn = UserArn::parse("arn:aws:iam::000000000000:user/ann").unwrap();
        Caller { principal: Principal::User(UserIdentity { arn, id: format!("AIDA{n}") }), ..caller() }
    }

    const fn row(omitted: u32) -> Rationed {
        Rationed::Row { omitted }
    }

    #[test]
    fn a_flood_of_failures_is_counted_and_each_caller_and_each_way_to_fail_has_a_ration() {
        let mut ration = AuditRation::default();
        let at = Timestamp::from_millis;
        let mut take = |n, failure, millis| ration.take(&user(n), failure, at(millis));
        for _ in 0..AUDITED_FAILURES {
            assert_eq!(take(1, Failure::Other, 1_000), row(0));
        }
        for expected in [Rationed::FirstOmitted, Rationed::Omitted, Rationed::Omitted] {
            assert_eq!(take(1, Failure::Other, 2_000), expected);
        }
        assert_eq!(take(1, Failure::Denied, 2_000), row(0), "what is denied does not hide behind what fails");
        assert_eq!(take(2, Failure::Other, 2_000), row(0));
        let hour = i64::try_from(AUDIT_WINDOW.as_millis()).unwrap();
        assert_eq!(take(1, Failure::Other, 1_000 + hour), row(3), "the next one says how many were left out");
        for _ in 1..AUDITED_FAILURES {
            assert_eq!(take(1, Failure::Other, 1_001 + hour), row(0));
        }
        assert_eq!(take(1, Failure::Other, 1_001 + hour), Rationed::FirstOmitted);
        assert_eq!(take(1, Failure::Other, 0), row(1), "a clock that was set back silences nobody");
    }

    #[test]
    fn those_who_have_most_lose_first_and_nobody_loses_to_another_what_is_within_his_share() {
        for (counts, rows_max, expected) in [
            (&[10, 20][..], 30, &[][..]),
            (&[], 0, &[]),
            (&[31], 30, &[(0, 1)]),
            (&[1_000, 5, 7], 100, &[(0, 912)]),
            (&[50, 50, 50], 60, &[(0, 30), (1, 30), (2, 30)]),
            (&[10, 40, 100], 90, &[(2, 60)]),
            (&[10, 45, 100], 90, &[(1, 5), (2, 60)]),
            (&[3, 3], 0, &[(0, 3), (1, 3)]),
            (&[2, 2, 2], 5, &[(0, 1), (1, 1), (2, 1)]),
        ] {
            let counts: Vec<(usize, u64)> = counts.iter().copied().enumerate().collect();
            assert_eq!(surplus(counts.clone(), rows_max), expected, "{counts:?} within {rows_max}");
        }
    }

    #[test]
    fn what_is_left_out_is_told_while_it_goes_on() {
        let mut ration = AuditRation::default();
        let told: Vec<(u32, u32)> = (1..=AUDITED_FAILURES + 1_000)
            .filter_map(|n| match ration.take(&user(1), Failure::Other, Timestamp::from_millis(1)) {
                Rationed::Row { omitted } if n > AUDITED_FAILURES => Some((n - AUDITED_FAILURES, omitted)),
                Rationed::Row { .. } | Rationed::FirstOmitted | Rationed::Omitted => None,
            })
            .collect();
        assert_eq!(told, [(11, 10), (112, 100)]);
    }

    #[test]
    fn an_account_has_so_many_rows_and_callers_are_told_apart_within_a_bound() {
        let mut ration = AuditRation::default();
        let now = Timestamp::from_millis(1);
        let callers = u32::try_from(RATIONED_CALLERS).unwrap() + 10;
        let taken = (0..callers).map(|n| ration.take(&user(n), Failure::Denied, now));
        let rows = taken.filter(|rationed| *rationed == row(0)).count();
        assert_eq!(rows, AUDITED_FAILURES_OF_ACCOUNT as usize);
        assert_eq!(ration.callers.len(), RATIONED_CALLERS);
    }
}
