//! Roles in memory, and an evaluation of access roles that lets everything through until a test closes it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::account::AccountId;
use crate::audit::AuditRow;
use crate::caller::Caller;
use crate::limit;
use crate::port::{AccessRoles, Action, Answer, Granted, PullOrder, Roles};
use crate::refusal::{Refusal, RefusalKind};
use crate::role::{Role, RoleArn, RoleName};
use crate::testbed::ledger::{page_by_key, ready};
use crate::wish::{Page, PageRequest};

/// Roles that are forgotten when it is dropped, by account and folded name.
#[derive(Debug, Default)]
pub struct MemoryRoles(Mutex<BTreeMap<(AccountId, String), Role>>);

impl MemoryRoles {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<(AccountId, String), Role>> {
        self.0.lock().expect("no test panics while it holds the roles")
    }
}

fn key(role: &Role) -> (AccountId, String) {
    (role.account.clone(), role.name.folded())
}

impl Roles for MemoryRoles {
    fn create<'a>(&'a self, role: &'a Role, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let mut kept = self.kept();
        if kept.contains_key(&key(role)) {
            let message = format!("Role with name {} already exists.", role.name);
            return ready(Err(Refusal::new(RefusalKind::AlreadyExists, message)));
        }
        if kept.keys().filter(|(account, _)| *account == role.account).count() >= limit::ROLES {
            let message = format!("Cannot exceed quota for RolesPerAccount: {}", limit::ROLES);
            return ready(Err(Refusal::new(RefusalKind::Quota, message)));
        }
        kept.insert(key(role), role.clone());
        ready(Ok(()))
    }

    fn get<'a>(&'a self, account: &'a AccountId, name: &'a RoleName) -> Answer<'a, Option<Role>> {
        ready(self.kept().get(&(account.clone(), name.folded())).filter(|role| role.name == *name).cloned())
    }

    fn list<'a>(&'a self, account: &'a AccountId, path_prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<Role>> {
        let kept = self.kept();
        let listed = kept.values().filter(|role| role.account == *account && role.path.starts_with(path_prefix)).cloned();
        ready(page_by_key(listed.collect(), page, |role: &Role| role.name.folded()))
    }

    fn change<'a>(&'a self, before: &'a Role, after: &'a Role, _: &'a AuditRow) -> Answer<'a, bool> {
        let mut kept = self.kept();
        let same = kept.get(&key(before)) == Some(before);
        if same {
            kept.insert(key(before), after.clone());
        }
        ready(same)
    }

    fn remove<'a>(&'a self, role: &'a Role, _: &'a AuditRow) -> Answer<'a, bool> {
        let mut kept = self.kept();
        let same = kept.get(&key(role)) == Some(role);
        if same {
            kept.remove(&key(role));
        }
        ready(same)
    }
}

/// Access roles that are all good, until a test says in which words they are not.
#[derive(Debug, Default)]
pub struct OpenAccess(Mutex<Option<String>>);

impl OpenAccess {
    /// From now on every pull is denied in these words; `None` opens again.
    pub fn deny(&self, words: Option<&str>) {
        *self.0.lock().expect("no test panics while it holds the words") = words.map(str::to_owned);
    }

    fn answer(&self, kind: RefusalKind) -> Granted<()> {
        let words = self.0.lock().expect("no test panics while it holds the words").clone();
        words.map_or(Ok(()), |words| Err(Refusal::new(kind, words)))
    }
}

impl AccessRoles for OpenAccess {
    fn may_assume<'a>(&'a self, _: &'a RoleArn, _: &'a str) -> Answer<'a, Granted<()>> {
        ready(self.answer(RefusalKind::Invalid))
    }

    fn may_take<'a>(&'a self, _: &'a Caller, _: &'a Role, _: &'a Action) -> Answer<'a, bool> {
        ready(self.answer(RefusalKind::Denied).is_ok())
    }

    fn may_pull<'a>(&'a self, _: &'a PullOrder<'a>) -> Answer<'a, Granted<()>> {
        ready(self.answer(RefusalKind::Denied))
    }
}
