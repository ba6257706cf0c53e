//! Policies of accounts in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::account::AccountId;
use crate::audit::AuditRow;
use crate::limit;
use crate::managed_policy::{ManagedPolicy, PolicyName};
use crate::port::{Answer, Granted, ManagedPolicies};
use crate::refusal::{Refusal, RefusalKind};
use crate::testbed::ledger::{page_by_key, ready};
use crate::wish::{Page, PageRequest};

/// Policies that are forgotten when it is dropped, by account and folded name.
#[derive(Debug, Default)]
pub struct MemoryManagedPolicies(Mutex<BTreeMap<(AccountId, String), ManagedPolicy>>);

impl MemoryManagedPolicies {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<(AccountId, String), ManagedPolicy>> {
        self.0.lock().expect("no test panics while it holds the policies")
    }
}

fn key(policy: &ManagedPolicy) -> (AccountId, String) {
    (policy.account.clone(), policy.name.folded())
}

impl ManagedPolicies for MemoryManagedPolicies {
    fn create<'a>(&'a self, policy: &'a ManagedPolicy, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let mut kept = self.kept();
        if kept.contains_key(&key(policy)) {
            let message = format!("A policy called {} already exists. Duplicate names are not allowed.", policy.name);
            return ready(Err(Refusal::new(RefusalKind::AlreadyExists, message)));
        }
        if kept.keys().filter(|(account, _)| *account == policy.account).count() >= limit::POLICIES {
            let message = format!("Cannot exceed quota for PoliciesPerAccount: {}", limit::POLICIES);
            return ready(Err(Refusal::new(RefusalKind::Quota, message)));
        }
        kept.insert(key(policy), policy.clone());
        ready(Ok(()))
    }

    fn get<'a>(&'a self, account: &'a AccountId, name: &'a PolicyName) -> Answer<'a, Option<ManagedPolicy>> {
        ready(self.kept().get(&(account.clone(), name.folded())).filter(|policy| policy.name == *name).cloned())
    }

    fn list<'a>(&'a self, account: &'a AccountId, path_prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<ManagedPolicy>> {
        let kept = self.kept();
        let listed = kept.values().filter(|policy| policy.account == *account && policy.path.starts_with(path_prefix)).cloned();
        ready(page_by_key(listed.collect(), page, |policy: &ManagedPolicy| policy.name.folded()))
    }

    fn change<'a>(&'a self, before: &'a ManagedPolicy, after: &'a ManagedPolicy, _: &'a AuditRow) -> Answer<'a, bool> {
        let mut kept = self.kept();
        let same = kept.get(&key(before)) == Some(before);
        if same {
            kept.insert(key(before), after.clone());
        }
        ready(same)
    }

    fn remove<'a>(&'a self, policy: &'a ManagedPolicy, _: &'a AuditRow) -> Answer<'a, bool> {
        let mut kept = self.kept();
        let same = kept.get(&key(policy)) == Some(policy);
        if same {
            kept.remove(&key(policy));
        }
        ready(same)
    }
}
