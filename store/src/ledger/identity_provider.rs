//! OpenID Connect providers: one row each, named by account and URL.

use rusqlite::{OptionalExtension, Transaction};

use model::account::AccountId;
use model::audit::AuditRow;
use model::identity_provider::{IdentityProvider, IssuerUrl};
use model::limit::IDENTITY_PROVIDERS;
use model::port::{Answer, Granted, IdentityProviders};
use model::refusal::{Refusal, RefusalKind};

use crate::database::Ending;
use crate::fault::Fault;
use crate::{Store, audit, document};

impl IdentityProviders for Store {
    fn create<'a>(&'a self, provider: &'a IdentityProvider, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (provider, row) = (provider.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| create(transaction, &provider, &row);
            self.0.ledger.write("creating an identity provider", work).await
        })
    }

    fn get<'a>(&'a self, account: &'a AccountId, url: &'a IssuerUrl) -> Answer<'a, Option<IdentityProvider>> {
        Box::pin(self.0.ledger.find("reading an identity provider", move |snapshot| get(snapshot, account, url)))
    }

    fn list<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Vec<IdentityProvider>> {
        let account = account.clone();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement =
                    snapshot.prepare_cached("SELECT document FROM identity_provider WHERE account = ?1 ORDER BY url")?;
                let rows = statement.query_map([account.as_str()], |row| row.get::<_, String>(0))?;
                rows.map(|text| document::read("an identity provider", text?.as_bytes())).collect()
            };
            self.0.ledger.read("listing identity providers", work).await
        })
    }

    fn change<'a>(&'a self, before: &'a IdentityProvider, after: &'a IdentityProvider, audit: &'a AuditRow) -> Answer<'a, bool> {
        let (before, after, row) = (before.clone(), after.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                if get(transaction, &before.account, &before.url)?.as_ref() != Some(&before) {
                    return Ok(Ending::RollBack(false));
                }
                let mut statement =
                    transaction.prepare_cached("UPDATE identity_provider SET document = ?3 WHERE account = ?1 AND url = ?2")?;
                statement.execute([before.account.as_str(), before.url.as_str(), &document::write(&after)])?;
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(true))
            };
            self.0.ledger.write("changing an identity provider", work).await
        })
    }

    fn remove<'a>(&'a self, account: &'a AccountId, url: &'a IssuerUrl, audit: &'a AuditRow) -> Answer<'a, ()> {
        let (account, url, row) = (account.clone(), url.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let mut statement = transaction.prepare_cached("DELETE FROM identity_provider WHERE account = ?1 AND url = ?2")?;
                statement.execute([account.as_str(), url.as_str()])?;
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(()))
            };
            self.0.ledger.write("removing an identity provider", work).await
        })
    }
}

fn create(transaction: &Transaction<'_>, provider: &IdentityProvider, row: &AuditRow) -> Result<Ending<Granted<()>>, Fault> {
    let mut count = transaction.prepare_cached("SELECT count(*) FROM identity_provider WHERE account = ?1")?;
    let kept: usize = count.query_row([provider.account.as_str()], |row| row.get(0))?;
    let mut statement = transaction
        .prepare_cached("INSERT INTO identity_provider (account, url, document) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    if statement.execute([provider.account.as_str(), provider.url.as_str(), &document::write(provider)])? == 0 {
        let words = format!("Provider with url https://{} already exists.", provider.url.as_str());
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::AlreadyExists, words))));
    }
    if kept >= IDENTITY_PROVIDERS {
        let words = format!("Cannot exceed quota for OpenIdConnectProvidersPerAccount: {IDENTITY_PROVIDERS}");
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::Quota, words))));
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(())))
}

fn get(snapshot: &Transaction<'_>, account: &AccountId, url: &IssuerUrl) -> Result<Option<IdentityProvider>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT document FROM identity_provider WHERE account = ?1 AND url = ?2")?;
    let text: Option<String> = statement.query_row([account.as_str(), url.as_str()], |row| row.get(0)).optional()?;
    text.map(|text| document::read("an identity provider", text.as_bytes())).transpose()
}
