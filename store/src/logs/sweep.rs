//! Which log lines may go: those that their groups keep no longer, and the oldest when all take too much room.
//!
//! Rows go first, files after them, and only when nobody reads by the old rows any more. A file that a crash left without rows goes with the
//! next sweep. Lines of a service that is gone stay until their group is deleted or keeps them no longer: that is when they are asked for.

use rusqlite::Transaction;

use model::service::Service;
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::database::Ending;
use crate::limit::LOG_BYTES;
use crate::logs::LogBook;
use crate::logs::catalogue::{self, SegmentEntry};

impl LogBook {
    /// Takes away lines that are too old for their groups, then the oldest segments if there are too many. Answers how many files went.
    pub(crate) async fn sweep(&self, now: Timestamp) -> Result<u32, Trouble> {
        let doing = "sweeping log lines";
        let retire = move |transaction: &Transaction<'_>| Ok(Ending::Commit(catalogue::retire(transaction, now)?));
        self.catalogue.write(doing, retire).await?;
        self.compact(doing).await?;
        let writing = self.writing.clone();
        let look = move |transaction: &Transaction<'_>| {
            let open_from = writing.lock().expect("only this thread locks it").open_from();
            Ok(Ending::RollBack((open_from, catalogue::segments(transaction)?)))
        };
        let (open_from, segments) = self.catalogue.write(doing, look).await?;
        for segment in superfluous(&segments).take_while(|segment| *segment < open_from) {
            let forget = move |transaction: &Transaction<'_>| {
                catalogue::forget_segment(transaction, segment)?;
                Ok(Ending::Commit(()))
            };
            self.catalogue.write(doing, forget).await?;
        }
        self.catalogue.readers_done().await;
        let writing = self.writing.clone();
        let work = move |transaction: &Transaction<'_>| {
            let segments = writing.lock().expect("only this thread locks it");
            Ok(Ending::RollBack(segments.remove_unknown(|number| catalogue::is_known(transaction, number))?))
        };
        self.catalogue.write(doing, work).await
    }

    /// Forgets how far the output of services was taken over. What they printed stays.
    pub(crate) async fn forget(&self, services: Vec<Service>) -> Result<(), Trouble> {
        let work = move |transaction: &Transaction<'_>| {
            for service in &services {
                catalogue::forget_cursors(transaction, &service.id)?;
            }
            Ok(Ending::Commit(()))
        };
        self.catalogue.write("forgetting the log cursors of services", work).await
    }
}

/// Of segments in order, those at the beginning that must go until the rest is small enough.
fn superfluous(segments: &[SegmentEntry]) -> impl Iterator<Item = u64> {
    let mut bytes: u64 = segments.iter().map(|segment| segment.bytes).sum();
    let goes = move |segment: &&SegmentEntry| {
        let too_many = bytes > LOG_BYTES;
        bytes -= segment.bytes;
        too_many
    };
    segments.iter().take_while(goes).map(|segment| segment.number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(segments: &[u64], expected: &[u64]) {
        let entry = |(number, bytes): (u64, &u64)| SegmentEntry { number, living_bytes: *bytes, bytes: *bytes };
        let segments: Vec<_> = (1..).zip(segments).map(entry).collect();
        assert_eq!(superfluous(&segments).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_oldest_segments_go_until_the_rest_is_small_enough() {
        check(&[], &[]);
        check(&[LOG_BYTES], &[]);
        check(&[LOG_BYTES / 2, LOG_BYTES / 2, 1], &[1]);
        check(&[1, LOG_BYTES, LOG_BYTES, 1], &[1, 2, 3]);
    }
}
