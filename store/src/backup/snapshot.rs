//! Both databases at one moment each, as files of their own, and what they name.
//!
//! The catalogue of log lines is read before the ledger: it tells how far the ledger's events were copied into their groups, and must never tell of events
//! that the ledger's copy does not have. Deleted rows do not come along: a copy is written anew, row by row.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use model::digest::Digest;
use rusqlite::{Connection, OpenFlags};

use crate::backup::LogLines;
use crate::database::open_reader;
use crate::fault::Fault;
use crate::folder;
use crate::limit::BACKUP_RESERVE_BYTES;
use crate::migration::{LEDGER, LOGS, Schema};

/// Names of copies begin with this, and with the process that makes them.
pub(crate) const PREFIX: &str = ".outrunner-backup-";

/// The copy of a database. It has no name any more: it goes with the process, however that ends.
pub(super) struct Copy {
    pub file: File,
    pub bytes: u64,
    pub form: usize,
}

/// What a copied ledger and a copied catalogue name.
pub(super) struct Snapshot {
    pub ledger: Copy,
    pub catalogue: Copy,
    /// With their sizes in bytes.
    pub blobs: Vec<(Digest, u64)>,
    /// Their files, open, and how many bytes of each the catalogue knows.
    pub segments: Vec<(u64, File, u64)>,
}

impl Snapshot {
    pub fn take(data_dir: &Path, stage: &Path, lines: LogLines) -> Result<Self, Fault> {
        clear_stale(stage)?;
        let logs = data_dir.join("logs");
        let (catalogue, segments) = copy(&logs.join("catalogue.db"), stage, &LOGS, |copied| match lines {
            LogLines::Kept => segments(copied),
            LogLines::LeftOut => {
                leave_lines_out(copied)?;
                Ok(Vec::new())
            }
        })?;
        // Opened at once: an open file stays whole, whatever a platform that starts meanwhile takes away.
        let segments = segments.into_iter().map(|(number, bytes)| {
            let path = crate::logs::segment::path(&logs.join("segments"), number);
            let file = File::open(path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => {
                    Fault::Damaged(format!("the log segment {number} is missing: outrunner check tells more"))
                }
                _ => error.into(),
            })?;
            Ok((number, file, bytes))
        });
        let segments = segments.collect::<Result<_, Fault>>()?;
        let (ledger, blobs) = copy(&data_dir.join("ledger.db"), stage, &LEDGER, blobs)?;
        Ok(Self { ledger, catalogue, blobs, segments })
    }
}

/// Writes a database's present rows into a file of their own.
fn copy<T>(
    path: &Path,
    stage: &Path,
    schema: &Schema,
    look: impl FnOnce(&Connection) -> Result<T, Fault>,
) -> Result<(Copy, T), Fault> {
    if !path.is_file() {
        return Err(Fault::Damaged(format!("there is no {}: no platform has run on this data dir", path.display())));
    }
    let source = open_reader(path)?;
    let form = schema.form(&source)?;
    refuse_without_room(&source, stage)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let staged = Staged(stage.join(format!("{PREFIX}{}-{stem}.db", std::process::id())));
    folder::remove_file(&staged.0)?;
    // Empty, so that SQLite writes into it, and private.
    drop(folder::new_file(&staged.0)?);
    let name = staged.0.to_str().ok_or_else(|| Fault::Damaged("the path of the copy is not UTF-8".to_owned()))?;
    source.execute("VACUUM INTO ?1", [name])?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copied = Connection::open_with_flags(&staged.0, flags)?;
    // A file of one moment that is thrown away if anything fails: it needs no journal beside it.
    copied.pragma_update(None, "journal_mode", "OFF")?;
    let answer = look(&copied)?;
    copied.close().map_err(|(_, error)| error)?;
    let file = File::open(&staged.0)?;
    let bytes = file.metadata()?.len();
    Ok((Copy { file, bytes, form }, answer))
}

/// A copy is as large as what it is made of at most. It may lie in the data dir: a platform that runs there must not find its disk full.
fn refuse_without_room(source: &Connection, stage: &Path) -> Result<(), Fault> {
    let pragma = |name: &str| source.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    let needed = pragma("page_count")? * pragma("page_size")? + BACKUP_RESERVE_BYTES;
    let disk = rustix::fs::statvfs(stage).map_err(io::Error::from)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if needed <= free {
        return Ok(());
    }
    let (needed, free) = (needed >> 20, free >> 20);
    Err(Fault::Damaged(format!(
        "a copy of its database for the backup needs {needed} MiB for a while, and its disk has {free} MiB free"
    )))
}

/// Takes the name of a copy away, whatever happens.
struct Staged(PathBuf);

impl Drop for Staged {
    fn drop(&mut self) {
        // What stays after a failure is cleared by the next backup.
        let _ = folder::remove_file(&self.0);
    }
}

/// Copies of processes that were killed while they made them.
fn clear_stale(stage: &Path) -> Result<(), Fault> {
    for entry in std::fs::read_dir(stage)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-')).map(|(process, _)| process.to_owned());
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            folder::remove_file(&entry.path())?;
        }
    }
    Ok(())
}

fn blobs(ledger: &Connection) -> Result<Vec<(Digest, u64)>, Fault> {
    let mut statement = ledger.prepare("SELECT digest, size_bytes FROM blob ORDER BY digest")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let blobs = rows.map(|row| {
        let (digest, bytes): (String, u64) = row?;
        let digest = Digest::parse(&digest).map_err(|_| Fault::Damaged("a row of the table blob is damaged".to_owned()))?;
        Ok((digest, bytes))
    });
    blobs.collect()
}

fn segments(catalogue: &Connection) -> Result<Vec<(u64, u64)>, Fault> {
    let mut statement =
        catalogue.prepare("SELECT segment, max(offset_bytes + length_bytes) FROM log_block GROUP BY segment ORDER BY segment")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Positions go on where they were. Without the cursors, what the ledger still tells of services is copied into their groups once more.
fn leave_lines_out(catalogue: &Connection) -> Result<(), Fault> {
    Ok(catalogue.execute_batch("DELETE FROM log_block; DELETE FROM log_cursor; VACUUM")?)
}
