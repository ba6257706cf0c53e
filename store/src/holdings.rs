//! What a store holds and how busy it is, for whoever looks after the platform.
//! Never changes anything, and never counts row by row what may be large: counts come from the databases and from folders. Source of truth: the files.

use model::trouble::Trouble;
use rusqlite::Transaction;

use crate::Store;
use crate::blocking::blocking;
use crate::database::DatabaseLoad;

/// What is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    pub blobs: u64,
    pub blob_bytes: u64,
    pub uploads: u64,
    /// Files of log segments, and their bytes.
    pub log_segments: u64,
    pub log_bytes: u64,
    pub log_groups: u64,
    pub services: u64,
    pub operations: u64,
    pub repositories: u64,
    pub audit_rows: u64,
    /// The ledger's file, without its write-ahead log.
    pub ledger_bytes: u64,
}

impl Store {
    /// How busy each database is at this moment.
    pub fn load(&self) -> [DatabaseLoad; 2] {
        [self.0.ledger.load(), self.0.logs.load()]
    }

    /// How many are compressing log lines, and how many may at once; the others wait for their turn.
    pub fn encoding(&self) -> (usize, usize) {
        self.0.logs.encoding()
    }

    /// What is kept. Reads indexes and folders: for a look now and then.
    pub async fn holdings(&self) -> Result<Holdings, Trouble> {
        let doing = "counting what is kept";
        let count = |snapshot: &Transaction<'_>| {
            let number = |sql: &str| snapshot.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|n| u64::try_from(n).unwrap_or(0));
            Ok(Holdings {
                blobs: number("SELECT count(*) FROM blob")?,
                blob_bytes: number("SELECT coalesce(sum(size_bytes), 0) FROM blob")?,
                services: number("SELECT count(*) FROM service")?,
                operations: number("SELECT count(*) FROM operation")?,
                repositories: number("SELECT count(*) FROM repository")?,
                audit_rows: number(
                    "SELECT (SELECT coalesce(max(position) - min(position) + 1, 0) FROM audit)
                          - (SELECT coalesce(sum(last_position - first_position + 1), 0) FROM audit_gap)",
                )?,
                ledger_bytes: number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
                ..Holdings::default()
            })
        };
        let mut held = self.0.ledger.read(doing, count).await?;
        let uploads = self.0.uploads.clone();
        let open = blocking(move || uploads.names()).await.map_err(|fault| fault.while_doing(doing))?;
        let (log_groups, log_segments, log_bytes) = self.0.logs.weigh(doing).await?;
        (held.uploads, held.log_groups, held.log_segments, held.log_bytes) =
            (open.len() as u64, log_groups, log_segments, log_bytes);
        Ok(held)
    }
}
