//! Segment files: blocks one after another, found only through the catalogue.
//!
//! Bytes that the catalogue does not know are nothing: a torn tail is cut off when the store opens. Never writes over a block that may have a row.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use model::log_line::LogLine;

use crate::fault::Fault;
use crate::folder;
use crate::limit::LOG_SEGMENT_BYTES;
use crate::logs::block::{self, Opened, Opener};

/// Where bytes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub segment: u64,
    pub offset: u64,
}

/// The writing end of the segments.
pub(crate) struct Segments {
    folder: PathBuf,
    open: Option<Open>,
    /// The number of the next new segment.
    next: u64,
}

struct Open {
    number: u64,
    file: File,
    end: u64,
}

/// How many segment files there are, and their bytes.
pub(crate) fn weigh(folder: &Path) -> Result<(u64, u64), Fault> {
    let mut bytes = 0;
    let numbers = numbers(folder)?;
    for number in &numbers {
        // One that was taken away meanwhile weighs nothing.
        bytes += std::fs::metadata(path(folder, *number)).map_or(0, |file| file.len());
    }
    Ok((numbers.len() as u64, bytes))
}

pub(crate) fn path(folder: &Path, segment: u64) -> PathBuf {
    folder.join(format!("{segment:010}"))
}

/// The numbers of the segment files in a folder. What is named otherwise is not ours.
pub(crate) fn numbers(folder: &Path) -> Result<Vec<u64>, Fault> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.parse().ok());
        numbers.extend(number.filter(|number| path(folder, *number).file_name() == Some(&name)));
    }
    Ok(numbers)
}

impl Segments {
    /// Goes on behind the catalogue's last block: what stands there was never answered for.
    pub(crate) fn open(folder: PathBuf, end: Option<Spot>) -> Result<Self, Fault> {
        for number in numbers(&folder)? {
            if end.is_none_or(|end| number > end.segment) {
                folder::remove_file(&path(&folder, number))?;
            }
        }
        let Some(Spot { segment, offset }) = end else { return Ok(Self { folder, open: None, next: 1 }) };
        let file = match File::options().read(true).write(true).open(path(&folder, segment)) {
            Ok(file) if file.metadata()?.len() >= offset => file,
            // Reading its blocks will tell; new ones do not go behind a hole.
            Ok(_) => return Ok(Self { folder, open: None, next: segment + 1 }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { folder, open: None, next: segment + 1 });
            }
            Err(error) => return Err(error.into()),
        };
        let torn_bytes = file.metadata()?.len() - offset;
        if torn_bytes > 0 {
            file.set_len(offset)?;
            tracing::info!(segment, torn_bytes, "cut off what a crash left behind the last block of log lines");
        }
        Ok(Self { folder, open: Some(Open { number: segment, file, end: offset }), next: segment + 1 })
    }

    /// Writes bytes behind the last ones and syncs them. If the disk is full, the file is as it was.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<Spot, Fault> {
        let open = self.with_room()?;
        let spot = Spot { segment: open.number, offset: open.end };
        let written = open.file.write_all_at(bytes, open.end).and_then(|()| open.file.sync_data());
        if let Err(error) = written {
            // No row tells of these bytes yet, so the next ones may stand here. But where the disk itself has failed, nobody knows what of this file
            // is still to be written: it takes no more.
            let is_full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
            if open.file.set_len(open.end).is_err() || !is_full {
                self.open = None;
            }
            return Err(error.into());
        }
        open.end += bytes.len() as u64;
        Ok(spot)
    }

    /// The open segment, or a new one if there is none or it is full.
    fn with_room(&mut self) -> Result<&mut Open, Fault> {
        let open = match self.open.take() {
            Some(open) if open.end < LOG_SEGMENT_BYTES => open,
            Some(_) | None => self.new_segment(folder::sync)?,
        };
        Ok(self.open.insert(open))
    }

    /// A number is taken once: whatever a failure left under it is in nobody's way, and a sweep takes it away.
    fn new_segment(&mut self, sync: impl Fn(&Path) -> io::Result<()>) -> Result<Open, Fault> {
        let number = self.next;
        self.next += 1;
        let path = path(&self.folder, number);
        let file = folder::new_file(&path)?;
        if let Err(error) = sync(&self.folder) {
            let _ = folder::remove_file(&path);
            return Err(error.into());
        }
        Ok(Open { number, file, end: 0 })
    }

    /// The number of the segment that takes blocks now.
    pub(crate) fn open_number(&self) -> Option<u64> {
        self.open.as_ref().map(|open| open.number)
    }

    /// Bytes of a segment's file, dead ones too; nothing if it is not there.
    pub(crate) fn length(&self, number: u64) -> Result<Option<u64>, Fault> {
        match std::fs::metadata(path(&self.folder, number)) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The segment that takes blocks now takes no more.
    pub(crate) fn close(&mut self) {
        self.open = None;
    }

    /// Segments below this number take no more blocks.
    pub(crate) fn open_from(&self) -> u64 {
        self.open_number().unwrap_or(self.next)
    }

    /// The closed segments with a file that `is_known` does not know.
    pub(crate) fn unknown(&self, mut is_known: impl FnMut(u64) -> Result<bool, Fault>) -> Result<Vec<u64>, Fault> {
        let mut unknown = Vec::new();
        for number in numbers(&self.folder)? {
            if number < self.open_from() && !is_known(number)? {
                unknown.push(number);
            }
        }
        Ok(unknown)
    }

    /// Takes away the file of a closed segment.
    pub(crate) fn remove(&self, number: u64) -> Result<(), Fault> {
        Ok(folder::remove_file(&path(&self.folder, number))?)
    }
}

/// Reads blocks; remembers the file it read last.
pub(crate) struct SegmentReader<'a> {
    folder: &'a Path,
    open: Option<(u64, File)>,
    opener: Option<Opener>,
}

impl<'a> SegmentReader<'a> {
    pub(crate) fn new(folder: &'a Path) -> Self {
        Self { folder, open: None, opener: None }
    }

    /// A block, verified, its lines where they were decompressed.
    pub(crate) fn opened(&mut self, spot: Spot, length: usize) -> Result<Opened, Fault> {
        let bytes = self.read(spot, length)?;
        let mut opener = match self.opener.take() {
            Some(opener) => opener,
            None => Opener::new()?,
        };
        let opened = opener.open(&bytes);
        self.opener = Some(opener);
        opened
    }

    /// The lines of a block, verified.
    pub(crate) fn lines(&mut self, spot: Spot, length: usize) -> Result<Vec<LogLine>, Fault> {
        block::decode(&self.read(spot, length)?)
    }

    pub(crate) fn read(&mut self, spot: Spot, length: usize) -> Result<Vec<u8>, Fault> {
        let file = match self.open.take() {
            Some((number, file)) if number == spot.segment => file,
            Some(_) | None => File::open(path(self.folder, spot.segment))?,
        };
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, spot.offset)?;
        self.open = Some((spot.segment, file));
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_that_is_full_takes_no_more_blocks() {
        let folder = tempfile::tempdir().unwrap();
        let mut segments = Segments::open(folder.path().to_owned(), None).unwrap();
        assert_eq!(segments.write(b"one").unwrap(), Spot { segment: 1, offset: 0 });
        assert_eq!(segments.write(b"two").unwrap(), Spot { segment: 1, offset: 3 });
        segments.open.as_mut().unwrap().end = LOG_SEGMENT_BYTES;
        assert_eq!(segments.write(b"three").unwrap(), Spot { segment: 2, offset: 0 });
        assert_eq!(SegmentReader::new(folder.path()).read(Spot { segment: 2, offset: 1 }, 4).unwrap(), b"hree");
    }

    #[test]
    fn a_folder_that_could_not_be_synced_once_stops_no_later_block() {
        let folder = tempfile::tempdir().unwrap();
        let mut segments = Segments::open(folder.path().to_owned(), None).unwrap();
        let full = |_: &Path| Err(io::ErrorKind::StorageFull.into());
        assert!(segments.new_segment(full).is_err());
        assert!(numbers(folder.path()).unwrap().is_empty(), "nothing stays of it");
        // As if it could not even be taken away.
        std::fs::write(path(folder.path(), 2), b"").unwrap();
        assert!(segments.write(b"lost").is_err());
        assert_eq!(segments.write(b"kept").unwrap(), Spot { segment: 3, offset: 0 });
        assert_eq!(segments.unknown(|_| Ok(false)).unwrap(), [2], "the open one stays, whatever is known of it");
        segments.remove(2).unwrap();
        assert_eq!(numbers(folder.path()).unwrap(), [3]);
    }

    #[test]
    fn what_the_catalogue_does_not_know_is_cut_off_when_opened() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(path(folder.path(), 4), b"known torn").unwrap();
        std::fs::write(path(folder.path(), 5), b"never told of").unwrap();
        let mut segments = Segments::open(folder.path().to_owned(), Some(Spot { segment: 4, offset: 5 })).unwrap();
        assert_eq!(std::fs::read(path(folder.path(), 4)).unwrap(), b"known");
        assert!(!path(folder.path(), 5).exists());
        assert_eq!(segments.write(b"!").unwrap(), Spot { segment: 4, offset: 5 });
    }

    #[test]
    fn nothing_is_written_behind_a_hole() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(path(folder.path(), 4), b"short").unwrap();
        let mut segments = Segments::open(folder.path().to_owned(), Some(Spot { segment: 4, offset: 9 })).unwrap();
        assert_eq!(segments.write(b"!").unwrap(), Spot { segment: 5, offset: 0 });
    }
}
