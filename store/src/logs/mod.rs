//! Lines of instances: blocks in segment files, found by a catalogue.
//!
//! An append writes and syncs its blocks first, then commits their rows together with the cursor: after a crash either all of it is there or
//! none, for bytes without a row are nothing. The catalogue is a database of its own, so that a flood of lines holds up no commit of the ledger.
//! Never interprets a line: any bytes are a line.

pub(crate) mod block;
mod catalogue;
mod compaction;
mod log_group;
mod lost_lines;
mod port;
mod scan;
mod search;
pub(crate) mod segment;
mod sweep;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use model::log_group::RetentionDays;
use model::time::Timestamp;
use model::trouble::Trouble;
use rusqlite::Transaction;
use tokio::sync::Semaphore;

use crate::blocking::blocking;
use crate::database::{Database, DatabaseLoad};
use crate::fault::Fault;
use crate::folder;
use crate::hold::Holds;
use crate::logs::catalogue::Birth;
use crate::logs::segment::Segments;
use crate::migration;

/// The catalogue and the segments.
pub(crate) struct LogBook {
    catalogue: Database,
    /// Used by the catalogue's writer only, so nobody ever waits for it.
    writing: Arc<Mutex<Segments>>,
    segments: PathBuf,
    holds: Arc<Holds>,
    /// Turns to compress lines: as many as half the cores, so that others of the machine get theirs beside a flood. More do not take more lines in: reading
    /// and understanding a batch costs as much.
    encoding: Semaphore,
    encoding_max: usize,
    /// Of groups that are made from now on.
    retention: Mutex<Option<RetentionDays>>,
}

impl LogBook {
    /// Opens the folder of logs; what a crash left behind the last block is cut off.
    pub(crate) fn open(logs: &Path, holds: Arc<Holds>) -> Result<Self, Fault> {
        let segments = logs.join("segments");
        folder::make(&segments)?;
        let mut end = None;
        let catalogue = Database::open(&logs.join("catalogue.db"), &migration::LOGS, |connection| {
            end = catalogue::end(connection)?;
            Ok(())
        })?;
        let writing = Arc::new(Mutex::new(Segments::open(segments.clone(), end)?));
        let encoding_max = std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
        let encoding = Semaphore::new(encoding_max);
        Ok(Self { catalogue, writing, segments, holds, encoding, encoding_max, retention: Mutex::default() })
    }

    /// How long groups that are made from now on keep their lines, unless told otherwise.
    pub(crate) fn retain_new_for(&self, retention: Option<RetentionDays>) {
        *self.retention.lock().expect("nothing panics while it holds a number") = retention;
    }

    /// How busy the catalogue is.
    pub(crate) fn load(&self) -> DatabaseLoad {
        self.catalogue.load()
    }

    /// How many are compressing lines, and how many may at once.
    pub(crate) fn encoding(&self) -> (usize, usize) {
        (self.encoding_max - self.encoding.available_permits(), self.encoding_max)
    }

    /// How many groups there are, and the segments' files with their bytes.
    pub(crate) async fn weigh(&self, doing: &str) -> Result<(u64, u64, u64), Trouble> {
        let count =
            |snapshot: &Transaction<'_>| Ok(snapshot.query_row("SELECT count(*) FROM log_group", [], |row| row.get::<_, i64>(0))?);
        let groups = self.catalogue.read(doing, count).await?;
        let folder = self.segments.clone();
        let (files, bytes) = blocking(move || segment::weigh(&folder)).await.map_err(|fault| fault.while_doing(doing))?;
        Ok((u64::try_from(groups).unwrap_or(0), files, bytes))
    }

    fn retention(&self) -> Option<RetentionDays> {
        *self.retention.lock().expect("nothing panics while it holds a number")
    }

    fn birth(&self, now: Timestamp) -> Birth {
        Birth { now, retention: self.retention() }
    }
}
