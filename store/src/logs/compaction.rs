//! Takes the living blocks out of segments that are mostly dead, so that what retention and deletion forget frees its disk.
//!
//! A segment holds blocks of many groups; its file goes when its last row has. Blocks are copied to the open segment and their rows led there in one
//! transaction, so a crash leaves either place valid, and a reader with the old rows finds the old file until it is done. Never decodes a block.

use rusqlite::{Transaction, params};

use model::trouble::Trouble;

use crate::database::Ending;
use crate::fault::Fault;
use crate::limit::LOG_MOVED_BYTES;
use crate::logs::LogBook;
use crate::logs::catalogue::{self, SegmentEntry};
use crate::logs::segment::{SegmentReader, Spot};

impl LogBook {
    /// Empties every segment of which less than a half is alive. Their files go when nobody reads them any more.
    pub(super) async fn compact(&self, doing: &str) -> Result<(), Trouble> {
        for segment in self.mostly_dead(doing).await? {
            while self.move_out(doing, segment).await? {}
        }
        Ok(())
    }

    /// Closes the open segment if it is one of them.
    async fn mostly_dead(&self, doing: &str) -> Result<Vec<u64>, Trouble> {
        let writing = self.writing.clone();
        let work = move |transaction: &Transaction<'_>| {
            let mut segments = writing.lock().expect("only this thread locks it");
            let mut dead = Vec::new();
            for SegmentEntry { number, living_bytes, .. } in catalogue::segments(transaction)? {
                // A file that is missing is told of by whoever reads its blocks.
                if segments.length(number)?.is_some_and(|length| living_bytes < length / 2) {
                    dead.push(number);
                }
            }
            if segments.open_number().is_some_and(|open| dead.contains(&open) || !segments_has_rows(transaction, open)) {
                segments.close();
            }
            Ok(Ending::RollBack(dead))
        };
        self.catalogue.write(doing, work).await
    }

    /// Moves some blocks out of a segment. Answers whether there may be more.
    async fn move_out(&self, doing: &str, segment: u64) -> Result<bool, Trouble> {
        let (writing, folder) = (self.writing.clone(), self.segments.clone());
        let work = move |transaction: &Transaction<'_>| {
            let blocks = blocks_of(transaction, segment)?;
            if blocks.is_empty() {
                return Ok(Ending::RollBack(false));
            }
            let mut reader = SegmentReader::new(&folder);
            let mut bytes = Vec::new();
            for block in &blocks {
                match reader.read(Spot { segment, offset: block.offset }, block.length) {
                    Ok(read) => bytes.extend(read),
                    Err(fault) => {
                        tracing::error!(segment, %fault, "a segment of log lines cannot be read; it is left as it is");
                        return Ok(Ending::RollBack(false));
                    }
                }
            }
            let mut segments = writing.lock().expect("only this thread locks it");
            let mut spot = segments.write(&bytes)?;
            let mut lead = transaction.prepare_cached(
                "UPDATE log_block SET segment = ?3, offset_bytes = ?4 WHERE log_group = ?1 AND first_position = ?2",
            )?;
            for block in &blocks {
                lead.execute(params![block.group, block.first_position, spot.segment, spot.offset])?;
                spot.offset += block.length as u64;
            }
            Ok(Ending::Commit(true))
        };
        self.catalogue.write(doing, work).await
    }
}

fn segments_has_rows(transaction: &Transaction<'_>, segment: u64) -> bool {
    // A database that cannot say so keeps the segment open.
    catalogue::is_known(transaction, segment).unwrap_or(true)
}

struct Block {
    group: i64,
    first_position: u64,
    offset: u64,
    length: usize,
}

/// The first blocks of a segment, `LOG_MOVED_BYTES` of them and at least one.
fn blocks_of(transaction: &Transaction<'_>, segment: u64) -> Result<Vec<Block>, Fault> {
    let mut statement = transaction.prepare_cached(
        "SELECT log_group, first_position, offset_bytes, length_bytes FROM log_block WHERE segment = ?1 ORDER BY offset_bytes",
    )?;
    let mut rows = statement.query([segment])?;
    let (mut blocks, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let block = Block { group: row.get(0)?, first_position: row.get(1)?, offset: row.get(2)?, length: row.get(3)? };
        bytes += block.length as u64;
        blocks.push(block);
        if bytes >= LOG_MOVED_BYTES {
            break;
        }
    }
    Ok(blocks)
}
