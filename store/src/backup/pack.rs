//! Writes a backup: what it will hold is settled first, then it goes out as one stream.
//!
//! Every blob is verified on its way: what the disk has lost or changed is left out and told, for one old image must not keep everything else from being
//! backed up. Never keeps a part in memory.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use model::digest::Digest;
use model::trouble::Trouble;

use crate::backup::LogLines;
use crate::backup::manifest::{END, End, FORMAT, HEAD, Head, Made, Part, PartSize, PartSum};
use crate::backup::part_hash::PartHash;
use crate::backup::snapshot::Snapshot;
use crate::fault::Fault;
use crate::hold::Hold;
use crate::limit::{BACKUP_LEVEL, BACKUP_PIECE_BYTES};

/// What is to be backed up.
#[derive(Debug)]
pub struct BackupOrder<'a> {
    pub data_dir: &'a Path,
    /// A folder that takes the copies of the databases for a while.
    pub stage: &'a Path,
    pub lines: LogLines,
    /// The master key, encrypted; nothing leaves it out.
    pub sealed_key: Option<Vec<u8>>,
    pub made: Made,
}

/// A backup whose parts are known and held.
pub struct Prepared {
    head: Head,
    sources: Vec<(Part, Source)>,
    data_dir: PathBuf,
    _hold: Hold,
}

/// What a backup that was written holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    pub blobs: usize,
    /// Of all parts, before compression.
    pub bytes: u64,
    /// Blobs whose files are missing or damaged. Everything else is in the backup, and pushing their images again brings them back.
    pub left_out: Vec<Digest>,
}

enum Source {
    Bytes(Vec<u8>),
    Open(File),
    /// Opened when its turn comes: there may be more of them than descriptors.
    InDataDir,
}

/// Reads both databases at one moment each and holds what they name until the answer is dropped. Blocks.
///
/// Lasting trouble: no platform has run on the data dir, or a newer one.
pub fn prepare(order: BackupOrder<'_>) -> Result<Prepared, Trouble> {
    let doing = format!("backing up {}", order.data_dir.display());
    prepare_parts(order).map_err(|fault| fault.while_doing(doing))
}

fn prepare_parts(order: BackupOrder<'_>) -> Result<Prepared, Fault> {
    let BackupOrder { data_dir, stage, lines, sealed_key, made } = order;
    if !data_dir.join("ledger.db").is_file() {
        return Err(Fault::Damaged("no platform has run on this data dir".to_owned()));
    }
    // Before the databases are read: what they name then is there until this is dropped.
    let hold = Hold::take(data_dir)?;
    let Snapshot { ledger, catalogue, blobs, segments } = Snapshot::take(data_dir, stage, lines)?;
    let mut parts = Vec::new();
    let mut sources = Vec::new();
    let mut add = |part: Part, bytes: u64, source: Source| {
        parts.push(PartSize { name: part.name(), bytes });
        sources.push((part, source));
    };
    if let Some(key) = sealed_key {
        add(Part::MasterKey, key.len() as u64, Source::Bytes(key));
    }
    add(Part::Ledger, ledger.bytes, Source::Open(ledger.file));
    add(Part::Catalogue, catalogue.bytes, Source::Open(catalogue.file));
    for (digest, bytes) in blobs {
        add(Part::Blob(digest), bytes, Source::InDataDir);
    }
    for (number, file, bytes) in segments {
        add(Part::Segment(number), bytes, Source::Open(file));
    }
    let (ledger_form, logs_form) = (ledger.form, catalogue.form);
    let head = Head { format: FORMAT, made, ledger_form, logs_form, log_lines: lines == LogLines::Kept, parts };
    Ok(Prepared { head, sources, data_dir: data_dir.to_owned(), _hold: hold })
}

impl Prepared {
    /// Bytes of all parts before compression: what the file takes at most, apart from what frames them.
    pub fn bytes(&self) -> u64 {
        self.head.parts.iter().map(|part| part.bytes).sum()
    }

    /// Writes the whole backup. `progress` is told how many bytes of the parts have gone. Does not sync: `out` is the caller's.
    pub fn pack(self, out: impl Write, mut progress: impl FnMut(u64)) -> Result<Packed, Trouble> {
        let doing = format!("backing up {}", self.data_dir.display());
        self.pack_parts(out, &mut progress).map_err(|fault| fault.while_doing(doing))
    }

    fn pack_parts(self, out: impl Write, progress: &mut dyn FnMut(u64)) -> Result<Packed, Fault> {
        let bytes = self.bytes();
        let blobs = self.sources.iter().filter(|(part, _)| matches!(part, Part::Blob(_))).count();
        let mut encoder = zstd::stream::write::Encoder::new(out, BACKUP_LEVEL)?;
        encoder.include_checksum(true)?;
        let mut tar = tar::Builder::new(encoder);
        let at = u64::try_from(self.head.made.at_ms / 1_000).unwrap_or(0);
        let head = serde_json::to_vec_pretty(&self.head).expect("names and numbers");
        let mut sums = vec![add_text(&mut tar, at, HEAD, &head)?];
        let (mut gone, mut left_out) = (0, Vec::new());
        for ((part, source), size) in self.sources.into_iter().zip(&self.head.parts) {
            let mut told = |bytes: u64| {
                gone += bytes;
                progress(gone);
            };
            let hash = PartHash::of(&part);
            let (sum, is_whole) = match source {
                Source::Bytes(key) => add(&mut tar, at, size, &key[..], hash, &mut told)?,
                Source::Open(file) => add(&mut tar, at, size, file, hash, &mut told)?,
                Source::InDataDir => {
                    let file = Padded { file: open_blob(&part.path_in(&self.data_dir))?, fault: None };
                    let (sum, is_whole, Padded { fault, .. }) = add_from(&mut tar, at, size, file, hash, &mut told)?;
                    if let Some(error) = fault {
                        tracing::warn!(part = size.name, cause = %error, "a blob cannot be read");
                    }
                    (sum, is_whole)
                }
            };
            sums.push(sum);
            if let (Part::Blob(digest), false) = (part, is_whole) {
                left_out.push(digest);
            }
        }
        let names = left_out.iter().map(|digest| Part::Blob(digest.clone()).name()).collect();
        let end = serde_json::to_vec(&End { format: FORMAT, parts: sums, left_out: names }).expect("names and numbers");
        add_text(&mut tar, at, END, &end)?;
        tar.into_inner()?.finish()?.flush()?;
        Ok(Packed { blobs: blobs - left_out.len(), bytes, left_out })
    }
}

/// Nothing if it is not there. Only what is wrong with this one file is this file's: with no descriptor left, no blob could be read.
fn open_blob(path: &Path) -> io::Result<Option<File>> {
    use rustix::io::Errno;
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error)
            if [Errno::MFILE, Errno::NFILE, Errno::NOMEM]
                .map(|of_all| Some(of_all.raw_os_error()))
                .contains(&error.raw_os_error()) =>
        {
            Err(error)
        }
        Err(_) => Ok(None),
    }
}

/// A file that may end or fail early: zeros come behind what it gives, so that its part has the size that was promised. Its digest tells.
struct Padded {
    file: Option<File>,
    fault: Option<io::Error>,
}

impl Read for Padded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(file) = &mut self.file {
            match file.read(buffer) {
                Ok(read) if read > 0 => return Ok(read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
                Ok(_) => {}
                Err(error) => self.fault = Some(error),
            }
            self.file = None;
        }
        buffer.fill(0);
        Ok(buffer.len())
    }
}

fn changed(name: &str) -> Fault {
    Fault::Damaged(format!("the disk has not given {name} back as it was kept: outrunner check tells more"))
}

fn add_text<W: Write>(tar: &mut tar::Builder<W>, at: u64, name: &str, text: &[u8]) -> Result<PartSum, Fault> {
    let size = PartSize { name: name.to_owned(), bytes: text.len() as u64 };
    Ok(add(tar, at, &size, text, PartHash::of_text(), &mut |_| ())?.0)
}

/// Adds one part of exactly so many bytes. Answers too whether it is what its name says.
fn add<W: Write>(
    tar: &mut tar::Builder<W>,
    at: u64,
    size: &PartSize,
    from: impl Read,
    sums: PartHash,
    told: &mut dyn FnMut(u64),
) -> Result<(PartSum, bool), Fault> {
    add_from(tar, at, size, from, sums, told).map(|(sum, is_whole, _)| (sum, is_whole))
}

/// The same, and gives the reader back.
fn add_from<W: Write, R: Read>(
    tar: &mut tar::Builder<W>,
    at: u64,
    size: &PartSize,
    from: R,
    sums: PartHash,
    told: &mut dyn FnMut(u64),
) -> Result<(PartSum, bool, R), Fault> {
    let PartSize { name, bytes } = size;
    let mut header = tar::Header::new_gnu();
    header.set_size(*bytes);
    header.set_mode(0o600);
    header.set_mtime(at);
    header.set_entry_type(tar::EntryType::Regular);
    let from = io::BufReader::with_capacity(BACKUP_PIECE_BYTES, from);
    let mut summed = Summed { from: from.take(*bytes), sums, read: 0, told };
    tar.append_data(&mut header, name, &mut summed)?;
    let Summed { from, sums, read, .. } = summed;
    if read != *bytes {
        return Err(changed(name));
    }
    let (sha256, is_whole) = sums.finish();
    Ok((PartSum { name: name.clone(), bytes: *bytes, sha256 }, is_whole, from.into_inner().into_inner()))
}

/// Sums up what is read through it.
struct Summed<'a, R> {
    from: R,
    sums: PartHash,
    read: u64,
    told: &'a mut dyn FnMut(u64),
}

impl<R: Read> Read for Summed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.sums.update(&buffer[..read]);
        self.read += read as u64;
        (self.told)(read as u64);
        Ok(read)
    }
}
