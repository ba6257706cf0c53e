//! Who did what: rows that are only ever added, in the transaction of the change they tell of. Of accounts that have
//! more than their share the oldest go when there are too many of everybody's.

use rusqlite::{Transaction, params};

use model::audit::{AuditEntry, AuditFound, AuditQuery, AuditRow, AuditedEvent};
use model::audit_ration;
use model::operation::OperationId;
use model::port::{Answer, Audit};
use model::trouble::Trouble;
use model::wish::LogPosition;

use crate::audit_chain::Hash;
use crate::audit_gap::kept_hash;
use crate::database::Ending;
use crate::fault::Fault;
use crate::limit::{AUDIT_CLOCK_SLACK, AUDIT_COMPARED, AUDIT_FORGOTTEN, AUDIT_LOOKED_UP};
use crate::{Store, audit_chain, audit_gap, document};

impl Audit for Store {
    fn append<'a>(&'a self, row: &'a AuditRow) -> Answer<'a, ()> {
        let row = row.clone();
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| Ok(Ending::Commit(keep(transaction, &row)?));
            self.0.ledger.write("adding an audit row", work).await
        })
    }

    fn append_all<'a>(&'a self, rows: &'a [AuditRow]) -> Answer<'a, ()> {
        let rows = rows.to_vec();
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                rows.iter().try_for_each(|row| keep(transaction, row))?;
                Ok(Ending::Commit(()))
            };
            self.0.ledger.write("adding audit rows", work).await
        })
    }

    fn record<'a>(&'a self, entry: &'a AuditEntry) -> Answer<'a, ()> {
        let text = document::write(entry);
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| Ok(Ending::Commit(audit_chain::append(transaction, &text)?));
            self.0.ledger.write("adding an audit row", work).await
        })
    }

    fn look_up<'a>(&'a self, query: &'a AuditQuery) -> Answer<'a, AuditFound> {
        let query = query.clone();
        Box::pin(async move {
            self.0.ledger.read("looking up audit rows", move |snapshot| look_up(snapshot, &query, AUDIT_LOOKED_UP)).await
        })
    }

    fn list(&self, after: LogPosition, rows_max: u32) -> Answer<'_, Vec<(LogPosition, AuditRow)>> {
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement = snapshot
                    .prepare_cached("SELECT position, document FROM audit WHERE position > ?1 ORDER BY position LIMIT ?2")?;
                let after = i64::try_from(after.0).unwrap_or(i64::MAX);
                let rows = statement.query_map(params![after, rows_max], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.map(|row| {
                    let (position, text): (u64, String) = row?;
                    Ok((LogPosition(position), document::read("an audit row", text.as_bytes())?))
                })
                .collect()
            };
            self.0.ledger.read("listing audit rows", work).await
        })
    }
}

/// Newest first, from a bounded number of rows.
fn look_up(snapshot: &Transaction<'_>, query: &AuditQuery, rows_max: u32) -> Result<AuditFound, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT position, document, hash FROM audit
         WHERE json_extract(document, '$.noun.caller.scope.account') = ?1
           AND json_extract(document, '$.noun.caller.scope.region') = ?2 AND position < ?3
         ORDER BY position DESC LIMIT ?4",
    )?;
    let before = query.before.map_or(i64::MAX, |position| i64::try_from(position.0).unwrap_or(i64::MAX));
    let key = params![query.scope.account.as_str(), query.scope.region.as_str(), before, rows_max];
    let mut rows = statement.query(key)?;
    let (mut events, mut looked_at) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let (position, text, hash): (u64, String, Option<Hash>) = (row.get(0)?, row.get(1)?, kept_hash(row, 2)?);
        looked_at += 1;
        let event = AuditedEvent {
            position: LogPosition(position),
            id: event_id(position, hash.as_ref()),
            entry: document::read("an audit row", text.as_bytes())?,
        };
        // Positions go up with the clock, unless it was set back.
        if event.entry.row.at.plus(AUDIT_CLOCK_SLACK) < query.from {
            return Ok(AuditFound { events, next: None });
        }
        if query.asks_for(&event) {
            events.push(event);
        }
        // The page is full, or so much was looked at: the next call goes on behind this row.
        if events.len() >= query.events_max as usize || looked_at >= rows_max {
            return Ok(AuditFound {
                events,
                next: rows
                    .next()?
                    .map(|_| LogPosition(position))
                    .or_else(|| (looked_at >= rows_max).then_some(LogPosition(position))),
            });
        }
    }
    Ok(AuditFound { events, next: None })
}

/// A row's UUID is made of its hash: nothing else has to be kept for it, and no other row has it. Whoever took the hash away hides no row by it: that one's is
/// made of its position, and `outrunner audit verify` says where the chain is broken first.
fn event_id(position: u64, hash: Option<&Hash>) -> String {
    let bytes = match hash {
        Some(hash) => hash[..16].try_into().expect("sixteen of 32 bytes"),
        None => u128::from(position).to_be_bytes(),
    };
    OperationId::from_random(bytes).to_string()
}

/// Adds a row to the transaction of the change it tells of.
pub(crate) fn keep(transaction: &Transaction<'_>, row: &AuditRow) -> Result<(), Fault> {
    audit_chain::append(transaction, &document::write(row))
}

/// Adds rows that were kept elsewhere with their change. One that came already is known again by its request: it is not added twice.
pub(crate) fn keep_once(transaction: &Transaction<'_>, documents: &[String]) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "SELECT EXISTS
             (SELECT 1 FROM audit WHERE position > (SELECT coalesce(max(position), 0) FROM audit) - ?2 AND document = ?1)",
    )?;
    for document in documents {
        if !statement.query_row(params![document, AUDIT_COMPARED], |row| row.get::<_, bool>(0))? {
            audit_chain::append(transaction, document)?;
        }
    }
    Ok(())
}

/// Rows that are beyond what all accounts may have together, the oldest first: of those accounts that have more than their share. At most so many at once.
pub(crate) fn surplus(snapshot: &Transaction<'_>, rows_max: u64, rows_at_once: u32) -> Result<Vec<u64>, Fault> {
    if audit_chain::span(snapshot)? <= rows_max {
        return Ok(Vec::new());
    }
    // The index has the accounts in front: no document is read.
    let mut statement = snapshot.prepare_cached(
        "SELECT json_extract(document, '$.noun.caller.scope.account') AS account, count(*) FROM audit GROUP BY account",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    // A row that somebody put in may name no account: those are one account's, too.
    let counts: Vec<(Option<String>, u64)> = rows.collect::<Result<_, _>>()?;
    let mut statement = snapshot.prepare_cached(
        "SELECT position FROM audit WHERE json_extract(document, '$.noun.caller.scope.account') IS ?1 ORDER BY position LIMIT ?2",
    )?;
    let mut positions = Vec::new();
    for (account, surplus) in audit_ration::surplus(counts, rows_max) {
        let room = u64::from(rows_at_once).saturating_sub(positions.len() as u64);
        let rows = statement.query_map(params![account, surplus.min(room)], |row| row.get(0))?;
        positions.extend(rows.collect::<Result<Vec<u64>, _>>()?);
    }
    Ok(positions)
}

impl Store {
    /// Takes away the oldest rows of accounts that have more than their share, as long as all accounts together have too many.
    pub(crate) async fn forget_audit(&self, rows_max: u32) -> Result<(), Trouble> {
        let doing = "forgetting audit rows";
        loop {
            let look = move |snapshot: &Transaction<'_>| surplus(snapshot, u64::from(rows_max), AUDIT_FORGOTTEN);
            let positions = self.0.ledger.read(doing, look).await?;
            if positions.is_empty() {
                return Ok(());
            }
            let remove = move |transaction: &Transaction<'_>| Ok(Ending::Commit(audit_gap::remove(transaction, &positions)?));
            self.0.ledger.write(doing, remove).await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::account::AccountId;
    use model::caller::Caller;
    use model::secret::Secret;
    use model::testbed::{TurnedClock, caller, scope};
    use model::time::Timestamp;
    use rusqlite::Connection;

    use super::*;
    use crate::audit_chain::{ChainKey, seal, walk};
    use crate::migration::LEDGER;
    use crate::secrets::SealMark;

    /// A ledger in memory whose chain begins with this key.
    fn begun(key: &ChainKey) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        LEDGER
            .apply_and(&mut connection, |transaction, form| audit_chain::begin(transaction, form, key, SealMark::Absent))
            .unwrap();
        connection
    }

    #[tokio::test]
    async fn the_oldest_rows_go_when_there_are_too_many_and_none_before() {
        let data_dir = tempfile::tempdir().unwrap();
        let (clock, key) = (TurnedClock::at_millis(1_000), Secret::new([7; 32]));
        let store = Store::open(data_dir.path(), Arc::new(clock), &key).unwrap();
        let row = |n: i64| {
            let (at, action) = (Timestamp::from_millis(n), "a:B".to_owned());
            AuditRow { at, caller: caller(), action, resource: "*".to_owned() }
        };
        for n in 1..=7 {
            store.append(&row(n)).await.unwrap();
        }
        for (rows_max, left) in [(7, [1, 2, 3, 4, 5, 6, 7].as_slice()), (3, &[5, 6, 7]), (3, &[5, 6, 7]), (1, &[7])] {
            store.forget_audit(rows_max).await.unwrap();
            let found = store.list(LogPosition(0), 99).await.unwrap();
            assert_eq!(found.iter().map(|(_, row)| row.at.millis()).collect::<Vec<_>>(), left);
            assert_eq!(store.holdings().await.unwrap().audit_rows, left.len() as u64);
            assert_eq!(audit_chain::verify(data_dir.path(), &key, None).unwrap().broken, None);
        }
    }

    #[test]
    fn a_row_whose_hash_somebody_took_away_hides_no_other_and_has_an_id_of_its_own() {
        let key = ChainKey::new(&Secret::new([1; 32]));
        let mut connection = begun(&key);
        let transaction = connection.transaction().unwrap();
        for n in 1..=3 {
            let row =
                AuditRow { at: Timestamp::from_millis(n), caller: caller(), action: "a:B".to_owned(), resource: "*".to_owned() };
            keep(&transaction, &row).unwrap();
        }
        transaction.execute("UPDATE audit SET hash = NULL WHERE position = 1", []).unwrap();
        transaction.execute("UPDATE audit SET hash = x'' WHERE position = 2", []).unwrap();
        let (from, until) = (Timestamp::from_millis(0), Timestamp::from_millis(9));
        let query = AuditQuery { scope: scope(), from, until, sought: None, before: None, events_max: 9 };
        let found = look_up(&transaction, &query, 9).unwrap();
        let ids: std::collections::BTreeSet<&str> = found.events.iter().map(|event| event.id.as_str()).collect();
        assert_eq!(ids.len(), 3, "{ids:?}");
    }

    #[test]
    fn an_account_that_has_more_than_its_share_loses_its_own_oldest_and_the_chain_holds() {
        let key = ChainKey::new(&Secret::new([1; 32]));
        let mut connection = begun(&key);
        let write = |connection: &mut Connection, work: &dyn Fn(&Transaction<'_>) -> Result<(), Fault>| {
            let transaction = connection.transaction().unwrap();
            work(&transaction).unwrap();
            seal(&transaction, &key).unwrap();
            transaction.commit().unwrap();
        };
        let accounts = ["000000000000", "111111111111", "222222222222"];
        // The loud one writes between the others, and before and after them.
        for (account, rows) in [(0, 3), (1, 2), (0, 20), (2, 4), (0, 7), (1, 1), (0, 2)] {
            write(&mut connection, &|transaction| {
                let scope = model::account::Scope { account: AccountId::parse(accounts[account]).unwrap(), ..scope() };
                let caller = Caller { scope, ..caller() };
                let row = AuditRow { at: Timestamp::from_millis(1), caller, action: "a:B".to_owned(), resource: "*".to_owned() };
                (0..rows).try_for_each(|_| keep(transaction, &row))
            });
        }
        let counts = |connection: &Connection| {
            accounts.map(|account| {
                let sql = "SELECT count(*), min(position) FROM audit WHERE document ->> '$.noun.caller.scope.account' = ?1";
                connection.query_row(sql, [account], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?))).unwrap()
            })
        };
        assert_eq!(counts(&connection), [(32, 1), (3, 4), (4, 26)]);
        let mut steps = 0;
        loop {
            let positions = surplus(&connection.transaction().unwrap(), 15, 5).unwrap();
            if positions.is_empty() {
                break;
            }
            assert!(positions.len() <= 5, "so many at once");
            write(&mut connection, &|transaction| audit_gap::remove(transaction, &positions));
            steps += 1;
        }
        assert_eq!(steps, 5);
        assert_eq!(counts(&connection), [(8, 31), (3, 4), (4, 26)], "the others have all of theirs, and it has its newest");
        let walked = walk(&connection, &key, None).unwrap();
        assert_eq!((walked.rows, walked.broken), (15, None));
        // Rows that somebody put in, without a hash and without an account, stand in nobody's way, and prove nothing.
        connection.execute_batch("INSERT INTO audit (position, document) VALUES (100, '{}'), (101, '{}')").unwrap();
        connection.execute_batch("UPDATE audit SET hash = NULL WHERE position IN (4, 31, 37)").unwrap();
        // Everybody is above the share: all give.
        let positions = surplus(&connection.transaction().unwrap(), 6, 100).unwrap();
        write(&mut connection, &|transaction| audit_gap::remove(transaction, &positions));
        assert_eq!(counts(&connection).map(|(rows, _)| rows), [1, 1, 1]);
        let left: u64 = connection.query_row("SELECT count(*) FROM audit WHERE position >= 100", [], |row| row.get(0)).unwrap();
        assert_eq!(left, 1);
        assert!(walk(&connection, &key, None).unwrap().broken.is_some());
    }
}
