//! Keys that sign calls, sealed whole. What they were last used for stands beside them, unsealed.
//!
//! A change seals the key anew, and is conditional on the sealed value that was read.

use rusqlite::{OptionalExtension, Transaction, params};

use model::account::AccountId;
use model::audit::AuditRow;
use model::caller::{AccessKey, KeyStatus, KeyUse, Principal};
use model::limit::USER_KEYS;
use model::port::{AccessKeys, Answer, Granted};
use model::refusal::{Refusal, RefusalKind};
use model::trouble::Trouble;

use crate::database::Ending;
use crate::fault::Fault;
use crate::secrets::Place;
use crate::{Store, audit, document};

const TABLE: &str = "access_key";

impl AccessKeys for Store {
    fn find<'a>(&'a self, id: &'a str) -> Answer<'a, Option<AccessKey>> {
        Box::pin(async move {
            let found = self.sealed_key(id).await?;
            found.map(|sealed| self.open_key(id, &sealed)).transpose()
        })
    }

    fn keep<'a>(&'a self, key: &'a AccessKey) -> Answer<'a, ()> {
        let sealed = self.0.seal.close(Place { table: TABLE, row: &key.id }, &document::write_secret(key));
        let (id, account, owner) = (key.id.clone(), key.account.clone(), owner(&key.principal).to_owned());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let mut statement = transaction.prepare_cached(
                    "INSERT INTO access_key (id, account, owner, sealed) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (id) DO UPDATE SET account = excluded.account, owner = excluded.owner, sealed = excluded.sealed",
                )?;
                statement.execute(params![id, account.as_str(), owner, sealed])?;
                Ok(Ending::Commit(()))
            };
            self.0.ledger.write("keeping an access key", work).await
        })
    }

    fn of_account<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Vec<AccessKey>> {
        let account = account.clone();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement = snapshot.prepare_cached("SELECT id, sealed FROM access_key WHERE account = ?1 ORDER BY id")?;
                let rows = statement.query_map([account.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<Vec<(String, Vec<u8>)>, _>>()?)
            };
            let rows = self.0.ledger.read("reading the access keys of an account", work).await?;
            rows.iter().map(|(id, sealed)| self.open_key(id, sealed)).collect()
        })
    }

    fn of_principal<'a>(&'a self, account: &'a AccountId, principal: &'a Principal) -> Answer<'a, Vec<AccessKey>> {
        let (account, owner) = (account.clone(), owner(principal).to_owned());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement =
                    snapshot.prepare_cached("SELECT id, sealed FROM access_key WHERE account = ?1 AND owner = ?2")?;
                let rows = statement.query_map([account.as_str(), &owner], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<Vec<(String, Vec<u8>)>, _>>()?)
            };
            let rows = self.0.ledger.read("reading the access keys of a user", work).await?;
            let keys: Result<Vec<AccessKey>, Trouble> = rows.iter().map(|(id, sealed)| self.open_key(id, sealed)).collect();
            let mut keys = keys?;
            keys.sort_by_key(|key| (key.created_at, key.id.clone()));
            Ok(keys)
        })
    }

    fn create<'a>(&'a self, key: &'a AccessKey, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let sealed = self.0.seal.close(Place { table: TABLE, row: &key.id }, &document::write_secret(key));
        let (id, account, owner) = (key.id.clone(), key.account.clone(), owner(&key.principal).to_owned());
        let row = audit.clone();
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| create(transaction, (&id, &account, &owner, &sealed), &row);
            self.0.ledger.write("creating an access key", work).await
        })
    }

    fn set_status<'a>(&'a self, id: &'a str, status: KeyStatus, audit: &'a AuditRow) -> Answer<'a, bool> {
        Box::pin(async move {
            // Whoever was faster changed the sealed value: it is read again. Only statuses are ever written, so this ends.
            loop {
                let Some(before) = self.sealed_key(id).await? else { return Ok(false) };
                let key = AccessKey { status, ..self.open_key(id, &before)? };
                let after = self.0.seal.close(Place { table: TABLE, row: id }, &document::write_secret(&key));
                let (id, row) = (id.to_owned(), audit.clone());
                let work = move |transaction: &Transaction<'_>| {
                    let mut statement =
                        transaction.prepare_cached("UPDATE access_key SET sealed = ?3 WHERE id = ?1 AND sealed = ?2")?;
                    if statement.execute(params![id, before, after])? == 0 {
                        return Ok(Ending::RollBack(false));
                    }
                    audit::keep(transaction, &row)?;
                    Ok(Ending::Commit(true))
                };
                if self.0.ledger.write("changing an access key", work).await? {
                    return Ok(true);
                }
            }
        })
    }

    fn remove<'a>(&'a self, id: &'a str, audit: &'a AuditRow) -> Answer<'a, bool> {
        let (id, row) = (id.to_owned(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                if transaction.prepare_cached("DELETE FROM access_key WHERE id = ?1")?.execute([&id])? == 0 {
                    return Ok(Ending::RollBack(false));
                }
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(true))
            };
            self.0.ledger.write("removing an access key", work).await
        })
    }

    fn last_use<'a>(&'a self, id: &'a str) -> Answer<'a, Option<KeyUse>> {
        let id = id.to_owned();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement = snapshot.prepare_cached("SELECT document FROM access_key_use WHERE id = ?1")?;
                let text: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
                text.map(|text| document::read("an access key's use", text.as_bytes())).transpose()
            };
            self.0.ledger.read("reading an access key's use", work).await
        })
    }

    fn note_use<'a>(&'a self, id: &'a str, last: &'a KeyUse) -> Answer<'a, ()> {
        let (id, text) = (id.to_owned(), document::write(last));
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let mut statement = transaction.prepare_cached(
                    "INSERT OR REPLACE INTO access_key_use (id, document) SELECT id, ?2 FROM access_key WHERE id = ?1",
                )?;
                statement.execute([id, text])?;
                Ok(Ending::Commit(()))
            };
            self.0.ledger.write("noting an access key's use", work).await
        })
    }
}

impl Store {
    async fn sealed_key(&self, id: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let work = |snapshot: &Transaction<'_>| {
            let mut statement = snapshot.prepare_cached("SELECT sealed FROM access_key WHERE id = ?1")?;
            Ok(statement.query_row([id], |row| row.get::<_, Vec<u8>>(0)).optional()?)
        };
        self.0.ledger.find("reading an access key", work).await
    }

    fn open_key(&self, id: &str, sealed: &[u8]) -> Result<AccessKey, Trouble> {
        let opened = self.0.seal.open_noun(Place { table: TABLE, row: id }, sealed);
        opened.map_err(|fault| fault.while_doing("opening an access key"))
    }
}

/// What tells whose a key is: a user's id, which stays when the user is renamed. The root has none.
fn owner(principal: &Principal) -> &str {
    match principal {
        Principal::User(user) => &user.id,
        // Neither a session nor a service nor a token has keys that are kept.
        Principal::Root | Principal::Service(_) | Principal::AssumedRole(_) | Principal::WebIdentity(_) => "",
    }
}

fn create(
    transaction: &Transaction<'_>,
    (id, account, owner, sealed): (&str, &AccountId, &str, &[u8]),
    row: &AuditRow,
) -> Result<Ending<Granted<()>>, Fault> {
    let refuse = |kind, words: String| Ok(Ending::RollBack(Err(Refusal::new(kind, words))));
    let mut user = transaction.prepare_cached("SELECT EXISTS (SELECT 1 FROM user WHERE account = ?1 AND id = ?2)")?;
    if !owner.is_empty() && !user.query_row([account.as_str(), owner], |row| row.get::<_, bool>(0))? {
        return refuse(RefusalKind::NotFound, "The user is not there any more.".to_owned());
    }
    let mut count = transaction.prepare_cached("SELECT count(*) FROM access_key WHERE account = ?1 AND owner = ?2")?;
    let kept: usize = count.query_row([account.as_str(), owner], |row| row.get(0))?;
    let mut statement = transaction
        .prepare_cached("INSERT INTO access_key (id, account, owner, sealed) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")?;
    if statement.execute(params![id, account.as_str(), owner, sealed])? == 0 {
        return refuse(RefusalKind::AlreadyExists, format!("An access key {id} is there already."));
    }
    if kept >= USER_KEYS {
        // Source of the words: IAM, LimitExceeded.
        return refuse(RefusalKind::Quota, format!("Cannot exceed quota for AccessKeysPerUser: {USER_KEYS}"));
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(())))
}
