//! Gaps in the audit log's chain: rows that went before older ones of other accounts, since their own account had more than its share.
//!
//! A gap stands where the rows stood. It says from which to which they were, and carries the hashes before the first and at the last of them, so that the chain
//! goes on behind it; and a MAC under the chain's key, so that who can write the ledger but does not have the master key cannot put a gap where rows were. A row
//! that is not as it was written, and a gap that is not ours, are never taken into a sealed one. What begins at the oldest row is no gap: the base moves.

use aws_lc_rs::hmac;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::audit_chain::{ChainKey, Hash, Link, move_base, next, note};
use crate::fault::Fault;

/// Stands for the hash of a row that has none.
const NO_HASH: Hash = [0; 32];

/// Rows that went, one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    pub first: u64,
    /// At the row before the first.
    pub before: Hash,
    /// The last of them.
    pub last: Link,
    seal: Option<Vec<u8>>,
}

impl Gap {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            first: row.get("first_position")?,
            before: row.get("before_hash")?,
            last: Link { position: row.get("last_position")?, hash: row.get("last_hash")? },
            seal: row.get("seal")?,
        })
    }

    /// What the ends of the chain are sealed as begins with a digit.
    fn sealed_text(&self) -> String {
        let before = Link { position: self.first, hash: self.before };
        format!("gap {before} {}", self.last)
    }

    /// Whether this platform has sealed it, as it is.
    fn is_ours(&self, key: &ChainKey) -> bool {
        self.seal.as_ref().is_some_and(|seal| hmac::verify(key.mac(), self.sealed_text().as_bytes(), seal).is_ok())
    }

    /// Whether rows were taken away by this platform that stood between what was last seen and the next row.
    pub(crate) fn follows(&self, last: &Link, next_row: Option<u64>, key: &ChainKey) -> bool {
        self.first > last.position
            && self.before == last.hash
            && self.last.position >= self.first
            && next_row.is_none_or(|next| self.last.position < next)
            && self.is_ours(key)
    }
}

/// Where a transaction notes what it met and made: beside the file, where this connection alone can write.
pub(crate) fn make_room_to_note(connection: &Connection) -> Result<(), Fault> {
    for sql in [
        "CREATE TEMP TABLE IF NOT EXISTS audit_gap_met (first_position, before_hash, last_position, last_hash, seal)",
        "CREATE TEMP TABLE IF NOT EXISTS audit_gap_made (first_position INTEGER PRIMARY KEY)",
    ] {
        connection.prepare_cached(sql)?.execute([])?;
    }
    Ok(())
}

/// Takes rows away and leaves gaps where they stood. What is not there stays so.
pub(crate) fn remove(transaction: &Transaction<'_>, positions: &[u64]) -> Result<(), Fault> {
    for position in positions {
        remove_one(transaction, *position)?;
    }
    Ok(())
}

fn remove_one(transaction: &Transaction<'_>, position: u64) -> Result<(), Fault> {
    let base = note(transaction)?.base;
    let mut statement = transaction.prepare_cached("SELECT document, hash FROM audit WHERE position = ?1")?;
    let found: Option<(String, Option<Hash>)> =
        statement.query_row([position], |row| Ok((row.get(0)?, kept_hash(row, 1)?))).optional()?;
    let Some((document, kept)) = found else { return Ok(()) };
    let hash = kept.unwrap_or(NO_HASH);
    let row_before = row_before(transaction, position)?;
    let gap_before = gap(transaction, "first_position < ?1 ORDER BY first_position DESC", position)?
        .filter(|gap| row_before.is_none_or(|row| gap.last.position > row.position));
    let row_behind: Option<u64> = transaction
        .prepare_cached("SELECT min(position) FROM audit WHERE position > ?1")?
        .query_row([position], |row| row.get(0))?;
    let gap_behind = gap(transaction, "first_position > ?1 ORDER BY first_position", position)?
        .filter(|gap| row_behind.is_none_or(|row| gap.first < row));

    let before = gap_before.as_ref().map(|gap| gap.last).or(row_before).unwrap_or(base);
    let is_whole =
        kept == Some(next(&before.hash, position, &document)) && gap_behind.as_ref().is_none_or(|gap| gap.before == hash);
    if !is_whole {
        // It counts as met, and as nobody's.
        let sql = "INSERT INTO temp.audit_gap_met VALUES (?1, x'', ?1, x'', NULL)";
        transaction.prepare_cached(sql)?.execute([position])?;
    }
    for gap in gap_before.iter().chain(&gap_behind) {
        take_up(transaction, gap)?;
    }
    transaction.prepare_cached("DELETE FROM audit WHERE position = ?1")?.execute([position])?;
    let last = gap_behind.map_or(Link { position, hash }, |gap| gap.last);
    if row_before.is_none() {
        return move_base(transaction, &last);
    }
    let (first, before) = gap_before.map_or((position, before.hash), |gap| (gap.first, gap.before));
    let mut statement = transaction.prepare_cached("INSERT INTO audit_gap VALUES (?1, ?2, ?3, ?4, NULL)")?;
    statement.execute(params![first, before, last.position, last.hash])?;
    transaction.prepare_cached("INSERT OR IGNORE INTO temp.audit_gap_made VALUES (?1)")?.execute([first])?;
    Ok(())
}

fn row_before(transaction: &Transaction<'_>, position: u64) -> Result<Option<Link>, Fault> {
    let mut statement =
        transaction.prepare_cached("SELECT position, hash FROM audit WHERE position < ?1 ORDER BY position DESC LIMIT 1")?;
    let link = |row: &Row<'_>| Ok(Link { position: row.get(0)?, hash: kept_hash(row, 1)?.unwrap_or(NO_HASH) });
    Ok(statement.query_row([position], link).optional()?)
}

/// Nothing where there is none, or what is there is none: somebody put the row in. It goes like others, and is nobody's.
pub(crate) fn kept_hash(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Hash>> {
    Ok(row.get::<_, Option<Vec<u8>>>(column)?.and_then(|bytes| bytes.try_into().ok()))
}

/// `place` is ours, never a caller's.
fn gap(transaction: &Transaction<'_>, place: &str, position: u64) -> Result<Option<Gap>, Fault> {
    let mut statement = transaction.prepare_cached(&format!("SELECT * FROM audit_gap WHERE {place} LIMIT 1"))?;
    Ok(statement.query_row([position], Gap::read).optional()?)
}

/// Takes a gap out of the chain, for a larger one. Of one that was met its seal is looked at in the end.
fn take_up(transaction: &Transaction<'_>, gap: &Gap) -> Result<(), Fault> {
    let made = transaction.prepare_cached("DELETE FROM temp.audit_gap_made WHERE first_position = ?1")?.execute([gap.first])?;
    if made == 0 {
        let sql = "INSERT INTO temp.audit_gap_met SELECT * FROM main.audit_gap WHERE first_position = ?1";
        transaction.prepare_cached(sql)?.execute([gap.first])?;
    }
    transaction.prepare_cached("DELETE FROM main.audit_gap WHERE first_position = ?1")?.execute([gap.first])?;
    Ok(())
}

/// Seals the gaps that the transaction has made if `is_ours` says so of the ends of the chain, and all that went into them was ours. Answers whether it was.
pub(crate) fn seal_made(transaction: &Transaction<'_>, key: &ChainKey, ends_are_ours: bool) -> Result<bool, Fault> {
    let met: Vec<Gap> = {
        let mut statement = transaction.prepare_cached("SELECT * FROM temp.audit_gap_met WHERE seal IS NOT NULL")?;
        let rows = statement.query_map([], Gap::read)?;
        rows.collect::<Result<_, _>>()?
    };
    let unsealed: u64 = transaction
        .prepare_cached("SELECT count(*) FROM temp.audit_gap_met WHERE seal IS NULL")?
        .query_row([], |row| row.get(0))?;
    let is_ours = ends_are_ours && unsealed == 0 && met.iter().all(|gap| gap.is_ours(key));
    if is_ours {
        let made: Vec<Gap> = {
            let sql = "SELECT * FROM main.audit_gap WHERE first_position IN (SELECT first_position FROM temp.audit_gap_made)";
            let mut statement = transaction.prepare_cached(sql)?;
            let rows = statement.query_map([], Gap::read)?;
            rows.collect::<Result<_, _>>()?
        };
        let mut statement = transaction.prepare_cached("UPDATE main.audit_gap SET seal = ?2 WHERE first_position = ?1")?;
        for gap in made {
            let seal = hmac::sign(key.mac(), gap.sealed_text().as_bytes());
            statement.execute(params![gap.first, seal.as_ref()])?;
        }
    }
    for sql in ["DELETE FROM temp.audit_gap_met", "DELETE FROM temp.audit_gap_made"] {
        transaction.prepare_cached(sql)?.execute([])?;
    }
    Ok(is_ours)
}

/// All gaps, in their order. As many as rows that are left, at most: two gaps are never side by side.
pub(crate) fn read_all(connection: &Connection) -> Result<Vec<Gap>, Fault> {
    let mut statement = connection.prepare_cached("SELECT * FROM main.audit_gap ORDER BY first_position")?;
    let rows = statement.query_map([], Gap::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
