//! Users with their policies: one row each, named by account and folded name, and found by id as well. Their keys stand in `access_key`.
//!
//! A change is conditional on the whole document that was read, so two callers never undo each other's work.

use rusqlite::{OptionalExtension, Transaction, params};

use model::account::AccountId;
use model::audit::AuditRow;
use model::limit::USERS;
use model::port::{Answer, Granted, Users};
use model::refusal::{Refusal, RefusalKind};
use model::user::{User, UserName};
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::page;
use crate::{Store, audit, document};

impl Users for Store {
    fn create<'a>(&'a self, user: &'a User, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (user, row) = (user.clone(), audit.clone());
        Box::pin(async move { self.0.ledger.write("creating a user", move |transaction| create(transaction, &user, &row)).await })
    }

    fn get<'a>(&'a self, account: &'a AccountId, name: &'a UserName) -> Answer<'a, Option<User>> {
        Box::pin(self.0.ledger.find("reading a user", move |snapshot| get(snapshot, account, name)))
    }

    fn find<'a>(&'a self, account: &'a AccountId, id: &'a str) -> Answer<'a, Option<User>> {
        let work = move |snapshot: &Transaction<'_>| {
            let mut statement = snapshot.prepare_cached("SELECT document FROM user WHERE account = ?1 AND id = ?2")?;
            let text: Option<String> = statement.query_row([account.as_str(), id], |row| row.get(0)).optional()?;
            text.map(|text| document::read("a user", text.as_bytes())).transpose()
        };
        Box::pin(self.0.ledger.find("finding a user", work))
    }

    fn list<'a>(&'a self, account: &'a AccountId, path_prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<User>> {
        let (account, path_prefix, page) = (account.clone(), path_prefix.to_owned(), page.clone());
        Box::pin(
            async move { self.0.ledger.read("listing users", move |snapshot| list(snapshot, &account, &path_prefix, &page)).await },
        )
    }

    fn change<'a>(&'a self, before: &'a User, after: &'a User, audit: &'a AuditRow) -> Answer<'a, Granted<bool>> {
        let (before, after, row) = (before.clone(), after.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| change(transaction, (&before, &after), &row);
            self.0.ledger.write("changing a user", work).await
        })
    }

    fn remove<'a>(&'a self, user: &'a User, audit: &'a AuditRow) -> Answer<'a, Granted<bool>> {
        let (user, row) = (user.clone(), audit.clone());
        Box::pin(async move { self.0.ledger.write("removing a user", move |transaction| remove(transaction, &user, &row)).await })
    }
}

fn create(transaction: &Transaction<'_>, user: &User, row: &AuditRow) -> Result<Ending<Granted<()>>, Fault> {
    let mut count = transaction.prepare_cached("SELECT count(*) FROM user WHERE account = ?1")?;
    let kept: usize = count.query_row([user.account.as_str()], |row| row.get(0))?;
    let mut statement = transaction.prepare_cached(
        "INSERT INTO user (account, folded, id, path, document) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?;
    let fields = [user.account.as_str(), &user.name.folded(), &user.id, &user.path, &document::write(user)];
    // Source of the words: IAM, EntityAlreadyExists and LimitExceeded.
    if statement.execute(fields)? == 0 {
        return Ok(Ending::RollBack(Err(taken(user))));
    }
    if kept >= USERS {
        let message = format!("Cannot exceed quota for UsersPerAccount: {USERS}");
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::Quota, message))));
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(())))
}

fn change(transaction: &Transaction<'_>, (before, after): (&User, &User), row: &AuditRow) -> Result<Ending<Granted<bool>>, Fault> {
    if !is_still(transaction, before)? {
        return Ok(Ending::RollBack(Ok(false)));
    }
    let mut statement = transaction
        .prepare_cached("UPDATE OR IGNORE user SET folded = ?3, path = ?4, document = ?5 WHERE account = ?1 AND folded = ?2")?;
    let folded = (before.name.folded(), after.name.folded());
    let changed = statement.execute([before.account.as_str(), &folded.0, &folded.1, &after.path, &document::write(after)])?;
    if changed == 0 {
        return Ok(Ending::RollBack(Err(taken(after))));
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(true)))
}

fn remove(transaction: &Transaction<'_>, user: &User, row: &AuditRow) -> Result<Ending<Granted<bool>>, Fault> {
    if !is_still(transaction, user)? {
        return Ok(Ending::RollBack(Ok(false)));
    }
    let mut keys = transaction.prepare_cached("SELECT EXISTS (SELECT 1 FROM access_key WHERE account = ?1 AND owner = ?2)")?;
    if keys.query_row([user.account.as_str(), &user.id], |row| row.get(0))? {
        // Source of the words: IAM, DeleteConflict.
        return Ok(Ending::RollBack(Err(Refusal::wrong_state("Cannot delete entity, must delete access keys first."))));
    }
    let mut statement = transaction.prepare_cached("DELETE FROM user WHERE account = ?1 AND folded = ?2")?;
    statement.execute([user.account.as_str(), &user.name.folded()])?;
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(true)))
}

fn taken(user: &User) -> Refusal {
    Refusal::new(RefusalKind::AlreadyExists, format!("User with name {} already exists.", user.name))
}

fn get(snapshot: &Transaction<'_>, account: &AccountId, name: &UserName) -> Result<Option<User>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT document FROM user WHERE account = ?1 AND folded = ?2")?;
    let text: Option<String> = statement.query_row([account.as_str(), &name.folded()], |row| row.get(0)).optional()?;
    let user: Option<User> = text.map(|text| document::read("a user", text.as_bytes())).transpose()?;
    Ok(user.filter(|user| user.name == *name))
}

fn is_still(transaction: &Transaction<'_>, user: &User) -> Result<bool, Fault> {
    Ok(get(transaction, &user.account, &user.name)?.as_ref() == Some(user))
}

/// By folded name, which is a page's key.
fn list(snapshot: &Transaction<'_>, account: &AccountId, path_prefix: &str, page: &PageRequest) -> Result<Page<User>, Fault> {
    // Not LIKE: a path may contain its wildcards.
    let mut statement = snapshot.prepare_cached(
        "SELECT folded, document FROM user WHERE account = ?1 AND folded > ?2 AND substr(path, 1, length(?3)) = ?3
         ORDER BY folded LIMIT ?4",
    )?;
    let after = page.after.as_deref().unwrap_or("");
    let rows = statement
        .query_map(params![account.as_str(), after, path_prefix, page::rows_max(page)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (folded, text): (String, String) = row?;
        Ok((folded, document::read("a user", text.as_bytes())?))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}
