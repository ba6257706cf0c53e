//! What is sealed: whether the master key opens it, and whether certificates belong to their keys. No finding shows what was sealed.

use model::caller::AccessKey;
use model::certificate::{Authority, Certificate};
use model::managed_secret::ManagedSecret;
use model::parameter::Parameter;
use model::sealed_noun::SealedNoun;
use model::token_key::TokenKey;
use rusqlite::Connection;
use serde::de::DeserializeOwned;

use crate::check::CheckOrder;
use crate::check::finding::Findings;
use crate::fault::Fault;
use crate::ledger::{revision_secret, sealed_noun};
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
    open_all::<Certificate>(ledger, &seal, "certificate", "name", order.judge_certificate, again, findings)?;
    let anew = "take the row away: the platform makes another key, and tokens of this one are good no more";
    open_all::<TokenKey>(ledger, &seal, "token_key", "id", &|_| Ok(()), anew, findings)?;
    for kind in [ManagedSecret::KIND, Parameter::KIND] {
        open_values(ledger, &seal, kind, findings)?;
    }
    open_revisions(ledger, &seal, findings)
}

/// Every value of one kind of records. A record without one shows whether its key opens.
fn open_values(ledger: &Connection, seal: &Seal, kind: &str, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let mut statement = ledger.prepare(&format!(
        "SELECT account, region, name, sealed_key, version, sealed FROM {kind} LEFT JOIN {kind}_value ON owner = ordinal"
    ))?;
    let mut rows = statement.query([])?;
    while let Some(found) = rows.next()? {
        let (account, region, name): (String, String, String) = (found.get(0)?, found.get(1)?, found.get(2)?);
        let (sealed_key, version): (Vec<u8>, Option<String>) = (found.get(3)?, found.get(4)?);
        let sealed: Option<Vec<u8>> = found.get(5)?;
        findings.saw(|seen| seen.documents += 1);
        let row = sealed_noun::row_at(&account, &region, &name);
        let opened = sealed_noun::open_key(seal, &row, kind, &sealed_key).and_then(|key| match (&version, &sealed) {
            (Some(version), Some(sealed)) => {
                let (table, row) = (sealed_noun::value_table(kind), sealed_noun::value_row(&row, version));
                key.open(Place { table: &table, row: &row }, sealed).map(drop)
            }
            _ => Ok(()),
        });
        if opened.is_err() {
            let version = version.unwrap_or_default();
            let wrong = "a value does not open: it was changed, or sealed with another master key";
            findings.add(format!("ledger.db, {kind} {row} {version}"), wrong, "put a new value, or restore a backup");
        }
    }
    Ok(())
}

fn open_revisions(ledger: &Connection, seal: &Seal, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let mut statement = ledger.prepare("SELECT service, revision, sealed_key, sealed FROM revision_secret")?;
    let mut rows = statement.query([])?;
    while let Some(found) = rows.next()? {
        let (service, revision): (String, u32) = (found.get(0)?, found.get(1)?);
        let (sealed_key, sealed): (Vec<u8>, Vec<u8>) = (found.get(2)?, found.get(3)?);
        findings.saw(|seen| seen.documents += 1);
        let row = revision_secret::row(&service, revision);
        if let Err(fault) = revision_secret::open(seal, &row, &sealed_key, &sealed) {
            findings.add(format!("ledger.db, revision_secret {row}"), fault.to_string(), "deploy the service again");
        }
    }
    Ok(())
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
