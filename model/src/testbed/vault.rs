//! Access keys, certificates and authorities in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::account::AccountId;
use crate::caller::AccessKey;
use crate::certificate::{Authority, Certificate};
use crate::port::{AccessKeys, Answer, Certificates};
use crate::testbed::ledger::ready;

/// Keys that are forgotten when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryVault(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    keys: BTreeMap<String, AccessKey>,
    certificates: BTreeMap<String, Certificate>,
    authorities: BTreeMap<String, Authority>,
}

impl MemoryVault {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().expect("no test panics while it holds the keys")
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
