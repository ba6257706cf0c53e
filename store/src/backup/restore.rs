//! Makes a data dir of a backup.
//!
//! Everything is unpacked into a folder of its own inside the data dir and verified there; only then it is given its names, the ledger last. A backup that is
//! damaged, cut off or of a newer program, and a master key that does not open it, leave nothing. A restore that was killed leaves a folder that no platform
//! starts beside and that the next restore clears, with what had been given its name already.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::SHA256;
use model::digest::{Algorithm, Digest};
use model::secret::Secret;
use model::trouble::Trouble;

use crate::backup::manifest::{END, End, FORMAT, HEAD, Head, Made, Part, PartSum};
use crate::backup::part_hash::PartHash;
use crate::database::open_reader;
use crate::fault::Fault;
use crate::folder;
use crate::limit::{BACKUP_MANIFEST_BYTES, BACKUP_PIECE_BYTES, BACKUP_SEALED_KEY_BYTES};
use crate::lock::Lock;
use crate::migration::{self, LEDGER, LOGS};
use crate::secrets::{self, Seal};

const STAGING: &str = ".restoring";
/// What may lie in a data dir that is empty: what a platform, or a file system, puts there before anything is kept.
const EMPTY: [&str; 7] = [STAGING, "store.lock", "platform.lock", "hold.lock", "platform.log", "platform.log.old", "lost+found"];
/// Lies in the staging folder from the first rename on: what is named below may be a restore's own then, and never a person's.
const PUBLISHING: &str = "publishing";
/// In the order in which they get their names. Whoever finds a ledger finds all that it names.
const PUBLISHED: [&str; 4] = ["blobs", "logs", "master.key", "ledger.db"];

/// What was brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    pub made: Made,
    pub blobs: usize,
    /// Of all parts.
    pub bytes: u64,
    pub log_lines: bool,
    /// Blobs that were missing or damaged already when the backup was made. Pushing their images again brings them back.
    pub left_out: Vec<Digest>,
}

/// Whether a restore into a data dir has begun and not ended: what is there is nothing yet.
pub fn is_unfinished(data_dir: &Path) -> bool {
    data_dir.join(STAGING).exists() && !data_dir.join("ledger.db").exists()
}

/// Takes away the empty folder of a restore that ended and was killed right then. One that has not ended is refused.
pub(crate) fn clear_finished(data_dir: &Path) -> Result<(), Fault> {
    if is_unfinished(data_dir) {
        let words = "a restore into this data dir has not ended: run it again, or take the folder .restoring away";
        return Err(Fault::Damaged(words.to_owned()));
    }
    Ok(remove_staging(data_dir)?)
}

/// Reads a backup from its first byte and makes an empty data dir of it, made if it is not there. Blocks.
///
/// `master_key` is given the encrypted key if the backup has one, and answers the key that the data dir is to have. `progress` is told how many bytes have come,
/// and how many will. Refused (lasting trouble) are: a data dir that is not empty or in use, a backup that is damaged or cut off, one of a newer program, a key
/// that does not open it, and a disk without the room.
pub fn restore<E: From<Trouble>>(
    backup: impl Read,
    data_dir: &Path,
    master_key: impl FnOnce(Option<&[u8]>) -> Result<Secret, E>,
    progress: impl FnMut(u64, u64),
) -> Result<Restored, E> {
    restore_parts(backup, data_dir, master_key, progress).map_err(|ended| match ended {
        Ended::Fault(fault) => fault.while_doing(format!("restoring into {}", data_dir.display())).into(),
        Ended::Asked(error) => error,
    })
}

/// Why a restore ended early: a fault, or what the caller said when it was asked for the key.
enum Ended<E> {
    Fault(Fault),
    Asked(E),
}

impl<E, F: Into<Fault>> From<F> for Ended<E> {
    fn from(fault: F) -> Self {
        Self::Fault(fault.into())
    }
}

fn restore_parts<E>(
    backup: impl Read,
    data_dir: &Path,
    master_key: impl FnOnce(Option<&[u8]>) -> Result<Secret, E>,
    progress: impl FnMut(u64, u64),
) -> Result<Restored, Ended<E>> {
    folder::make(data_dir)?;
    let _lock = Lock::take(data_dir)?;
    if is_unfinished(data_dir) {
        take_back(&data_dir.join(STAGING), data_dir)?;
    }
    refuse_filled(data_dir)?;
    remove_staging(data_dir)?;
    let staging = Staging(data_dir.join(STAGING));
    folder::make(&staging.0)?;
    let mut tar = tar::Archive::new(zstd::stream::read::Decoder::new(backup).map_err(unreadable)?);
    let restored = unpack(&mut tar.entries().map_err(unreadable)?, &staging.0, master_key, progress)?;
    // To the very last byte: behind the parts stands the sum of the whole.
    io::copy(&mut tar.into_inner(), &mut io::sink()).map_err(unreadable)?;
    refuse_other_forms(&staging.0)?;
    publish(&staging.0, data_dir)?;
    Ok(restored)
}

fn refuse_filled(data_dir: &Path) -> Result<(), Fault> {
    for entry in std::fs::read_dir(data_dir)? {
        let name = entry?.file_name();
        if !EMPTY.iter().any(|empty| name == *empty) {
            let words = format!("it is not empty ('{}' is there): a backup is restored into a data dir of its own", name.display());
            return Err(Fault::Damaged(words));
        }
    }
    Ok(())
}

fn remove_staging(data_dir: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(data_dir.join(STAGING)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Goes with all that is in it. What was published is not in it any more.
struct Staging(PathBuf);

impl Drop for Staging {
    fn drop(&mut self) {
        // While half of it has its names, it says that the data dir is nothing yet. What stays is cleared by the next restore.
        let data_dir = self.0.parent().expect("it is in the data dir");
        if !is_unfinished(data_dir) || take_back(&self.0, data_dir).is_ok() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// Gives everything its name, or nothing.
fn publish(staging: &Path, data_dir: &Path) -> io::Result<()> {
    folder::new_file(&staging.join(PUBLISHING))?;
    folder::sync(staging)?;
    rustix::fs::syncfs(File::open(staging)?)?;
    let published = PUBLISHED.into_iter().try_for_each(|name| match std::fs::rename(staging.join(name), data_dir.join(name)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => folder::sync(data_dir),
    });
    // Without its ledger it is unfinished: the rest goes back with the staging folder.
    published.inspect_err(|_| drop(std::fs::rename(data_dir.join("ledger.db"), staging.join("ledger.db"))))
}

/// Takes back the names that a restore has given and not ended with. What is in the staging folder still has no name: it is somebody else's.
fn take_back(staging: &Path, data_dir: &Path) -> io::Result<()> {
    if !staging.join(PUBLISHING).exists() {
        return Ok(());
    }
    for name in PUBLISHED {
        let (given, own) = (data_dir.join(name), staging.join(name));
        if own.symlink_metadata().is_err() && given.symlink_metadata().is_ok() {
            std::fs::rename(given, own)?;
        }
    }
    folder::sync(data_dir)?;
    folder::sync(staging)
}

fn damaged(why: impl std::fmt::Display) -> Fault {
    Fault::Damaged(format!("the backup is damaged: {why}"))
}

/// A reader's error is the backup's, apart from the disk's own.
fn unreadable(error: io::Error) -> Fault {
    match error.raw_os_error() {
        Some(_) => error.into(),
        None => Fault::Damaged(format!("the backup is damaged, or was cut off: {error}")),
    }
}

fn unpack<E>(
    entries: &mut tar::Entries<'_, impl Read>,
    staging: &Path,
    master_key: impl FnOnce(Option<&[u8]>) -> Result<Secret, E>,
    mut progress: impl FnMut(u64, u64),
) -> Result<Restored, Ended<E>> {
    let head_text = next_text(entries, HEAD, BACKUP_MANIFEST_BYTES)?;
    let head = read_head(&head_text)?;
    let total = head
        .parts
        .iter()
        .try_fold(0_u64, |sum, part| sum.checked_add(part.bytes))
        .ok_or_else(|| damaged("no disk has its size"))?;
    refuse_without_room(staging, total)?;
    let mut sums = vec![sum_of(HEAD, &head_text)];
    let (mut master_key, mut sealed, mut come, mut left_out) = (Some(master_key), None, 0, Vec::new());
    for size in &head.parts {
        let part = Part::parse(&size.name).ok_or_else(|| damaged(format!("it knows a part '{}'", size.name)))?;
        if part == Part::MasterKey {
            let key = next_text(entries, &size.name, BACKUP_SEALED_KEY_BYTES)?;
            sums.push(sum_of(&size.name, &key));
            sealed = Some(key);
            continue;
        }
        let (sum, is_whole) = next_file(entries, &part, size.bytes, staging, &mut |bytes| {
            come += bytes;
            progress(come, total);
        })?;
        sums.push(sum);
        if let (Part::Blob(digest), false) = (&part, is_whole) {
            // The end tells whether the backup knew.
            left_out.push(digest.clone());
            folder::remove_file(&part.path_in(staging))?;
        }
        if part == Part::Ledger {
            // As soon as it can be told, and before hours of blobs.
            let ask = master_key.take().ok_or_else(|| damaged("it has two ledgers"))?;
            keep_key(staging, &ask(sealed.as_deref()).map_err(Ended::Asked)?)?;
        }
    }
    let end: End = serde_json::from_slice(&next_text(entries, END, BACKUP_MANIFEST_BYTES)?).map_err(damaged)?;
    let names: Vec<_> = left_out.iter().map(|digest| Part::Blob(digest.clone()).name()).collect();
    if end.format != FORMAT || end.parts != sums || end.left_out != names || master_key.is_some() {
        return Err(damaged("its parts are not what its end says of them").into());
    }
    if entries.next().is_some() {
        return Err(damaged("something follows its end").into());
    }
    let blobs = head.parts.iter().filter(|part| part.name.starts_with("blobs/")).count() - left_out.len();
    Ok(Restored { made: head.made, blobs, bytes: total, log_lines: head.log_lines, left_out })
}

fn read_head(text: &[u8]) -> Result<Head, Fault> {
    // The form comes first: of another one, nothing else is known.
    #[derive(serde::Deserialize)]
    struct Form {
        format: u32,
    }
    let Form { format } = serde_json::from_slice(text).map_err(damaged)?;
    if format != FORMAT {
        return Err(Fault::Damaged(format!(
            "the backup has form {format}, and this program knows form {FORMAT}: restore it with the program that made it"
        )));
    }
    let head: Head = serde_json::from_slice(text).map_err(damaged)?;
    let newer = head.ledger_form > LEDGER.migrations.len() || head.logs_form > LOGS.migrations.len();
    if newer {
        let version = &head.made.version;
        return Err(Fault::Damaged(format!(
            "the backup was made by a newer Outrunner ({version}), whose data dirs this one cannot read: restore it with that version"
        )));
    }
    Ok(head)
}

fn refuse_without_room(staging: &Path, bytes: u64) -> Result<(), Fault> {
    let disk = rustix::fs::statvfs(staging).map_err(io::Error::from)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if bytes <= free {
        return Ok(());
    }
    Err(Fault::Damaged(format!("the backup needs {} MiB, and the disk has {} MiB free", bytes >> 20, free >> 20)))
}

/// The master key of the data dir, if it opens what the ledger has sealed.
fn keep_key(staging: &Path, key: &Secret) -> Result<(), Fault> {
    let seal = Seal::new(key).map_err(|trouble| Fault::Damaged(trouble.chain()))?;
    // Its sum is held against the end's only later: what a changed bit makes of it is the backup's damage.
    let opened = open_reader(&Part::Ledger.path_in(staging)).and_then(|ledger| secrets::is_opened(&ledger, &seal));
    opened.map_err(|fault| match fault {
        Fault::Database(error) => damaged(format!("its ledger cannot be read: {error}")),
        other @ (Fault::File(_) | Fault::Damaged(_) | Fault::Crowded(_) | Fault::LostBlob(_)) => other,
    })?;
    folder::new_file(&staging.join("master.key"))?.write_all(key.expose())?;
    Ok(())
}

/// What the head says of the forms is the backup's word; this is the files'.
fn refuse_other_forms(staging: &Path) -> Result<(), Fault> {
    migration::refuse_newer(staging)?;
    if Part::Catalogue.path_in(staging).is_file() { Ok(()) } else { Err(damaged("it has no catalogue of log lines")) }
}

type Entry<'a, R> = tar::Entry<'a, R>;

fn next_entry<'a, R: Read>(entries: &mut tar::Entries<'a, R>, name: &str) -> Result<Entry<'a, R>, Fault> {
    let entry = entries
        .next()
        .ok_or_else(|| Fault::Damaged(format!("the backup was cut off: it ends before {name}")))?
        .map_err(unreadable)?;
    if *entry.path_bytes() == *name.as_bytes() && entry.header().entry_type() == tar::EntryType::Regular {
        return Ok(entry);
    }
    let found = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    Err(damaged(format!("'{found}' stands where {name} should")))
}

fn next_text(entries: &mut tar::Entries<'_, impl Read>, name: &str, bytes_max: u64) -> Result<Vec<u8>, Fault> {
    let entry = next_entry(entries, name)?;
    if entry.size() > bytes_max {
        return Err(damaged(format!("its {name} is larger than any")));
    }
    let (mut text, size) = (Vec::new(), entry.size());
    entry.take(bytes_max).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 == size { Ok(text) } else { Err(damaged(format!("its {name} is too short"))) }
}

fn sum_of(name: &str, text: &[u8]) -> PartSum {
    let hash = aws_lc_rs::digest::digest(&SHA256, text);
    let sha256 = Digest::from_hash(Algorithm::Sha256, hash.as_ref()).hex().to_owned();
    PartSum { name: name.to_owned(), bytes: text.len() as u64, sha256 }
}

/// Unpacks a part. Answers too whether it is what its name says.
fn next_file(
    entries: &mut tar::Entries<'_, impl Read>,
    part: &Part,
    bytes: u64,
    staging: &Path,
    told: &mut dyn FnMut(u64),
) -> Result<(PartSum, bool), Fault> {
    let name = part.name();
    let mut entry = next_entry(entries, &name)?;
    if entry.size() != bytes {
        return Err(damaged(format!("{name} has {} bytes instead of {bytes}", entry.size())));
    }
    let path = part.path_in(staging);
    folder::make(path.parent().expect("a part is in the data dir"))?;
    let mut file = folder::new_file(&path)?;
    let mut sums = PartHash::of(part);
    let (mut buffer, mut come) = (vec![0; BACKUP_PIECE_BYTES], 0);
    loop {
        let read = entry.read(&mut buffer).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        file.write_all(&buffer[..read])?;
        sums.update(&buffer[..read]);
        come += read as u64;
        told(read as u64);
    }
    let (sha256, is_whole) = sums.finish();
    if come == bytes { Ok((PartSum { name, bytes, sha256 }, is_whole)) } else { Err(damaged(format!("{name} is too short"))) }
}
