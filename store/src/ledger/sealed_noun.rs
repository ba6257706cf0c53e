//! Records whose values are secrets, and their values: each record has a data key, sealed with the platform's own, and each value is sealed with that.
//!
//! A value is bound to its record's account, region and name and to its version: moved anywhere else it does not open. Deciding is the caller's; here a
//! change is only conditional on the record that was read.

use std::fmt::Write as _;

use rusqlite::{OptionalExtension, Transaction, params};
use zeroize::Zeroizing;

use model::account::Scope;
use model::audit::AuditRow;
use model::caller::Caller;
use model::managed_secret::ManagedSecret;
use model::operation::OperationId;
use model::port::{Answer, Granted, SealedNouns};
use model::sealed_noun::{NewValue, SealedNoun};
use model::secret::Secret;
use model::time::Timestamp;
use model::trouble::Trouble;
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::page;
use crate::limit::SECRETS_FORGOTTEN;
use crate::secrets::{Place, Seal};
use crate::{Store, audit, document};

/// What belongs to a record beside itself.
struct Row {
    ordinal: i64,
    sealed_key: Vec<u8>,
    document: String,
}

/// A value on its way into its table.
struct SealedValue {
    version: String,
    sealed: Vec<u8>,
}

impl<N: SealedNoun> SealedNouns<N> for Store {
    fn create<'a>(&'a self, noun: &'a N, value: Option<&'a NewValue>, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        Box::pin(async move {
            let (key, sealed_key) = new_key(&self.0.seal, &row_of(noun), N::KIND);
            let value = value.map(|new| seal_value(&key, noun, new));
            let (noun, row) = (noun.clone(), audit.clone());
            let work = move |transaction: &Transaction<'_>| create(transaction, &noun, (&sealed_key, value.as_ref()), &row);
            self.0.ledger.write(&format!("creating a {}", N::KIND), work).await
        })
    }

    fn get<'a>(&'a self, scope: &'a Scope, name: &'a str) -> Answer<'a, Option<N>> {
        Box::pin(async move {
            let found = self.row::<N>(scope, name).await?;
            let read = found.map(|row| document::read(N::KIND, row.document.as_bytes())).transpose();
            read.map_err(|fault| fault.while_doing(format!("reading a {}", N::KIND)))
        })
    }

    fn list<'a>(&'a self, scope: &'a Scope, prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<N>> {
        let (scope, prefix, page) = (scope.clone(), prefix.to_owned(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| list(snapshot, &scope, &prefix, &page);
            self.0.ledger.read(&format!("listing {}s", N::KIND), work).await
        })
    }

    fn value<'a>(&'a self, noun: &'a N, version: &'a str) -> Answer<'a, Option<Secret>> {
        Box::pin(async move {
            let doing = format!("reading the value of a {}", N::KIND);
            let (scope, name, wanted) = (noun.scope().clone(), noun.name().to_owned(), version.to_owned());
            // Both in one snapshot: a record that is made again in between has another key.
            let work = move |snapshot: &Transaction<'_>| {
                let Some(row) = find::<N>(snapshot, &scope, &name)? else { return Ok(None) };
                let sql = format!("SELECT sealed FROM {}_value WHERE owner = ?1 AND version = ?2", N::KIND);
                let sealed = snapshot.prepare_cached(&sql)?.query_row(params![row.ordinal, wanted], |row| row.get(0)).optional()?;
                Ok(sealed.map(|sealed: Vec<u8>| (row.sealed_key, sealed)))
            };
            let Some((sealed_key, sealed)) = self.0.ledger.read(&doing, work).await? else { return Ok(None) };
            let open = || {
                let key = open_key(&self.0.seal, &row_of(noun), N::KIND, &sealed_key)?;
                let value = key.open(Place { table: &value_table(N::KIND), row: &value_row(&row_of(noun), version) }, &sealed)?;
                Ok(Some(Secret::new(value.to_vec())))
            };
            open().map_err(|fault: Fault| fault.while_doing(doing))
        })
    }

    fn change<'a>(&'a self, before: &'a N, after: &'a N, value: Option<&'a NewValue>, audit: &'a AuditRow) -> Answer<'a, bool> {
        Box::pin(async move {
            let doing = format!("changing a {}", N::KIND);
            let Some(read) = self.row::<N>(before.scope(), before.name()).await? else { return Ok(false) };
            let seal = |new: &NewValue| {
                let key = open_key(&self.0.seal, &row_of(before), N::KIND, &read.sealed_key)?;
                Ok(seal_value(&key, after, new))
            };
            let value = value.map(seal).transpose().map_err(|fault: Fault| fault.while_doing(&doing))?;
            let (before, after, row) = (before.clone(), after.clone(), audit.clone());
            let work = move |transaction: &Transaction<'_>| {
                // The same key too: a record that was made again is another one, also where it looks the same.
                let Some(found) = still(transaction, &before)?.filter(|found| found.sealed_key == read.sealed_key) else {
                    return Ok(Ending::RollBack(false));
                };
                change(transaction, found.ordinal, &after, value.as_ref())?;
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(true))
            };
            self.0.ledger.write(&doing, work).await
        })
    }

    fn remove<'a>(&'a self, noun: &'a N, audit: &'a AuditRow) -> Answer<'a, bool> {
        let (noun, row) = (noun.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let Some(found) = still(transaction, &noun)? else { return Ok(Ending::RollBack(false)) };
                let sql = format!("DELETE FROM {} WHERE ordinal = ?1", N::KIND);
                transaction.prepare_cached(&sql)?.execute([found.ordinal])?;
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(true))
            };
            self.0.ledger.write(&format!("removing a {}", N::KIND), work).await
        })
    }
}

impl Store {
    async fn row<N: SealedNoun>(&self, scope: &Scope, name: &str) -> Result<Option<Row>, Trouble> {
        let (scope, name) = (scope.clone(), name.to_owned());
        let work = move |snapshot: &Transaction<'_>| find::<N>(snapshot, &scope, &name);
        self.0.ledger.read(&format!("reading a {}", N::KIND), work).await
    }
}

/// As CloudTrail names the end of a recovery window. Source: Secrets Manager User Guide, "Log with CloudTrail".
const PURGED: &str = "secretsmanager:EndSecretVersionDelete";

/// Takes away secrets whose window is over, each with a row that says that the platform did it. Answers how many: no more than so many at once.
pub(crate) fn forget_due(transaction: &Transaction<'_>, now: Timestamp) -> Result<u32, Fault> {
    let kind = ManagedSecret::KIND;
    let sql = format!("SELECT ordinal, document FROM {kind} WHERE due_ms <= ?1 ORDER BY due_ms, ordinal");
    let mut statement = transaction.prepare_cached(&sql)?;
    let mut rows = statement.query([now.millis()])?;
    let mut due: Vec<(i64, ManagedSecret)> = Vec::new();
    while let Some(row) = rows.next()?.filter(|_| due.len() < SECRETS_FORGOTTEN as usize) {
        let (ordinal, text): (i64, String) = (row.get(0)?, row.get(1)?);
        match document::read(kind, text.as_bytes()) {
            Ok(secret) => due.push((ordinal, secret)),
            // One that nobody can read keeps no other one from going.
            Err(fault) => tracing::warn!(
                name: "secret_not_forgotten", ordinal, cause = %fault.while_doing(format!("reading a {kind}")),
                "a deleted secret stays, since its document cannot be read. Look: outrunner check"
            ),
        }
    }
    let mut remove = transaction.prepare_cached(&format!("DELETE FROM {kind} WHERE ordinal = ?1"))?;
    let mut gone = 0;
    for (ordinal, secret) in due {
        remove.execute([ordinal])?;
        let caller = Caller::platform(secret.scope.clone(), drawn_id());
        audit::keep(transaction, &AuditRow { at: now, caller, action: PURGED.to_owned(), resource: secret.arn() })?;
        gone += 1;
    }
    Ok(gone)
}

fn drawn_id() -> String {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).expect("the library's own generator needs nothing that can fail");
    OperationId::from_random(bytes).to_string()
}

fn create<N: SealedNoun>(
    transaction: &Transaction<'_>,
    noun: &N,
    (sealed_key, value): (&[u8], Option<&SealedValue>),
    row: &AuditRow,
) -> Result<Ending<Granted<()>>, Fault> {
    let Scope { account, region } = noun.scope();
    let kind = N::KIND;
    let mut count = transaction.prepare_cached(&format!("SELECT count(*) FROM {kind} WHERE account = ?1 AND region = ?2"))?;
    let kept: usize = count.query_row([account.as_str(), region.as_str()], |row| row.get(0))?;
    let mut statement = transaction.prepare_cached(&format!(
        "INSERT INTO {kind} (account, region, name, due_ms, sealed_key, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING"
    ))?;
    let due = noun.due_at().map(Timestamp::millis);
    let new = statement.execute(params![account.as_str(), region.as_str(), noun.name(), due, sealed_key, document::write(noun)])?;
    if new == 0 {
        return Ok(Ending::RollBack(Err(noun.taken())));
    }
    if kept >= N::MAX {
        return Ok(Ending::RollBack(Err(N::too_many())));
    }
    if let Some(value) = value {
        keep_value::<N>(transaction, transaction.last_insert_rowid(), value)?;
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(())))
}

fn change<N: SealedNoun>(transaction: &Transaction<'_>, ordinal: i64, after: &N, value: Option<&SealedValue>) -> Result<(), Fault> {
    let kind = N::KIND;
    let due = after.due_at().map(Timestamp::millis);
    transaction.prepare_cached(&format!("UPDATE {kind} SET due_ms = ?2, document = ?3 WHERE ordinal = ?1"))?.execute(params![
        ordinal,
        due,
        document::write(after)
    ])?;
    if let Some(value) = value {
        keep_value::<N>(transaction, ordinal, value)?;
    }
    let kept = after.version_keys();
    let mut statement = transaction.prepare_cached(&format!("SELECT version FROM {kind}_value WHERE owner = ?1"))?;
    let versions: Vec<String> = statement.query_map([ordinal], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for gone in versions.iter().filter(|version| !kept.contains(version)) {
        let sql = format!("DELETE FROM {kind}_value WHERE owner = ?1 AND version = ?2");
        transaction.prepare_cached(&sql)?.execute(params![ordinal, gone])?;
    }
    Ok(())
}

fn keep_value<N: SealedNoun>(transaction: &Transaction<'_>, owner: i64, value: &SealedValue) -> Result<(), Fault> {
    let sql = format!("INSERT OR REPLACE INTO {}_value (owner, version, sealed) VALUES (?1, ?2, ?3)", N::KIND);
    transaction.prepare_cached(&sql)?.execute(params![owner, value.version, value.sealed])?;
    Ok(())
}

fn find<N: SealedNoun>(snapshot: &Transaction<'_>, scope: &Scope, name: &str) -> Result<Option<Row>, Fault> {
    let sql = format!("SELECT ordinal, sealed_key, document FROM {} WHERE account = ?1 AND region = ?2 AND name = ?3", N::KIND);
    let mut statement = snapshot.prepare_cached(&sql)?;
    let row = |row: &rusqlite::Row<'_>| Ok(Row { ordinal: row.get(0)?, sealed_key: row.get(1)?, document: row.get(2)? });
    Ok(statement.query_row([scope.account.as_str(), scope.region.as_str(), name], row).optional()?)
}

/// The row of a record, if it is still exactly so.
fn still<N: SealedNoun>(transaction: &Transaction<'_>, noun: &N) -> Result<Option<Row>, Fault> {
    let Some(row) = find::<N>(transaction, noun.scope(), noun.name())? else { return Ok(None) };
    let kept: N = document::read(N::KIND, row.document.as_bytes())?;
    Ok((kept == *noun).then_some(row))
}

fn list<N: SealedNoun>(snapshot: &Transaction<'_>, scope: &Scope, prefix: &str, page: &PageRequest) -> Result<Page<N>, Fault> {
    // Not LIKE: a name may contain its wildcards. Nothing that begins so is behind the last character there is.
    let mut statement = snapshot.prepare_cached(&format!(
        "SELECT name, document FROM {} WHERE account = ?1 AND region = ?2 AND name > ?3 AND name >= ?4 AND name < ?5
         ORDER BY name LIMIT ?6",
        N::KIND
    ))?;
    let after = page.after.as_deref().unwrap_or("");
    let behind = format!("{prefix}{}", char::MAX);
    let key = params![scope.account.as_str(), scope.region.as_str(), after, prefix, behind, page::rows_max(page)];
    let rows = statement.query_map(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (name, text): (String, String) = row?;
        Ok((name, document::read(N::KIND, text.as_bytes())?))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}

/// Where a record is, in the words that its keys and values are bound to. Neither an account nor a region has a slash.
fn row_of<N: SealedNoun>(noun: &N) -> String {
    let Scope { account, region } = noun.scope();
    row_at(account.as_str(), region.as_str(), noun.name())
}

pub(crate) fn row_at(account: &str, region: &str, name: &str) -> String {
    format!("{account}/{region}/{name}")
}

/// No name has a NUL.
pub(crate) fn value_row(row: &str, version: &str) -> String {
    let mut bound = String::from(row);
    let _ = write!(bound, "\0{version}");
    bound
}

pub(crate) fn value_table(kind: &str) -> String {
    format!("{kind}_value")
}

fn seal_value<N: SealedNoun>(key: &Seal, noun: &N, new: &NewValue) -> SealedValue {
    let row = value_row(&row_of(noun), &new.version);
    let sealed = key.close(Place { table: &value_table(N::KIND), row: &row }, new.value.expose());
    SealedValue { version: new.version.clone(), sealed }
}

/// A new data key, and the same sealed.
pub(crate) fn new_key(seal: &Seal, row: &str, table: &str) -> (Seal, Vec<u8>) {
    let mut bytes = Zeroizing::new([0; crate::limit::MASTER_KEY_BYTES]);
    aws_lc_rs::rand::fill(&mut *bytes).expect("the library's own generator needs nothing that can fail");
    (Seal::of_data_key(&bytes), seal.close(Place { table, row }, &*bytes))
}

/// The data key of a record.
pub(crate) fn open_key(seal: &Seal, row: &str, table: &str, sealed: &[u8]) -> Result<Seal, Fault> {
    let bytes = seal.open(Place { table, row }, sealed)?;
    let key =
        bytes.as_slice().try_into().map_err(|_| Fault::Damaged(format!("the data key of {table} {row} has a wrong length")))?;
    Ok(Seal::of_data_key(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::LEDGER;

    #[test]
    fn a_deleted_secret_that_nobody_can_read_keeps_no_other_one_from_going() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        LEDGER.apply(&mut connection).unwrap();
        let golden = include_str!("../../tests/golden/managed_secret_deleted.json").trim_end();
        for (name, due, document) in [("damaged", 1, "no document"), ("newer", 2, r#"{"v":999}"#), ("db", 604_800_006, golden)] {
            let sql = "INSERT INTO managed_secret (account, region, name, due_ms, sealed_key, document) VALUES ('a', 'r', ?1, ?2, x'', ?3)";
            connection.execute(sql, params![name, due, document]).unwrap();
        }
        let transaction = connection.transaction().unwrap();
        assert_eq!(forget_due(&transaction, Timestamp::from_millis(604_800_005)).unwrap(), 0);
        assert_eq!(forget_due(&transaction, Timestamp::from_millis(604_800_006)).unwrap(), 1);
        assert_eq!(forget_due(&transaction, Timestamp::from_millis(604_800_006)).unwrap(), 0);
        let left = |sql: &str| transaction.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap();
        assert_eq!((left("SELECT count(*) FROM managed_secret WHERE name = 'db'"), left("SELECT count(*) FROM audit")), (0, 1));
        assert_eq!(left("SELECT count(*) FROM managed_secret"), 2, "those are for a person to look at");
    }
}
