//! Every blob: whether its file is there, has its size, and is what its digest says.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256, SHA512};
use model::digest::{Algorithm, Digest};
use rusqlite::{Connection, params};

use crate::blobs::BlobFolder;
use crate::check::finding::{Findings, Mend};
use crate::fault::Fault;
use crate::limit::{BACKUP_PIECE_BYTES, CHECK_ROWS};

/// Why a blob cannot be handed out.
enum Wrong {
    /// Its bytes are gone.
    Lost(String),
    /// Nobody knows: the disk, or this process, could not look.
    Unread(String),
}

/// Rows are read in steps, none of them held open while files are: a platform that runs beside must be able to empty its write-ahead log.
pub(super) fn check(ledger: &Connection, data_dir: &Path, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let folder = BlobFolder::open(data_dir.join("blobs"))?;
    let mut buffer = vec![0; BACKUP_PIECE_BYTES];
    let mut last = String::new();
    loop {
        let rows = rows_behind(ledger, &last)?;
        let Some((text, _)) = rows.last() else { return Ok(()) };
        last.clone_from(text);
        for (text, bytes) in rows {
            look_at(&folder, &text, bytes, &mut buffer, findings);
        }
    }
}

fn rows_behind(ledger: &Connection, last: &str) -> Result<Vec<(String, u64)>, Fault> {
    let mut statement = ledger.prepare_cached("SELECT digest, size_bytes FROM blob WHERE digest > ?1 ORDER BY digest LIMIT ?2")?;
    let rows = statement.query_map(params![last, CHECK_ROWS], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn look_at(folder: &BlobFolder, text: &str, bytes: u64, buffer: &mut [u8], findings: &mut Findings<'_>) {
    let Ok(digest) = Digest::parse(text) else {
        findings.add(format!("ledger.db, blob {text}"), "this is no digest", "restore a backup");
        return;
    };
    match wrong(folder, &digest, bytes, buffer, findings) {
        Some(Wrong::Lost(wrong)) => {
            let advice = "the images that need it are taken out of their repositories: push them again";
            findings.add_mendable(format!("blob {digest}"), wrong, advice, Mend::ForgetBlob(digest));
        }
        Some(Wrong::Unread(wrong)) => {
            findings.add(format!("blob {digest}"), wrong, "it may be whole: look at the disk, then check again");
        }
        None => {}
    }
    findings.saw(|seen| seen.blobs += 1);
}

fn wrong(folder: &BlobFolder, digest: &Digest, bytes: u64, buffer: &mut [u8], findings: &mut Findings<'_>) -> Option<Wrong> {
    let mut file = match folder.file(digest) {
        Ok(file) => file,
        Err(Fault::LostBlob(_)) => {
            let aside = folder.path(digest).with_extension("damaged");
            let name = aside.file_name().unwrap_or_default().display();
            let found = if aside.exists() { format!(": it was damaged, and set aside as {name}") } else { String::new() };
            return Some(Wrong::Lost(format!("its file is not there{found}")));
        }
        Err(fault) => {
            return Some(Wrong::Unread(format!("its file cannot be opened: {}", fault.while_doing("opening it").chain())));
        }
    };
    match hash(&mut file, digest.algorithm(), buffer, findings) {
        Err(error) => Some(Wrong::Unread(format!("its file cannot be read: {error}"))),
        Ok((_, found)) if found != bytes => Some(Wrong::Lost(format!("its file has {found} bytes instead of {bytes}"))),
        Ok((found, _)) if found != *digest => Some(Wrong::Lost("its file has other bytes than it was kept with".to_owned())),
        Ok(_) => None,
    }
}

fn hash(file: &mut File, algorithm: Algorithm, buffer: &mut [u8], findings: &mut Findings<'_>) -> io::Result<(Digest, u64)> {
    let mut sum = Context::new(match algorithm {
        Algorithm::Sha256 => &SHA256,
        Algorithm::Sha512 => &SHA512,
    });
    let mut bytes = 0;
    loop {
        let read = file.read(buffer)?;
        if read == 0 {
            return Ok((Digest::from_hash(algorithm, sum.finish().as_ref()), bytes));
        }
        sum.update(&buffer[..read]);
        bytes += read as u64;
        findings.saw(|seen| seen.blob_bytes += read as u64);
    }
}
