//! Lines that cannot be read: what a reader sees in their place.
//!
//! A damaged block takes no other along: one line stands where its lines stood, with their first time, and says how many are missing. It has the position
//! that a reader comes to last, so that whoever reads on from the middle is told too, once.
//! Never hides them: a search tells of them even if it looks for a word. Never calls lines lost that may be read the next time.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Mutex, PoisonError};

use model::log_line::LogLine;
use model::time::Timestamp;

use crate::fault::Fault;
use crate::limit::LOST_BLOCKS_LOGGED;
use crate::logs::segment::Spot;

/// Of which blocks the log has spoken: readers come to the same one again and again.
static LOGGED: Mutex<BTreeSet<(u64, u64)>> = Mutex::new(BTreeSet::new());

/// What the kernel says where the disk cannot read.
const EIO: i32 = rustix::io::Errno::IO.raw_os_error();

/// A block that cannot be read, as the catalogue knows it.
pub(super) struct LostLines {
    pub spot: Spot,
    pub lines: u64,
    pub earliest: Timestamp,
}

impl LostLines {
    /// The line that stands for them, or the fault if it may pass. The log says it too, for the person who looks after the disk.
    pub(super) fn told(&self, fault: Fault) -> Result<LogLine, Fault> {
        if !is_lost(&fault) {
            return Err(fault);
        }
        let Self { spot: Spot { segment, offset }, lines, earliest } = self;
        let cause = std::error::Error::source(&fault).map_or_else(|| fault.to_string(), |cause| format!("{fault}: {cause}"));
        if is_news(*segment, *offset) {
            tracing::error!(segment, offset, lines, cause, "a block of log lines cannot be read");
        }
        let text = format!("outrunner: {lines} lines are lost here: log segment {segment}, byte {offset}: {cause}");
        Ok(LogLine { at: *earliest, bytes: text.into() })
    }
}

/// Whether the block itself is at fault. Without descriptors or memory left it is as good as ever.
fn is_lost(fault: &Fault) -> bool {
    match fault {
        Fault::Damaged(_) => true,
        Fault::File(error) => {
            matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof) || error.raw_os_error() == Some(EIO)
        }
        Fault::Database(_) | Fault::Crowded(_) | Fault::LostBlob(_) => false,
    }
}

/// Once for each block, or again when there are too many to remember.
fn is_news(segment: u64, offset: u64) -> bool {
    let mut logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
    if logged.len() >= LOST_BLOCKS_LOGGED {
        logged.clear();
    }
    logged.insert((segment, offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_lost_is_told_as_lost() {
        let lost = || LostLines { spot: Spot { segment: 1, offset: 2 }, lines: 3, earliest: Timestamp::from_millis(4) };
        let file = |number| Fault::File(io::Error::from_raw_os_error(number));
        let no_descriptors = rustix::io::Errno::MFILE.raw_os_error();
        for passing in [file(no_descriptors), Fault::Crowded("busy".to_owned()), Fault::File(io::ErrorKind::OutOfMemory.into())] {
            assert!(lost().told(passing).is_err());
        }
        for lasting in [file(EIO), Fault::Damaged("torn".to_owned()), Fault::File(io::ErrorKind::UnexpectedEof.into())] {
            assert!(lost().told(lasting).unwrap().bytes.starts_with(b"outrunner: 3 lines are lost here"));
        }
    }

    #[test]
    fn the_log_speaks_of_a_block_once() {
        assert!(is_news(u64::MAX, 1));
        assert!(!is_news(u64::MAX, 1));
        assert!(is_news(u64::MAX, 2));
    }
}
