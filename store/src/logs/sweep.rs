//! Which log lines may go: the oldest segments beyond a size or an age, and all that belonged to services that are forgotten.
//!
//! Rows go first, files after them, and only when nobody reads by the old rows any more. A file that a crash left without rows goes with the
//! next sweep. Never takes away the segment that is written to.

use rusqlite::Transaction;

use model::log_line::LogStream;
use model::service::Service;
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::database::Ending;
use crate::limit::{LOG_AGE, LOG_BYTES, LOG_SEGMENT_AGE};
use crate::logs::LogBook;
use crate::logs::catalogue::{self, SegmentEntry};

impl LogBook {
    /// Takes away the segments that are too many or too old. Answers how many files went.
    pub(crate) async fn sweep(&self, now: Timestamp) -> Result<u32, Trouble> {
        let doing = "sweeping log lines";
        let open_from = self.close_old(doing, now).await?;
        let segments = self.catalogue.read(doing, catalogue::segments).await?;
        for segment in superfluous(&segments, now).take_while(|segment| *segment < open_from) {
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

    /// Closes the segment that is written to if it has been for long. Segments below the answer take no more blocks.
    async fn close_old(&self, doing: &str, now: Timestamp) -> Result<u64, Trouble> {
        let writing = self.writing.clone();
        let work = move |transaction: &Transaction<'_>| {
            let mut segments = writing.lock().expect("only this thread locks it");
            if let Some(number) = segments.open_number() {
                let began = catalogue::first_printed(transaction, number)?;
                if began.is_some_and(|began| now.since(began) > LOG_SEGMENT_AGE) {
                    segments.close();
                }
            }
            Ok(Ending::RollBack(segments.open_from()))
        };
        self.catalogue.write(doing, work).await
    }

    /// Forgets the lines of services, and how far they were taken over. Their bytes go with their segments.
    pub(crate) async fn forget(&self, services: Vec<Service>) -> Result<(), Trouble> {
        let work = move |transaction: &Transaction<'_>| {
            for service in &services {
                catalogue::forget_group(transaction, &service.scope, &LogStream::application_group(service))?;
                catalogue::forget_cursors(transaction, &service.id)?;
            }
            Ok(Ending::Commit(()))
        };
        self.catalogue.write("forgetting the log lines of services", work).await
    }
}

/// Of segments in order, those at the beginning that are too old, or that must go until the rest is small enough.
fn superfluous(segments: &[SegmentEntry], now: Timestamp) -> impl Iterator<Item = u64> {
    let mut bytes: u64 = segments.iter().map(|segment| segment.bytes).sum();
    let goes = move |segment: &&SegmentEntry| {
        let (too_many, too_old) = (bytes > LOG_BYTES, now.since(segment.latest) > LOG_AGE);
        bytes -= segment.bytes;
        too_many || too_old
    };
    segments.iter().take_while(goes).map(|segment| segment.number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(100 * 24 * 3_600_000);

    #[track_caller]
    fn check(segments: &[(u64, u64)], expected: &[u64]) {
        let entry = |(number, (bytes, age_days)): (u64, &(u64, u64))| {
            let latest = Timestamp::from_millis(NOW.millis() - i64::try_from(age_days * 24 * 3_600_000).unwrap());
            SegmentEntry { number, bytes: *bytes, latest }
        };
        let segments: Vec<_> = (1..).zip(segments).map(entry).collect();
        assert_eq!(superfluous(&segments, NOW).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_oldest_segments_go_until_the_rest_is_small_and_young_enough() {
        check(&[], &[]);
        check(&[(LOG_BYTES, 30)], &[]);
        check(&[(LOG_BYTES / 2, 3), (LOG_BYTES / 2, 2), (1, 1)], &[1]);
        check(&[(1, 4), (LOG_BYTES, 3), (LOG_BYTES, 2), (1, 1)], &[1, 2, 3]);
        check(&[(1, 32), (1, 31), (1, 30), (1, 0)], &[1, 2]);
        check(&[(1, 29), (1, 31), (1, 0)], &[]);
    }
}
