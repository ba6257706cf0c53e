//! Every blob: whether its file is there, has its size, and is what its digest says.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256, SHA512};
use model::digest::{Algorithm, Digest};
use rusqlite::Connection;

use crate::blobs::BlobFolder;
use crate::check::finding::{Findings, Mend};
use crate::fault::Fault;
use crate::limit::BACKUP_PIECE_BYTES;

pub(super) fn check(ledger: &Connection, data_dir: &Path, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let folder = BlobFolder::open(data_dir.join("blobs"))?;
    let mut statement = ledger.prepare("SELECT digest, size_bytes FROM blob ORDER BY digest")?;
    let mut rows = statement.query([])?;
    let mut buffer = vec![0; BACKUP_PIECE_BYTES];
    while let Some(row) = rows.next()? {
        let (text, bytes): (String, u64) = (row.get(0)?, row.get(1)?);
        let Ok(digest) = Digest::parse(&text) else {
            findings.add(format!("ledger.db, blob {text}"), "this is no digest", "restore a backup");
            continue;
        };
        if let Some(wrong) = wrong(&folder, &digest, bytes, &mut buffer, findings) {
            let advice = "the images that need it are taken out of their repositories: push them again";
            findings.add_mendable(format!("blob {digest}"), wrong, advice, Mend::ForgetBlob(digest));
        }
        findings.saw(|seen| seen.blobs += 1);
    }
    Ok(())
}

fn wrong(folder: &BlobFolder, digest: &Digest, bytes: u64, buffer: &mut [u8], findings: &mut Findings<'_>) -> Option<String> {
    let mut file = match folder.file(digest) {
        Ok(file) => file,
        Err(Fault::File(error)) if error.kind() == io::ErrorKind::NotFound => return Some("its file is not there".to_owned()),
        Err(fault) => return Some(format!("its file cannot be opened: {}", fault.while_doing("opening it").chain())),
    };
    match hash(&mut file, digest.algorithm(), buffer, findings) {
        Err(error) => Some(format!("its file cannot be read: {error}")),
        Ok((_, found)) if found != bytes => Some(format!("its file has {found} bytes instead of {bytes}")),
        Ok((found, _)) if found != *digest => Some("its file has other bytes than it was kept with".to_owned()),
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
