//! Verifies a data dir: both databases, every document, every blob and block of log lines, what refers to what, what is sealed, and who may read it.
//!
//! Beside a running platform it only looks, and holds what it looks at (`hold.rs`). Where none runs it also finds what crashes left, and mends what can be
//! mended when it is told to. Never guesses what lost bytes were: what it takes away is what nobody can read any more.

mod audit_chain;
mod blob;
mod column;
mod database;
mod document;
mod finding;
mod leftover;
mod log_line;
mod reference;
mod repair;
mod sealed;

use std::path::Path;

use model::certificate::{Authority, Certificate};
use model::secret::Secret;
use model::trouble::Trouble;
use rusqlite::Connection;

use crate::database::open_reader;
use crate::fault::Fault;
use crate::hold::Hold;
use crate::lock::Lock;
use crate::migration::{LEDGER, LOGS};

use finding::Findings;
pub use finding::{Finding, MendState};

/// What is to be looked at, and by whom what this room cannot judge.
pub struct CheckOrder<'a> {
    pub data_dir: &'a Path,
    /// Nothing if it is missing, which is a finding.
    pub master_key: Option<&'a Secret>,
    /// Whether a certificate's chain can be read and belongs to its key; the answer says why not.
    pub judge_certificate: &'a dyn Fn(&Certificate) -> Result<(), String>,
    /// The same for an authority.
    pub judge_authority: &'a dyn Fn(&Authority) -> Result<(), String>,
    pub manner: Manner,
}

/// Whether anything is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Look,
    /// Refused while a platform runs.
    Repair,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub documents: u64,
    pub blobs: u64,
    pub blob_bytes: u64,
    pub log_blocks: u64,
    pub log_bytes: u64,
}

/// What was found.
#[derive(Debug)]
pub struct Checked {
    pub findings: Vec<Finding>,
    pub seen: Seen,
    /// Whether a platform had the data dir open: then what crashes left was not looked for.
    pub is_running: bool,
}

/// Verifies a data dir. Reads every byte that must survive, so it lasts as long as the disk takes. Blocks.
///
/// Trouble: there is no data dir of a platform, a newer one's, or a repair of a running one is asked for. What is wrong inside is a finding.
pub fn check(order: &CheckOrder<'_>, mut progress: impl FnMut(Seen)) -> Result<Checked, Trouble> {
    let doing = || format!("checking {}", order.data_dir.display());
    check_parts(order, &mut progress).map_err(|fault| fault.while_doing(doing()))
}

fn check_parts(order: &CheckOrder<'_>, progress: &mut dyn FnMut(Seen)) -> Result<Checked, Fault> {
    let data_dir = order.data_dir;
    if !data_dir.join("ledger.db").is_file() {
        return Err(Fault::Damaged("no platform has run on this data dir".to_owned()));
    }
    let lock = Lock::take_if_free(data_dir)?;
    if lock.is_none() && order.manner == Manner::Repair {
        return Err(Fault::Damaged("a platform has it open: stop it before anything is repaired (outrunner stop)".to_owned()));
    }
    let is_running = lock.is_none();
    // Whoever only looks keeps no platform from starting meanwhile.
    let lock = lock.filter(|_| order.manner == Manner::Repair);
    let _hold = Hold::take(data_dir)?;
    let mut findings = Findings::new(progress);
    let ledger = open(data_dir, "ledger.db", &mut findings)?;
    if let Some(ledger) = &ledger {
        let looked = look_at_ledger(ledger, order, &mut findings).and_then(|()| end_moment(ledger));
        found_unreadable("ledger.db", looked, &mut findings)?;
    }
    let catalogue = open(data_dir, "logs/catalogue.db", &mut findings)?;
    if let Some(catalogue) = &catalogue {
        let looked = log_line::check_rows(catalogue, &mut findings).and_then(|()| end_moment(catalogue));
        found_unreadable("logs/catalogue.db", looked, &mut findings)?;
    }
    if let Some(ledger) = &ledger {
        let looked = blob::check(ledger, data_dir, &mut findings);
        found_unreadable("ledger.db", looked, &mut findings)?;
    }
    if let Some(catalogue) = &catalogue {
        let looked = log_line::check_blocks(catalogue, &data_dir.join("logs/segments"), &mut findings);
        found_unreadable("logs/catalogue.db", looked, &mut findings)?;
    }
    leftover::check_modes(data_dir, &mut findings)?;
    // For this moment alone, again: names of files are looked at, and no platform makes any meanwhile.
    let lock = if is_running || lock.is_some() { lock } else { Lock::take_if_free(data_dir)? };
    if lock.is_some() {
        let looked = leftover::check(data_dir, ledger.as_ref(), catalogue.as_ref(), &mut findings);
        found_unreadable("the data dir", looked, &mut findings)?;
    }
    drop((ledger, catalogue));
    if order.manner == Manner::Repair {
        repair::mend(data_dir, &mut findings.list)?;
    }
    Ok(Checked { findings: findings.list.into_iter().map(|found| found.finding).collect(), seen: findings.seen, is_running })
}

/// A connection on which everything is one moment until that is ended; nothing, and a finding, if the database cannot be used at all.
fn open(data_dir: &Path, name: &str, findings: &mut Findings<'_>) -> Result<Option<Connection>, Fault> {
    let schema = if name == "ledger.db" { &LEDGER } else { &LOGS };
    let path = data_dir.join(name);
    let opened = open_reader(&path).and_then(|connection| {
        connection.execute_batch("BEGIN")?;
        let form = schema.form(&connection)?;
        Ok((connection, form))
    });
    match opened {
        Ok((connection, form)) if form == schema.migrations.len() => {
            let looked = database::check(&connection, name, findings);
            found_unreadable(name, looked, findings)?;
            Ok(Some(connection))
        }
        // Its tables are those of another program, and the next start changes them.
        Ok(_) => Err(Fault::Damaged(format!("{name} was written by an older Outrunner: start this version once, then check"))),
        Err(Fault::Damaged(words)) if path.exists() => Err(Fault::Damaged(words)),
        Err(fault) => {
            findings.add(name, format!("it cannot be opened: {}", fault.while_doing("opening it").chain()), "restore a backup");
            Ok(None)
        }
    }
}

/// A damaged database ends a look at it early, and no other look.
fn found_unreadable(what: &str, looked: Result<(), Fault>, findings: &mut Findings<'_>) -> Result<(), Fault> {
    match looked {
        Err(Fault::Database(error)) => {
            findings.add(what, format!("it cannot be read to its end: {error}"), "restore a backup");
            Ok(())
        }
        other => other,
    }
}

fn look_at_ledger(ledger: &Connection, order: &CheckOrder<'_>, findings: &mut Findings<'_>) -> Result<(), Fault> {
    document::check(ledger, findings)?;
    column::check(ledger, findings)?;
    reference::check(ledger, findings)?;
    sealed::check(ledger, order, findings)?;
    audit_chain::check(ledger, order, findings)
}

/// From here on rows are of several moments, and nothing keeps the write-ahead log from being emptied while files are read, which may last for hours.
fn end_moment(connection: &Connection) -> Result<(), Fault> {
    Ok(connection.execute_batch("COMMIT")?)
}
