//! The audit log as a chain of hashes, so that a row that was changed, removed or put in is noticed.
//!
//! ```text
//!   hash(row) = SHA-256("outrunner audit 1\0" ‖ hash(row before) ‖ position, 8 bytes big endian ‖ the document's bytes)
//! ```
//!
//! The position has a fixed length and the document is the rest, so no two rows give the same bytes. The hash before the first row is drawn with the
//! data dir. Both ends stand in a row of their own under a MAC whose key comes from the master key: who can write the ledger but does not have the
//! master key can neither change, remove nor add a row unnoticed, at either end. Who has both can write another chain; against him helps a head that
//! was kept elsewhere (`Expected`). A ledger put back whole, as it was at another time, is a chain that holds too: only a kept head tells it.
//!
//! Never judges what a row says.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::{hkdf, hmac};
use model::secret::Secret;
use model::trouble::Trouble;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::audit_gap::{self, Gap};
use crate::database::open_reader;
use crate::fault::Fault;
use crate::migration::LEDGER;
use crate::secrets::SealMark;

/// Begins what is hashed; another number will mean another encoding.
const ENCODING: &[u8] = b"outrunner audit 1\0";
const HASH_BYTES: usize = 32;
const PURPOSE: &[u8] = b"outrunner store audit 1";
/// The ledger's form that has a chain.
const FORM: usize = 13;

/// The hash of a row.
pub(crate) type Hash = [u8; HASH_BYTES];

/// What the ends of the chain are sealed with.
#[derive(Clone)]
pub(crate) struct ChainKey {
    mac: hmac::Key,
    /// Whether it was said that the chain is broken: once is enough, and not with every row.
    told: Arc<AtomicBool>,
}

impl ChainKey {
    pub(crate) fn new(master_key: &Secret) -> Self {
        let key = hkdf::Salt::new(hkdf::HKDF_SHA256, b"").extract(master_key.expose());
        let key = key.expand(&[PURPOSE], hmac::HMAC_SHA256).expect("HKDF-SHA256 gives 32 bytes");
        Self { mac: hmac::Key::from(key), told: Arc::default() }
    }

    /// What gaps are sealed with, too.
    pub(crate) const fn mac(&self) -> &hmac::Key {
        &self.mac
    }

    fn tell_broken(&self) {
        if !self.told.swap(true, Ordering::Relaxed) {
            tracing::error!(
                name: "audit_log_broken",
                "the ends of the audit log's chain were not written by this platform, or under another master key: somebody has changed the ledger. \
                 The platform goes on, and new rows are written; no audit log is proven any more. Look: outrunner audit verify"
            );
        }
    }
}

/// A place in the chain, with the hash that stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub position: u64,
    pub hash: Hash,
}

impl Link {
    /// `17:0123…`, as a person keeps it elsewhere; nothing if it is not so written.
    pub fn parse(text: &str) -> Option<Self> {
        let (position, digits) = text.split_once(':')?;
        let mut hash = [0; HASH_BYTES];
        if digits.len() != 2 * HASH_BYTES || !digits.is_ascii() {
            return None;
        }
        for (at, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(Self { position: position.parse().ok()?, hash })
    }
}

impl std::fmt::Display for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:", self.position)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The hash of a row that follows another.
pub(crate) fn next(before: &Hash, position: u64, document: &str) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in [ENCODING, before, &position.to_be_bytes(), document.as_bytes()] {
        context.update(part);
    }
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// Both ends as they are kept.
pub(crate) struct Ends {
    pub(crate) base: Link,
    head: Link,
    seal: Option<Vec<u8>>,
}

impl Ends {
    fn read(connection: &Connection) -> Result<Self, Fault> {
        Ok(Self::read_from(connection, "main.audit_chain")?)
    }

    fn read_from(connection: &Connection, table: &str) -> rusqlite::Result<Self> {
        let sql = format!("SELECT base_position, base_hash, head_position, head_hash, seal FROM {table} WHERE one = 1");
        connection.prepare_cached(&sql)?.query_row([], |row| {
            Ok(Self {
                base: Link { position: row.get(0)?, hash: row.get(1)? },
                head: Link { position: row.get(2)?, hash: row.get(3)? },
                seal: row.get(4)?,
            })
        })
    }

    fn seal_with(&self, key: &ChainKey) -> hmac::Tag {
        hmac::sign(&key.mac, self.sealed_text().as_bytes())
    }

    /// Whether this platform sealed them, as they are.
    fn is_ours(&self, key: &ChainKey) -> bool {
        self.seal.as_ref().is_some_and(|seal| hmac::verify(&key.mac, self.sealed_text().as_bytes(), seal).is_ok())
    }

    fn sealed_text(&self) -> String {
        format!("{} {}", self.base, self.head)
    }
}

/// Adds a document to the chain.
pub(crate) fn append(transaction: &Transaction<'_>, document: &str) -> Result<(), Fault> {
    let ends = note(transaction)?;
    let position = ends.head.position + 1;
    let hash = next(&ends.head.hash, position, document);
    transaction
        .prepare_cached("INSERT INTO audit (position, document, hash) VALUES (?1, ?2, ?3)")?
        .execute(params![position, document, hash])?;
    move_head(transaction, &Link { position, hash })
}

fn move_head(connection: &Connection, head: &Link) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached("UPDATE audit_chain SET head_position = ?1, head_hash = ?2 WHERE one = 1")?;
    statement.execute(params![head.position, head.hash])?;
    Ok(())
}

/// The chain begins with what follows.
pub(crate) fn move_base(transaction: &Transaction<'_>, base: &Link) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached("UPDATE audit_chain SET base_position = ?1, base_hash = ?2 WHERE one = 1")?;
    statement.execute(params![base.position, base.hash])?;
    Ok(())
}

/// How many rows there can be at most: positions from the base to the head.
pub(crate) fn span(connection: &Connection) -> Result<u64, Fault> {
    let ends = Ends::read(connection)?;
    Ok(ends.head.position.saturating_sub(ends.base.position))
}

/// Notes the ends as a transaction met them, before it moves one. Beside the file, where this connection alone can write, and gone with the transaction.
pub(crate) fn note(transaction: &Transaction<'_>) -> Result<Ends, Fault> {
    make_room_to_note(transaction)?;
    transaction.prepare_cached("INSERT OR IGNORE INTO temp.audit_met SELECT * FROM main.audit_chain")?.execute([])?;
    Ends::read(transaction)
}

fn make_room_to_note(connection: &Connection) -> Result<(), Fault> {
    let sql = "CREATE TEMP TABLE IF NOT EXISTS audit_met (one INTEGER PRIMARY KEY, base_position, base_hash, head_position, head_hash, seal)";
    connection.prepare_cached(sql)?.execute([])?;
    audit_gap::make_room_to_note(connection)
}

/// Seals the ends if the transaction has moved one. Ends that were not ours when it met them are never sealed: what follows forged ones stays unproven.
pub(crate) fn seal(transaction: &Transaction<'_>, key: &ChainKey) -> Result<(), Fault> {
    let Some(met) = Ends::read_from(transaction, "temp.audit_met").optional()? else { return Ok(()) };
    transaction.prepare_cached("DELETE FROM temp.audit_met")?.execute([])?;
    if audit_gap::seal_made(transaction, key, met.is_ours(key))? {
        keep_seal(transaction, Some(Ends::read(transaction)?.seal_with(key)))
    } else {
        key.tell_broken();
        keep_seal(transaction, None)
    }
}

fn keep_seal(connection: &Connection, seal: Option<hmac::Tag>) -> Result<(), Fault> {
    let seal = seal.as_ref().map(AsRef::as_ref);
    connection.prepare_cached("UPDATE audit_chain SET seal = ?1 WHERE one = 1")?.execute([seal])?;
    Ok(())
}

/// Chains what an older program wrote, in the transaction in which the ledger gets a chain, and never again: rows that somebody puts in later are not
/// chained, and ends that lost their seal get no other. `form` is what the ledger had before, and `mark` what it says of itself under the master key: one that
/// had a chain already, and was set back to a form without, gets one that proves nothing.
pub(crate) fn begin(transaction: &Transaction<'_>, form: usize, key: &ChainKey, mark: SealMark) -> Result<(), Fault> {
    if form >= FORM {
        return Ok(());
    }
    let mut head = Ends::read(transaction)?.base;
    let mut chained: u64 = 0;
    {
        let mut statement = transaction.prepare("SELECT position, document FROM audit ORDER BY position")?;
        let mut rows = statement.query([])?;
        let mut update = transaction.prepare("UPDATE audit SET hash = ?2 WHERE position = ?1")?;
        while let Some(row) = rows.next()? {
            let (position, document): (u64, String) = (row.get(0)?, row.get(1)?);
            head = Link { position, hash: next(&head.hash, position, &document) };
            update.execute(params![position, head.hash])?;
            chained += 1;
        }
    }
    move_head(transaction, &head)?;
    let is_older = match mark {
        SealMark::Plain => true,
        // Every program that wrote a row has left a mark.
        SealMark::Absent => chained == 0,
        SealMark::Chained => false,
    };
    if !is_older {
        tracing::error!(
            name: "audit_log_set_back",
            "the ledger says that it is of a form from before its audit log was a chain, and it is not: somebody has changed it. The platform goes on, and \
             no audit log is proven any more. Look: outrunner audit verify"
        );
        return keep_seal(transaction, None);
    }
    keep_seal(transaction, Some(Ends::read(transaction)?.seal_with(key)))?;
    if chained > 0 {
        tracing::warn!(rows = chained, "the audit log of an older program was chained: from here on a change of it is noticed");
    }
    Ok(())
}

/// Looks at the ends at the start, on the connection that will write. Broken ones are no reason not to start: they are said, and stay broken.
pub(crate) fn look(connection: &Connection, key: &ChainKey) -> Result<(), Fault> {
    make_room_to_note(connection)?;
    if !Ends::read(connection)?.is_ours(key) {
        key.tell_broken();
    }
    Ok(())
}

/// What a walk along the chain has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    pub rows: u64,
    /// The position of the oldest row; older ones were taken away, as there were too many.
    pub oldest: Option<u64>,
    /// Places behind the oldest row at which rows of accounts stood that had more than their share.
    pub taken_away: u64,
    pub head: Link,
    /// The first thing that is wrong, in a sentence.
    pub broken: Option<String>,
}

/// Walks the chain of a data dir, beside a running platform or without one. `expected` is a head that was kept elsewhere. Blocks; changes nothing.
///
/// # Errors
/// The ledger cannot be read, or is another program's. What is wrong with the chain is no error: it is told.
pub fn verify(data_dir: &Path, master_key: &Secret, expected: Option<&Link>) -> Result<Walked, Trouble> {
    let doing = || format!("verifying the audit log of {}", data_dir.display());
    let verify = || {
        let mut ledger = open_reader(&data_dir.join("ledger.db"))?;
        if LEDGER.form(&ledger)? < LEDGER.migrations.len() {
            return Err(Fault::Damaged("it was written by an older Outrunner: start this version once, then verify".to_owned()));
        }
        walk(&*ledger.transaction()?, &ChainKey::new(master_key), expected)
    };
    verify().map_err(|fault: Fault| fault.while_doing(doing()))
}

/// The same on a connection.
pub(crate) fn walk(connection: &Connection, key: &ChainKey, expected: Option<&Link>) -> Result<Walked, Fault> {
    let ends = Ends::read(connection)?;
    let mut walker = Walker::new(&ends, expected, audit_gap::read_all(connection)?);
    let mut broken = None;
    let mut statement = connection.prepare("SELECT position, document, hash FROM audit ORDER BY position")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (position, document, kept): (u64, String, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        broken = walker.pass_gaps(Some(position), key).or_else(|| walker.pass_row(position, &document, kept.as_deref()));
        if broken.is_some() {
            break;
        }
    }
    let broken = broken
        .or_else(|| walker.pass_gaps(None, key))
        .or_else(|| ends_broken(&ends, &walker.last, key))
        .or_else(|| walker.unexpected(&ends));
    let Walker { rows, oldest, taken_away, .. } = walker;
    Ok(Walked { rows, oldest, taken_away, head: ends.head, broken })
}

/// How far a walk is.
struct Walker<'a> {
    last: Link,
    rows: u64,
    oldest: Option<u64>,
    taken_away: u64,
    gaps: std::iter::Peekable<std::vec::IntoIter<Gap>>,
    expected: Option<&'a Link>,
    /// Whether what was expected is what stands there; nothing before it was met.
    met: Option<bool>,
}

impl<'a> Walker<'a> {
    fn new(ends: &Ends, expected: Option<&'a Link>, gaps: Vec<Gap>) -> Self {
        let met = expected.filter(|link| link.position <= ends.base.position).map(|link| *link == ends.base);
        Self { last: ends.base, rows: 0, oldest: None, taken_away: 0, gaps: gaps.into_iter().peekable(), expected, met }
    }

    fn pass_row(&mut self, position: u64, document: &str, kept: Option<&[u8]>) -> Option<String> {
        let hash = next(&self.last.hash, position, document);
        if kept != Some(&hash[..]) {
            return Some(if position > self.last.position + 1 {
                format!("rows are missing between {} and {position}, or row {position} was changed", self.last.position)
            } else {
                format!("row {position} is not what was written there: it was changed, or put in")
            });
        }
        self.rows += 1;
        self.oldest = self.oldest.or(Some(position));
        self.pass(Link { position, hash });
        None
    }

    /// Passes the gaps in front of a row, or all that are left.
    fn pass_gaps(&mut self, row: Option<u64>, key: &ChainKey) -> Option<String> {
        while let Some(gap) = self.gaps.next_if(|gap| row.is_none_or(|row| gap.first < row)) {
            if !gap.follows(&self.last, row, key) {
                let (first, last) = (gap.first, gap.last.position);
                return Some(format!(
                    "rows are missing from {first} to {last}, and it is not this platform that has taken them away"
                ));
            }
            self.taken_away += gap.last.position - gap.first + 1;
            self.pass(gap.last);
        }
        None
    }

    fn pass(&mut self, link: Link) {
        if let Some(expected) = self.expected.filter(|expected| expected.position == link.position) {
            self.met = Some(*expected == link);
        }
        self.last = link;
    }

    /// Whether what was expected is not what is there.
    fn unexpected(&self, ends: &Ends) -> Option<String> {
        let link = self.expected?;
        match self.met {
            Some(true) => None,
            Some(false) if link.position < ends.base.position => {
                Some(format!("row {} was taken away as too old: what is expected of it cannot be told any more", link.position))
            }
            Some(false) => {
                Some(format!("the hash at row {} is another than was expected: this is not that log any more", link.position))
            }
            None if link.position < self.last.position => Some(format!(
                "row {} was taken away, as its account had too many: what is expected of it cannot be told any more",
                link.position
            )),
            None => Some(format!("there is no row {}: the newest is {}", link.position, self.last.position)),
        }
    }
}

/// Whether the ends that are kept are those of the chain, and ours.
fn ends_broken(ends: &Ends, last: &Link, key: &ChainKey) -> Option<String> {
    if !ends.is_ours(key) {
        return Some("the ends of the chain were not written by this platform, or under another master key".to_owned());
    }
    if last.position < ends.head.position {
        return Some(format!(
            "the newest rows are missing: {} was written, and the last that is there is {}",
            ends.head.position, last.position
        ));
    }
    (*last != ends.head).then(|| format!("the chain does not end in row {} as it was written", ends.head.position))
}

#[cfg(test)]
mod tests;
