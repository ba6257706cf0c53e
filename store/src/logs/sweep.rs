//! Which log lines may go: those that their groups keep no longer, and the oldest when all take too much room.
//!
//! Rows go first, files after them, and only when nobody reads by the old rows any more. A file that a crash left without rows goes with the
//! next sweep. Lines of a service that is gone stay until their group is deleted or keeps them no longer: that is when they are asked for.
//!
//! What needs no room comes first and what needs some comes last: on a full disk a sweep is what mends it.

use rusqlite::Transaction;

use model::service::ServiceId;
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::database::Ending;
use crate::limit::LOG_BYTES;
use crate::logs::LogBook;
use crate::logs::catalogue;

impl LogBook {
    /// Takes away lines that are too old for their groups, then the oldest if there are too many. Answers how many files went.
    pub(crate) async fn sweep(&self, now: Timestamp) -> Result<u32, Trouble> {
        let doing = "sweeping log lines";
        let mut removed = self.remove_unknown(doing).await?;
        let retire = move |transaction: &Transaction<'_>| Ok(Ending::Commit(catalogue::retire(transaction, now)?));
        self.catalogue.write(doing, retire).await?;
        let mut last = None;
        loop {
            let forget =
                move |transaction: &Transaction<'_>| Ok(Ending::Commit(catalogue::forget_oldest(transaction, LOG_BYTES, last)?));
            last = self.catalogue.write(doing, forget).await?;
            if last.is_none() {
                break;
            }
        }
        removed += self.remove_unknown(doing).await?;
        if let Err(trouble) = self.compact(doing).await {
            tracing::warn!(cause = %trouble.chain(), "segments that are mostly dead could not be emptied; the next sweep tries it again");
        }
        Ok(removed + self.remove_unknown(doing).await?)
    }

    /// Takes away the files of closed segments without rows. Writes nothing. Answers how many went.
    async fn remove_unknown(&self, doing: &str) -> Result<u32, Trouble> {
        let writing = self.writing.clone();
        let look = move |transaction: &Transaction<'_>| {
            let segments = writing.lock().expect("only this thread locks it");
            Ok(Ending::RollBack(segments.unknown(|number| catalogue::is_known(transaction, number))?))
        };
        let unknown = self.catalogue.write(doing, look).await?;
        if unknown.is_empty() {
            return Ok(0);
        }
        // Whoever reads by rows that are gone may be about to open the file. One that becomes unknown only now has such readers still: the next time.
        self.catalogue.readers_done().await;
        let (writing, holds) = (self.writing.clone(), self.holds.clone());
        let remove = move |transaction: &Transaction<'_>| {
            let segments = writing.lock().expect("only this thread locks it");
            let mut removed = 0;
            for number in unknown {
                if !catalogue::is_known(transaction, number)? {
                    removed += u32::from(holds.unless_held(|| segments.remove(number))?);
                }
            }
            Ok(Ending::RollBack(removed))
        };
        self.catalogue.write(doing, remove).await
    }

    /// The services how far whose output was taken over is known.
    pub(crate) async fn cursor_owners(&self) -> Result<Vec<ServiceId>, Trouble> {
        let work = |snapshot: &Transaction<'_>| Ok(catalogue::cursor_owners(snapshot)?.into_iter().collect());
        self.catalogue.read("looking for log cursors", work).await
    }

    /// Forgets how far the output of services was taken over. What they printed stays.
    pub(crate) async fn forget(&self, services: Vec<ServiceId>) -> Result<(), Trouble> {
        let work = move |transaction: &Transaction<'_>| {
            for service in &services {
                catalogue::forget_cursors(transaction, service)?;
            }
            Ok(Ending::Commit(()))
        };
        self.catalogue.write("forgetting the log cursors of services", work).await
    }
}
