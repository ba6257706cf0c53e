//! Files that nobody knows, and files that others may read.
//!
//! What a crash leaves is nothing: a store that opens, or its sweep, takes it away by itself. It is told of all the same, for it takes room.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rusqlite::Connection;

use crate::backup::COPY_PREFIX;
use crate::blobs::BlobFolder;
use crate::check::finding::{Findings, Mend};
use crate::fault::Fault;

/// What only root may read. Files for everyone (`ca.pem`, `run.json`) and the engine's own are not among them.
const PRIVATE: [&str; 7] = ["ledger.db", "ledger.db-wal", "master.key", "credentials", "blobs", "uploads", "logs/segments"];

pub(super) fn check_modes(data_dir: &Path, findings: &mut Findings<'_>) -> Result<(), Fault> {
    for name in PRIVATE.iter().chain(&["logs", "logs/catalogue.db", "logs/catalogue.db-wal"]) {
        // The folder alone: what instances print comes in there, and is the engine's.
        let is_deep = *name != "logs";
        check_mode(data_dir, &data_dir.join(name), is_deep, findings)?;
    }
    Ok(())
}

fn check_mode(data_dir: &Path, path: &Path, is_deep: bool, findings: &mut Findings<'_>) -> Result<(), Fault> {
    // Between two looks a running platform may take a file away.
    let Ok(mut metadata) = path.symlink_metadata() else { return Ok(()) };
    if metadata.is_symlink() {
        // An operator may keep blobs or logs on another disk. Everything below is the platform's, which makes no links.
        let is_operators = metadata.uid() == 0 && PRIVATE.iter().any(|name| data_dir.join(name) == path);
        match path.metadata() {
            Ok(followed) if is_operators => metadata = followed,
            Ok(_) | Err(_) => return Ok(()),
        }
    }
    let (mode, wanted) = (metadata.permissions().mode() & 0o777, if metadata.is_dir() { 0o700 } else { 0o600 });
    if mode & 0o077 != 0 {
        let what = path.strip_prefix(data_dir).unwrap_or(path).display().to_string();
        let (wrong, advice) = (format!("others can read it (mode {mode:o})"), format!("chmod {wanted:o}"));
        findings.add_mendable(what, wrong, advice, Mend::Mode(path.to_owned(), wanted));
    }
    if metadata.is_dir() && is_deep {
        for entry in std::fs::read_dir(path)? {
            check_mode(data_dir, &entry?.path(), is_deep, findings)?;
        }
    }
    Ok(())
}

/// Only where no platform runs: a running one is about to use some of them.
pub(super) fn check(
    data_dir: &Path,
    ledger: Option<&Connection>,
    catalogue: Option<&Connection>,
    findings: &mut Findings<'_>,
) -> Result<(), Fault> {
    for entry in std::fs::read_dir(data_dir)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with(COPY_PREFIX) || name == ".restoring" {
            let wrong = "a backup or a restore that was killed has left it";
            unknown(data_dir, &path, wrong, Mend::Remove(path.clone()), findings);
        }
    }
    if let Some(ledger) = ledger {
        let folder = BlobFolder::open(data_dir.join("blobs"))?;
        let mut known = ledger.prepare("SELECT EXISTS (SELECT 1 FROM blob WHERE digest = ?1)")?;
        for digest in folder.digests()? {
            if !known.query_row([digest.as_str()], |row| row.get::<_, bool>(0))? {
                let path = folder.path(&digest);
                let there = if path.exists() { path } else { path.with_extension("damaged") };
                unknown(data_dir, &there, "no image needs it", Mend::RemoveBlob(digest), findings);
            }
        }
    }
    if let Some(catalogue) = catalogue {
        let segments = data_dir.join("logs/segments");
        let mut known = catalogue.prepare("SELECT EXISTS (SELECT 1 FROM log_block WHERE segment = ?1)")?;
        // A data dir that was restored without lines has none before its first start.
        let numbers = if segments.is_dir() { crate::logs::segment::numbers(&segments)? } else { Vec::new() };
        for number in numbers {
            if !known.query_row([number], |row| row.get::<_, bool>(0))? {
                let path = crate::logs::segment::path(&segments, number);
                unknown(data_dir, &path, "it holds no line that anybody can reach", Mend::Remove(path.clone()), findings);
            }
        }
    }
    Ok(())
}

fn unknown(data_dir: &Path, path: &Path, wrong: &str, mend: Mend, findings: &mut Findings<'_>) {
    let what = path.strip_prefix(data_dir).unwrap_or(path).display().to_string();
    findings.add_mendable(what, wrong, "it is taken away; the platform does it by itself too", mend);
}
