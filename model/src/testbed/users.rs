//! Users in memory, beside their keys.

use crate::account::AccountId;
use crate::audit::AuditRow;
use crate::caller::{Principal, UserIdentity};
use crate::limit;
use crate::port::{Answer, Granted, Users};
use crate::refusal::{Refusal, RefusalKind};
use crate::testbed::MemoryVault;
use crate::testbed::ledger::{page_by_key, ready};
use crate::user::{User, UserName};
use crate::wish::{Page, PageRequest};

fn key(user: &User) -> (AccountId, String) {
    (user.account.clone(), user.name.folded())
}

fn taken(user: &User) -> Refusal {
    Refusal::new(RefusalKind::AlreadyExists, format!("User with name {} already exists.", user.name))
}

impl Users for MemoryVault {
    fn create<'a>(&'a self, user: &'a User, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let users = &mut self.tables().users;
        if users.contains_key(&key(user)) {
            return ready(Err(taken(user)));
        }
        if users.keys().filter(|(account, _)| *account == user.account).count() >= limit::USERS {
            let message = format!("Cannot exceed quota for UsersPerAccount: {}", limit::USERS);
            return ready(Err(Refusal::new(RefusalKind::Quota, message)));
        }
        users.insert(key(user), user.clone());
        ready(Ok(()))
    }

    fn get<'a>(&'a self, account: &'a AccountId, name: &'a UserName) -> Answer<'a, Option<User>> {
        let found = self.tables().users.get(&(account.clone(), name.folded())).cloned();
        ready(found.filter(|user| user.name == *name))
    }

    fn find<'a>(&'a self, account: &'a AccountId, id: &'a str) -> Answer<'a, Option<User>> {
        ready(self.tables().users.values().find(|user| user.account == *account && user.id == id).cloned())
    }

    fn list<'a>(&'a self, account: &'a AccountId, path_prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<User>> {
        let tables = self.tables();
        let listed = tables.users.values().filter(|user| user.account == *account && user.path.starts_with(path_prefix)).cloned();
        ready(page_by_key(listed.collect(), page, |user: &User| user.name.folded()))
    }

    fn change<'a>(&'a self, before: &'a User, after: &'a User, _: &'a AuditRow) -> Answer<'a, Granted<bool>> {
        let users = &mut self.tables().users;
        if users.get(&key(before)) != Some(before) {
            return ready(Ok(false));
        }
        if key(before) != key(after) && users.contains_key(&key(after)) {
            return ready(Err(taken(after)));
        }
        users.remove(&key(before));
        users.insert(key(after), after.clone());
        ready(Ok(true))
    }

    fn remove<'a>(&'a self, user: &'a User, _: &'a AuditRow) -> Answer<'a, Granted<bool>> {
        let mut tables = self.tables();
        if tables.users.get(&key(user)) != Some(user) {
            return ready(Ok(false));
        }
        let principal = Principal::User(UserIdentity { arn: user.arn(), id: user.id.clone() });
        if !tables.of_principal(&user.account, &principal).is_empty() {
            return ready(Err(Refusal::wrong_state("Cannot delete entity, must delete access keys first.")));
        }
        tables.users.remove(&key(user));
        ready(Ok(true))
    }
}
