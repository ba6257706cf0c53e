//! Policies of accounts with their versions: one row each, named by account and folded name.
//!
//! A change is conditional on the whole document that was read, so two callers never undo each other's work.

use rusqlite::{OptionalExtension, Transaction, params};

use model::account::AccountId;
use model::audit::AuditRow;
use model::limit::POLICIES;
use model::managed_policy::{ManagedPolicy, PolicyName};
use model::port::{Answer, Granted, ManagedPolicies};
use model::refusal::{Refusal, RefusalKind};
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::page;
use crate::{Store, audit, document};

impl ManagedPolicies for Store {
    fn create<'a>(&'a self, policy: &'a ManagedPolicy, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (policy, row) = (policy.clone(), audit.clone());
        Box::pin(
            async move { self.0.ledger.write("creating a policy", move |transaction| create(transaction, &policy, &row)).await },
        )
    }

    fn get<'a>(&'a self, account: &'a AccountId, name: &'a PolicyName) -> Answer<'a, Option<ManagedPolicy>> {
        Box::pin(self.0.ledger.find("reading a policy", move |snapshot| get(snapshot, account, name)))
    }

    fn list<'a>(&'a self, account: &'a AccountId, path_prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<ManagedPolicy>> {
        let (account, path_prefix, page) = (account.clone(), path_prefix.to_owned(), page.clone());
        Box::pin(async move {
            self.0.ledger.read("listing policies", move |snapshot| list(snapshot, &account, &path_prefix, &page)).await
        })
    }

    fn change<'a>(&'a self, before: &'a ManagedPolicy, after: &'a ManagedPolicy, audit: &'a AuditRow) -> Answer<'a, bool> {
        let (before, after, row) = (before.clone(), after.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                if !is_still(transaction, &before)? {
                    return Ok(Ending::RollBack(false));
                }
                let mut statement = transaction
                    .prepare_cached("UPDATE managed_policy SET path = ?3, document = ?4 WHERE account = ?1 AND folded = ?2")?;
                let key = [before.account.as_str(), &before.name.folded(), &after.path, &document::write(&after)];
                statement.execute(key)?;
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(true))
            };
            self.0.ledger.write("changing a policy", work).await
        })
    }

    fn remove<'a>(&'a self, policy: &'a ManagedPolicy, audit: &'a AuditRow) -> Answer<'a, bool> {
        let (policy, row) = (policy.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                if !is_still(transaction, &policy)? {
                    return Ok(Ending::RollBack(false));
                }
                let mut statement = transaction.prepare_cached("DELETE FROM managed_policy WHERE account = ?1 AND folded = ?2")?;
                statement.execute([policy.account.as_str(), &policy.name.folded()])?;
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(true))
            };
            self.0.ledger.write("removing a policy", work).await
        })
    }
}

fn create(transaction: &Transaction<'_>, policy: &ManagedPolicy, row: &AuditRow) -> Result<Ending<Granted<()>>, Fault> {
    let mut count = transaction.prepare_cached("SELECT count(*) FROM managed_policy WHERE account = ?1")?;
    let kept: usize = count.query_row([policy.account.as_str()], |row| row.get(0))?;
    let mut statement = transaction.prepare_cached(
        "INSERT INTO managed_policy (account, folded, path, document) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    )?;
    let new = statement.execute([policy.account.as_str(), &policy.name.folded(), &policy.path, &document::write(policy)])?;
    // Source of the words: IAM, EntityAlreadyExists and LimitExceeded.
    if new == 0 {
        let message = format!("A policy called {} already exists. Duplicate names are not allowed.", policy.name);
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::AlreadyExists, message))));
    }
    if kept >= POLICIES {
        let message = format!("Cannot exceed quota for PoliciesPerAccount: {POLICIES}");
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::Quota, message))));
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(())))
}

fn get(snapshot: &Transaction<'_>, account: &AccountId, name: &PolicyName) -> Result<Option<ManagedPolicy>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT document FROM managed_policy WHERE account = ?1 AND folded = ?2")?;
    let text: Option<String> = statement.query_row([account.as_str(), &name.folded()], |row| row.get(0)).optional()?;
    let policy: Option<ManagedPolicy> = text.map(|text| document::read("a managed policy", text.as_bytes())).transpose()?;
    Ok(policy.filter(|policy| policy.name == *name))
}

fn is_still(transaction: &Transaction<'_>, policy: &ManagedPolicy) -> Result<bool, Fault> {
    Ok(get(transaction, &policy.account, &policy.name)?.as_ref() == Some(policy))
}

/// By folded name, which is a page's key.
fn list(
    snapshot: &Transaction<'_>,
    account: &AccountId,
    path_prefix: &str,
    page: &PageRequest,
) -> Result<Page<ManagedPolicy>, Fault> {
    // Not LIKE: a path may contain its wildcards.
    let mut statement = snapshot.prepare_cached(
        "SELECT folded, document FROM managed_policy WHERE account = ?1 AND folded > ?2 AND substr(path, 1, length(?3)) = ?3
         ORDER BY folded LIMIT ?4",
    )?;
    let after = page.after.as_deref().unwrap_or("");
    let rows = statement
        .query_map(params![account.as_str(), after, path_prefix, page::rows_max(page)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (folded, text): (String, String) = row?;
        Ok((folded, document::read("a managed policy", text.as_bytes())?))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}
