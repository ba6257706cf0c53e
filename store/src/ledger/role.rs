//! Roles with their policies: one row each, named by account and folded name.
//!
//! A change is conditional on the whole document that was read, so two callers never undo each other's work.

use rusqlite::{OptionalExtension, Transaction, params};

use model::account::AccountId;
use model::audit::AuditRow;
use model::limit::ROLES;
use model::port::{Answer, Granted, Roles};
use model::refusal::{Refusal, RefusalKind};
use model::role::{Role, RoleName};
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::page;
use crate::{Store, audit, document};

impl Roles for Store {
    fn create<'a>(&'a self, role: &'a Role, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (role, row) = (role.clone(), audit.clone());
        Box::pin(async move { self.0.ledger.write("creating a role", move |transaction| create(transaction, &role, &row)).await })
    }

    fn get<'a>(&'a self, account: &'a AccountId, name: &'a RoleName) -> Answer<'a, Option<Role>> {
        Box::pin(self.0.ledger.find("reading a role", move |snapshot| get(snapshot, account, name)))
    }

    fn list<'a>(&'a self, account: &'a AccountId, path_prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<Role>> {
        let (account, path_prefix, page) = (account.clone(), path_prefix.to_owned(), page.clone());
        Box::pin(
            async move { self.0.ledger.read("listing roles", move |snapshot| list(snapshot, &account, &path_prefix, &page)).await },
        )
    }

    fn change<'a>(&'a self, before: &'a Role, after: &'a Role, audit: &'a AuditRow) -> Answer<'a, bool> {
        let (before, after, row) = (before.clone(), after.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                if !is_still(transaction, &before)? {
                    return Ok(Ending::RollBack(false));
                }
                let mut statement =
                    transaction.prepare_cached("UPDATE role SET path = ?3, document = ?4 WHERE account = ?1 AND folded = ?2")?;
                let key = [before.account.as_str(), &before.name.folded(), &after.path, &document::write(&after)];
                statement.execute(key)?;
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(true))
            };
            self.0.ledger.write("changing a role", work).await
        })
    }

    fn remove<'a>(&'a self, role: &'a Role, audit: &'a AuditRow) -> Answer<'a, bool> {
        let (role, row) = (role.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                if !is_still(transaction, &role)? {
                    return Ok(Ending::RollBack(false));
                }
                let mut statement = transaction.prepare_cached("DELETE FROM role WHERE account = ?1 AND folded = ?2")?;
                statement.execute([role.account.as_str(), &role.name.folded()])?;
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(true))
            };
            self.0.ledger.write("removing a role", work).await
        })
    }
}

fn create(transaction: &Transaction<'_>, role: &Role, row: &AuditRow) -> Result<Ending<Granted<()>>, Fault> {
    let mut count = transaction.prepare_cached("SELECT count(*) FROM role WHERE account = ?1")?;
    let kept: usize = count.query_row([role.account.as_str()], |row| row.get(0))?;
    let mut statement = transaction
        .prepare_cached("INSERT INTO role (account, folded, path, document) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")?;
    let new = statement.execute([role.account.as_str(), &role.name.folded(), &role.path, &document::write(role)])?;
    // Source of the words: IAM, EntityAlreadyExists and LimitExceeded.
    if new == 0 {
        let message = format!("Role with name {} already exists.", role.name);
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::AlreadyExists, message))));
    }
    if kept >= ROLES {
        let message = format!("Cannot exceed quota for RolesPerAccount: {ROLES}");
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::Quota, message))));
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(())))
}

fn get(snapshot: &Transaction<'_>, account: &AccountId, name: &RoleName) -> Result<Option<Role>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT document FROM role WHERE account = ?1 AND folded = ?2")?;
    let text: Option<String> = statement.query_row([account.as_str(), &name.folded()], |row| row.get(0)).optional()?;
    let role: Option<Role> = text.map(|text| document::read("a role", text.as_bytes())).transpose()?;
    Ok(role.filter(|role| role.name == *name))
}

fn is_still(transaction: &Transaction<'_>, role: &Role) -> Result<bool, Fault> {
    Ok(get(transaction, &role.account, &role.name)?.as_ref() == Some(role))
}

/// By folded name, which is a page's key.
fn list(snapshot: &Transaction<'_>, account: &AccountId, path_prefix: &str, page: &PageRequest) -> Result<Page<Role>, Fault> {
    // Not LIKE: a path may contain its wildcards.
    let mut statement = snapshot.prepare_cached(
        "SELECT folded, document FROM role WHERE account = ?1 AND folded > ?2 AND substr(path, 1, length(?3)) = ?3
         ORDER BY folded LIMIT ?4",
    )?;
    let after = page.after.as_deref().unwrap_or("");
    let rows = statement
        .query_map(params![account.as_str(), after, path_prefix, page::rows_max(page)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (folded, text): (String, String) = row?;
        Ok((folded, document::read("a role", text.as_bytes())?))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}
