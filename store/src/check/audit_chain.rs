//! The audit log's chain of hashes: whether a row was changed, removed or put in.

use rusqlite::Connection;

use crate::audit_chain::{ChainKey, walk};
use crate::check::CheckOrder;
use crate::check::finding::Findings;
use crate::fault::Fault;

pub(super) fn check(ledger: &Connection, order: &CheckOrder<'_>, findings: &mut Findings<'_>) -> Result<(), Fault> {
    // Without the key nothing is told: that it is missing is a finding of its own.
    let Some(key) = order.master_key else { return Ok(()) };
    if let Some(broken) = walk(ledger, &ChainKey::new(key), None)?.broken {
        let advice = "keep the file for whoever asks what happened; a backup from before has the log as it was";
        findings.add("ledger.db, audit", broken, advice);
    }
    Ok(())
}
