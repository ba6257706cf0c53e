//! Lines of instances: blocks in segment files, found by a catalogue.
//!
//! An append writes and syncs its blocks first, then commits their rows together with the cursor: after a crash either all of it is there or
//! none, for bytes without a row are nothing. The catalogue is a database of its own, so that a flood of lines holds up no commit of the ledger.
//! Never interprets a line: any bytes are a line.

mod block;
mod catalogue;
mod port;
mod segment;
mod sweep;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::database::Database;
use crate::fault::Fault;
use crate::folder;
use crate::logs::segment::Segments;
use crate::migration;

/// The catalogue and the segments.
pub(crate) struct LogBook {
    catalogue: Database,
    /// Used by the catalogue's writer only, so nobody ever waits for it.
    writing: Arc<Mutex<Segments>>,
    segments: PathBuf,
}

impl LogBook {
    /// Opens the folder of logs; what a crash left behind the last block is cut off.
    pub(crate) fn open(logs: &Path) -> Result<Self, Fault> {
        let segments = logs.join("segments");
        folder::make(&segments)?;
        let mut end = None;
        let catalogue = Database::open(&logs.join("catalogue.db"), &migration::LOGS, |connection| {
            end = catalogue::end(connection)?;
            Ok(())
        })?;
        let writing = Arc::new(Mutex::new(Segments::open(segments.clone(), end)?));
        Ok(Self { catalogue, writing, segments })
    }
}
