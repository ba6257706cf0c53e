//! The log segments of one instance: lines in, framed bytes out, in files that another process reads and deletes.
//! Never makes the app wait: over the cap lines are dropped and counted, and one line says so once there is room again.
//! Source of truth: `record` for the layout.

use std::fs::{self, File};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::limit::{IDLE_BYTES, ROOM_CHECK, SEGMENT_BYTES, WRITE_BYTES};
use crate::record::{FRAME_HEADER_BYTES, SEGMENT_HEADER, Stream, put_frame, segment_name, segment_sequence};

/// The longest line that tells how many were dropped.
const TOLD_BYTES: usize = 80;

/// Where log lines go.
pub struct Journal {
    folder: PathBuf,
    cap: u64,
    /// Sequence number of the segment that is open, or else of the next one.
    sequence: u64,
    open: Option<File>,
    open_bytes: u64,
    /// Bytes in the folder: counted when last looked, plus what was written since.
    kept: u64,
    looked: Instant,
    ready: Vec<u8>,
    /// Lines in `ready`, and the dropped ones of which it tells: they are all lost with it.
    ready_lines: u64,
    ready_told: u64,
    /// Lines dropped since the last line that was kept.
    dropping: u64,
    /// The disk is why, or one of the reasons.
    refused: bool,
    /// Lines dropped in all.
    pub dropped: u64,
}

impl Journal {
    /// Begins after the segments that are there.
    pub fn open(folder: &Path, cap: u64) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let mut journal = Self {
            folder: folder.to_owned(),
            cap,
            sequence: 0,
            open: None,
            open_bytes: 0,
            kept: 0,
            looked: Instant::now(),
            ready: Vec::new(),
            ready_lines: 0,
            ready_told: 0,
            dropping: 0,
            refused: false,
            dropped: 0,
        };
        journal.look()?;
        Ok(journal)
    }

    /// Takes one line. It is in a file after `flush`.
    pub fn put(&mut self, stream: Stream, at_ms: u64, line: &[u8]) {
        // What was dropped is told in front of the next line that is kept, and takes room like any other.
        let telling = if self.dropping > 0 { FRAME_HEADER_BYTES + TOLD_BYTES } else { 0 };
        if !self.has_room((telling + FRAME_HEADER_BYTES + line.len()) as u64) {
            self.dropping += 1;
            self.dropped += 1;
            return;
        }
        if self.dropping > 0 {
            let why = if std::mem::take(&mut self.refused) { "the disk did not take them" } else { "the log was over its limit" };
            let words = format!("outrunner: {} lines dropped here: {why}", self.dropping);
            self.ready_told += std::mem::take(&mut self.dropping);
            put_frame(&mut self.ready, Stream::Err, at_ms, words.as_bytes());
        }
        put_frame(&mut self.ready, stream, at_ms, line);
        self.ready_lines += 1;
        if self.ready.len() >= WRITE_BYTES {
            self.flush();
        }
    }

    /// Writes what was taken. True if there was something.
    pub fn flush(&mut self) -> bool {
        if self.ready.is_empty() {
            return false;
        }
        match self.write() {
            Ok(()) => {}
            // A full disk.
            Err(_) => {
                self.refused = true;
                self.dropping += self.ready_lines + self.ready_told;
                self.dropped += self.ready_lines;
            }
        }
        self.ready.clear();
        self.ready_lines = 0;
        self.ready_told = 0;
        if self.ready.capacity() > IDLE_BYTES {
            self.ready = Vec::new();
        }
        true
    }

    fn write(&mut self) -> Result<()> {
        let mut file = match self.open.take() {
            Some(file) => file,
            None => self.begin()?,
        };
        let written = file.write_all(&self.ready);
        self.open = Some(file);
        if written.is_err() {
            // The next bytes go to a new segment, so that half a frame stays the last thing in this one.
            self.close();
            return written;
        }
        self.open_bytes += self.ready.len() as u64;
        self.kept += self.ready.len() as u64;
        if self.open_bytes >= SEGMENT_BYTES {
            self.close();
        }
        Ok(())
    }

    /// The next segment with its header. One that gets none is taken away again, and its number is used the next time: a
    /// disk that stays full must not fill with empty files.
    fn begin(&mut self) -> Result<File> {
        let path = self.folder.join(segment_name(self.sequence));
        let mut file = File::options().append(true).create_new(true).open(&path)?;
        if let Err(error) = file.write_all(&SEGMENT_HEADER) {
            if fs::remove_file(path).is_err() {
                self.sequence += 1;
            }
            return Err(error);
        }
        self.open_bytes = SEGMENT_HEADER.len() as u64;
        self.kept += self.open_bytes;
        Ok(file)
    }

    fn close(&mut self) {
        self.open = None;
        self.sequence += 1;
    }

    fn has_room(&mut self, bytes: u64) -> bool {
        let fits = |journal: &Self| journal.kept + journal.ready.len() as u64 + bytes <= journal.cap;
        if fits(self) {
            return true;
        }
        if self.looked.elapsed() < ROOM_CHECK {
            return false;
        }
        self.look().is_ok() && fits(self)
    }

    /// Counts the folder again: whoever absorbs the segments deletes them.
    fn look(&mut self) -> Result<()> {
        self.looked = Instant::now();
        let mut kept = 0;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if let Some(sequence) = entry.file_name().to_str().and_then(segment_sequence) {
                // Deleted between the two looks: then it takes no room either.
                kept += entry.metadata().map_or(0, |found| found.len());
                if self.open.is_none() {
                    self.sequence = self.sequence.max(sequence + 1);
                }
            }
        }
        // Not before: half a count would let the log grow over its limit.
        self.kept = kept;
        Ok(())
    }
}
