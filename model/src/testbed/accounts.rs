//! Accounts, aliases and identity providers in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::account::{Account, AccountId};
use crate::audit::AuditRow;
use crate::identity_provider::{IdentityProvider, IssuerUrl};
use crate::limit;
use crate::port::{Accounts, Answer, Granted, IdentityProviders};
use crate::refusal::{Refusal, RefusalKind};
use crate::testbed::ledger::ready;

/// Accounts that are forgotten when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryAccounts(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    accounts: BTreeMap<AccountId, Account>,
    aliases: BTreeMap<AccountId, String>,
    providers: BTreeMap<(AccountId, IssuerUrl), IdentityProvider>,
}

impl MemoryAccounts {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().expect("no test panics while it holds the accounts")
    }
}

fn refused(kind: RefusalKind, words: String) -> Answer<'static, Granted<()>> {
    ready(Err(Refusal::new(kind, words)))
}

impl Accounts for MemoryAccounts {
    fn create<'a>(&'a self, account: &'a Account, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let accounts = &mut self.tables().accounts;
        if accounts.contains_key(&account.id) {
            return refused(RefusalKind::AlreadyExists, format!("Account {} is there already.", account.id));
        }
        if accounts.len() >= limit::ACCOUNTS {
            return refused(RefusalKind::Quota, format!("A platform has at most {} accounts.", limit::ACCOUNTS));
        }
        accounts.insert(account.id.clone(), account.clone());
        ready(Ok(()))
    }

    fn list(&self) -> Answer<'_, Vec<Account>> {
        ready(self.tables().accounts.values().cloned().collect())
    }

    fn alias<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Option<String>> {
        ready(self.tables().aliases.get(account).cloned())
    }

    fn set_alias<'a>(&'a self, account: &'a AccountId, alias: &'a str, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let aliases = &mut self.tables().aliases;
        if aliases.values().any(|taken| taken == alias) {
            return refused(RefusalKind::AlreadyExists, format!("The account alias {alias} already exists."));
        }
        aliases.insert(account.clone(), alias.to_owned());
        ready(Ok(()))
    }

    fn remove_alias<'a>(&'a self, account: &'a AccountId, alias: &'a str, _: &'a AuditRow) -> Answer<'a, bool> {
        let aliases = &mut self.tables().aliases;
        let had = aliases.get(account).is_some_and(|found| found == alias);
        if had {
            aliases.remove(account);
        }
        ready(had)
    }
}

impl IdentityProviders for MemoryAccounts {
    fn create<'a>(&'a self, provider: &'a IdentityProvider, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let providers = &mut self.tables().providers;
        let key = (provider.account.clone(), provider.url.clone());
        if providers.contains_key(&key) {
            let words = format!("Provider with url https://{} already exists.", provider.url.as_str());
            return refused(RefusalKind::AlreadyExists, words);
        }
        if providers.keys().filter(|(account, _)| *account == provider.account).count() >= limit::IDENTITY_PROVIDERS {
            let words = format!("Cannot exceed quota for OpenIdConnectProvidersPerAccount: {}", limit::IDENTITY_PROVIDERS);
            return refused(RefusalKind::Quota, words);
        }
        providers.insert(key, provider.clone());
        ready(Ok(()))
    }

    fn get<'a>(&'a self, account: &'a AccountId, url: &'a IssuerUrl) -> Answer<'a, Option<IdentityProvider>> {
        ready(self.tables().providers.get(&(account.clone(), url.clone())).cloned())
    }

    fn list<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Vec<IdentityProvider>> {
        ready(self.tables().providers.values().filter(|provider| provider.account == *account).cloned().collect())
    }

    fn change<'a>(&'a self, before: &'a IdentityProvider, after: &'a IdentityProvider, _: &'a AuditRow) -> Answer<'a, bool> {
        let providers = &mut self.tables().providers;
        let key = (before.account.clone(), before.url.clone());
        let same = providers.get(&key) == Some(before);
        if same {
            providers.insert(key, after.clone());
        }
        ready(same)
    }

    fn remove<'a>(&'a self, account: &'a AccountId, url: &'a IssuerUrl, _: &'a AuditRow) -> Answer<'a, ()> {
        self.tables().providers.remove(&(account.clone(), url.clone()));
        ready(())
    }
}
