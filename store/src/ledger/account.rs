//! Accounts beside the default one, and the aliases of all of them.

use rusqlite::{OptionalExtension, Transaction};

use model::account::{Account, AccountId};
use model::audit::AuditRow;
use model::limit::ACCOUNTS;
use model::port::{Accounts, Answer, Granted};
use model::refusal::{Refusal, RefusalKind};

use crate::database::Ending;
use crate::fault::Fault;
use crate::{Store, audit, document};

impl Accounts for Store {
    fn create<'a>(&'a self, account: &'a Account, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (account, row) = (account.clone(), audit.clone());
        Box::pin(
            async move { self.0.ledger.write("creating an account", move |transaction| create(transaction, &account, &row)).await },
        )
    }

    fn list(&self) -> Answer<'_, Vec<Account>> {
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement = snapshot.prepare_cached("SELECT document FROM account ORDER BY id")?;
                let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
                rows.map(|text| document::read("an account", text?.as_bytes())).collect()
            };
            self.0.ledger.read("listing accounts", work).await
        })
    }

    fn alias<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Option<String>> {
        let work = move |snapshot: &Transaction<'_>| {
            let mut statement = snapshot.prepare_cached("SELECT alias FROM account_alias WHERE account = ?1")?;
            Ok(statement.query_row([account.as_str()], |row| row.get(0)).optional()?)
        };
        Box::pin(self.0.ledger.find("reading an account's alias", work))
    }

    fn set_alias<'a>(&'a self, account: &'a AccountId, alias: &'a str, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (account, alias, row) = (account.clone(), alias.to_owned(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let mut taken = transaction.prepare_cached("SELECT EXISTS (SELECT 1 FROM account_alias WHERE alias = ?1)")?;
                if taken.query_row([&alias], |row| row.get(0))? {
                    let words = format!("The account alias {alias} already exists.");
                    return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::AlreadyExists, words))));
                }
                let mut statement = transaction.prepare_cached(
                    "INSERT INTO account_alias (account, alias) VALUES (?1, ?2) ON CONFLICT (account) DO UPDATE SET alias = excluded.alias",
                )?;
                statement.execute([account.as_str(), &alias])?;
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(Ok(())))
            };
            self.0.ledger.write("giving an account an alias", work).await
        })
    }

    fn remove_alias<'a>(&'a self, account: &'a AccountId, alias: &'a str, audit: &'a AuditRow) -> Answer<'a, bool> {
        let (account, alias, row) = (account.clone(), alias.to_owned(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let mut statement = transaction.prepare_cached("DELETE FROM account_alias WHERE account = ?1 AND alias = ?2")?;
                if statement.execute([account.as_str(), &alias])? == 0 {
                    return Ok(Ending::RollBack(false));
                }
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(true))
            };
            self.0.ledger.write("taking an account's alias away", work).await
        })
    }
}

fn create(transaction: &Transaction<'_>, account: &Account, row: &AuditRow) -> Result<Ending<Granted<()>>, Fault> {
    let kept: usize = transaction.prepare_cached("SELECT count(*) FROM account")?.query_row([], |row| row.get(0))?;
    let mut statement = transaction.prepare_cached("INSERT INTO account (id, document) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    if statement.execute([account.id.as_str(), &document::write(account)])? == 0 {
        let words = format!("Account {} is there already.", account.id);
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::AlreadyExists, words))));
    }
    if kept >= ACCOUNTS {
        let words = format!("A platform has at most {ACCOUNTS} accounts.");
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::Quota, words))));
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(())))
}
