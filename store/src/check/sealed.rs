//! What is sealed: whether the master key opens it, and whether certificates belong to their keys. No finding shows what was sealed.

use model::caller::AccessKey;
use model::certificate::{Authority, Certificate};
use rusqlite::Connection;
use serde::de::DeserializeOwned;

use crate::check::CheckOrder;
use crate::check::finding::Findings;
use crate::fault::Fault;
use crate::secrets::{self, Place, Seal};

const WITHOUT: &str = "put the right one back: without it access keys and certificates cannot be read";

pub(super) fn check(ledger: &Connection, order: &CheckOrder<'_>, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let Some(key) = order.master_key else {
        findings.add("master.key", "it is not there", WITHOUT);
        return Ok(());
    };
    let seal = match Seal::new(key) {
        Ok(seal) => seal,
        Err(trouble) => {
            findings.add("master.key", trouble.chain(), WITHOUT);
            return Ok(());
        }
    };
    if let Err(fault) = secrets::is_opened(ledger, &seal) {
        // Everything else would say the same.
        findings.add("master.key", fault.to_string(), WITHOUT);
        return Ok(());
    }
    let again = "the platform makes it anew if it is taken away, and clients must trust it anew";
    open_all::<AccessKey>(ledger, &seal, "access_key", "id", &|_| Ok(()), "restore a backup", findings)?;
    open_all::<Authority>(ledger, &seal, "authority", "suffix", order.judge_authority, again, findings)?;
    open_all::<Certificate>(ledger, &seal, "certificate", "name", order.judge_certificate, again, findings)
}

/// `table` and `row` are ours, never a caller's.
fn open_all<T: DeserializeOwned>(
    ledger: &Connection,
    seal: &Seal,
    table: &str,
    row: &str,
    judge: &dyn Fn(&T) -> Result<(), String>,
    advice: &str,
    findings: &mut Findings<'_>,
) -> Result<(), Fault> {
    let mut statement = ledger.prepare(&format!("SELECT {row}, sealed FROM {table}"))?;
    let mut rows = statement.query([])?;
    while let Some(found) = rows.next()? {
        let (name, sealed): (String, Vec<u8>) = (found.get(0)?, found.get(1)?);
        findings.saw(|seen| seen.documents += 1);
        let wrong = match seal.open_noun::<T>(Place { table, row: &name }, &sealed) {
            Ok(noun) => judge(&noun).err(),
            Err(fault) => Some(fault.to_string()),
        };
        if let Some(wrong) = wrong {
            findings.add(format!("ledger.db, {table} {name}"), wrong, advice);
        }
    }
    Ok(())
}
