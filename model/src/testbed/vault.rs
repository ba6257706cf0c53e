//! Access keys, certificates and authorities in memory. The users whose keys they are stand in `users.rs`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::account::AccountId;
use crate::audit::AuditRow;
use crate::caller::{AccessKey, KeyStatus, KeyUse, Principal};
use crate::certificate::{Authority, Certificate};
use crate::limit;
use crate::port::{AccessKeys, Answer, Certificates, Granted};
use crate::refusal::{Refusal, RefusalKind};
use crate::testbed::ledger::ready;
use crate::user::User;

/// Keys that are forgotten when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryVault(Mutex<Tables>);

#[derive(Debug, Default)]
pub(super) struct Tables {
    keys: BTreeMap<String, AccessKey>,
    uses: BTreeMap<String, KeyUse>,
    /// By account and folded name.
    pub(super) users: BTreeMap<(AccountId, String), User>,
    certificates: BTreeMap<String, Certificate>,
    authorities: BTreeMap<String, Authority>,
}

impl MemoryVault {
    pub(super) fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().expect("no test panics while it holds the keys")
    }
}

impl Tables {
    /// A user is known by its id: its name changes.
    pub(super) fn of_principal(&self, account: &AccountId, principal: &Principal) -> Vec<AccessKey> {
        let same = |key: &&AccessKey| {
            key.account == *account
                && match (&key.principal, principal) {
                    (Principal::User(one), Principal::User(other)) => one.id == other.id,
                    (one, other) => one == other,
                }
        };
        self.keys.values().filter(same).cloned().collect()
    }
}

impl AccessKeys for MemoryVault {
    fn find<'a>(&'a self, id: &'a str) -> Answer<'a, Option<AccessKey>> {
        ready(self.tables().keys.get(id).cloned())
    }

    fn keep<'a>(&'a self, key: &'a AccessKey) -> Answer<'a, ()> {
        self.tables().keys.insert(key.id.clone(), key.clone());
        ready(())
    }

    fn of_account<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Vec<AccessKey>> {
        ready(self.tables().keys.values().filter(|key| key.account == *account).cloned().collect())
    }

    fn of_principal<'a>(&'a self, account: &'a AccountId, principal: &'a Principal) -> Answer<'a, Vec<AccessKey>> {
        let mut keys = self.tables().of_principal(account, principal);
        keys.sort_by_key(|key| (key.created_at, key.id.clone()));
        ready(keys)
    }

    fn create<'a>(&'a self, key: &'a AccessKey, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let mut tables = self.tables();
        let there = match &key.principal {
            Principal::User(identity) => tables.users.values().any(|user| user.account == key.account && user.id == identity.id),
            Principal::Root | Principal::Service(_) | Principal::AssumedRole(_) | Principal::WebIdentity(_) => true,
        };
        let refusal = if !there {
            Some((RefusalKind::NotFound, "The user is not there any more.".to_owned()))
        } else if tables.keys.contains_key(&key.id) {
            Some((RefusalKind::AlreadyExists, format!("An access key {} is there already.", key.id)))
        } else if tables.of_principal(&key.account, &key.principal).len() >= limit::USER_KEYS {
            Some((RefusalKind::Quota, format!("Cannot exceed quota for AccessKeysPerUser: {}", limit::USER_KEYS)))
        } else {
            None
        };
        if let Some((kind, words)) = refusal {
            return ready(Err(Refusal::new(kind, words)));
        }
        tables.keys.insert(key.id.clone(), key.clone());
        ready(Ok(()))
    }

    fn set_status<'a>(&'a self, id: &'a str, status: KeyStatus, _: &'a AuditRow) -> Answer<'a, bool> {
        ready(self.tables().keys.get_mut(id).map(|key| key.status = status).is_some())
    }

    fn remove<'a>(&'a self, id: &'a str, _: &'a AuditRow) -> Answer<'a, bool> {
        let mut tables = self.tables();
        tables.uses.remove(id);
        ready(tables.keys.remove(id).is_some())
    }

    fn last_use<'a>(&'a self, id: &'a str) -> Answer<'a, Option<KeyUse>> {
        ready(self.tables().uses.get(id).cloned())
    }

    fn note_use<'a>(&'a self, id: &'a str, last: &'a KeyUse) -> Answer<'a, ()> {
        let mut tables = self.tables();
        if tables.keys.contains_key(id) {
            tables.uses.insert(id.to_owned(), last.clone());
        }
        ready(())
    }
}

impl Certificates for MemoryVault {
    fn authority<'a>(&'a self, suffix: &'a str) -> Answer<'a, Option<Authority>> {
        ready(self.tables().authorities.get(suffix).cloned())
    }

    fn keep_authority<'a>(&'a self, authority: &'a Authority) -> Answer<'a, Authority> {
        let mut tables = self.tables();
        ready(tables.authorities.entry(authority.suffix.clone()).or_insert_with(|| authority.clone()).clone())
    }

    fn list(&self) -> Answer<'_, Vec<Certificate>> {
        ready(self.tables().certificates.values().cloned().collect())
    }

    fn keep<'a>(&'a self, certificate: &'a Certificate) -> Answer<'a, ()> {
        let name = certificate.names.first().cloned().unwrap_or_default();
        self.tables().certificates.insert(name, certificate.clone());
        ready(())
    }
}
