//! The limits of this room, each with its reason. What happens at a limit is said there and tested beside the code that holds it.

use std::time::Duration;

/// Writes that wait for one database's writer thread. The next caller waits at the queue's door: its own request is the back-pressure.
pub const WRITES_QUEUED: usize = 256;
/// Connections that read one database at the same time; the next reader waits for one of them.
pub const READERS: usize = 4;
/// Rows of a page that is read on the caller's own thread, and bytes of their documents: about a millisecond. A longer one is work for a thread that may block.
pub const SHORT_PAGE_ROWS: u32 = 100;
/// See `SHORT_PAGE_ROWS`. Variables of one service can take a megabyte.
pub const SHORT_PAGE_BYTES: u64 = 256 << 10;
/// How long SQLite waits for a lock of another process (a backup, a curious person with `sqlite3`) before the call is trouble that may pass.
pub const DATABASE_BUSY: Duration = Duration::from_secs(5);
/// The write-ahead log's file is cut back to this after a checkpoint, so that one large write does not hold its space for good.
pub const WRITE_AHEAD_BYTES: u64 = 64 << 20;
/// A database up to this size is looked at whole when it is opened: less than 50 ms. A larger one is left to `outrunner check`.
pub const DATABASE_CHECKED_BYTES: u64 = 16 << 20;

/// The master key: an AES-256 key.
pub const MASTER_KEY_BYTES: usize = 32;

/// Uploads open at the same time, of all repositories. Opening one more is trouble that may pass.
pub const UPLOADS_OPEN: usize = 1_000;
/// An upload without a byte for this long is swept…
pub const UPLOAD_IDLE: Duration = Duration::from_secs(24 * 3600);
/// …and already after this, once `UPLOADS_OPEN` is reached: those who push now go before those who gave up.
pub const UPLOAD_IDLE_CROWDED: Duration = Duration::from_secs(3600);
/// A blob that no manifest of its repository names stays so long after it was put, mounted or promised there: longer than any pause within a push…
pub const BLOB_PROMISED: Duration = Duration::from_secs(3600);
/// …and this long while somebody pushes into the repository: a push of large layers takes hours, and names them all at its end.
pub const BLOB_PROMISED_PUSHING: Duration = UPLOAD_IDLE;
/// A promise that is younger is not written down again.
pub const BLOB_PROMISE_RENEWED: Duration = Duration::from_secs(600);
/// Blobs that one step of a collection looks at: bounds its transaction, and so how long others wait for it.
pub const BLOBS_COLLECTED: usize = 500;
/// Bytes of an upload gathered before they are hashed and written: one hop to a blocking thread for each.
pub const UPLOAD_BUFFER_BYTES: usize = 1 << 20;
/// A piece of a blob's body, as it is read.
pub const BLOB_PIECE_BYTES: usize = 256 << 10;

/// Bytes of lines (before compression) in one block of a segment; a longer batch becomes several blocks. A reader decodes at least one.
pub const LOG_BLOCK_BYTES: usize = 256 << 10;
/// A line is kept up to here and then ends in words that say so. Keeps a block, and what a reader must hold, bounded.
pub const LOG_LINE_BYTES: usize = 1 << 20;
/// A segment file that has reached this takes no more blocks. Small enough that taking one away frees space often, large enough to be few.
pub const LOG_SEGMENT_BYTES: u64 = 64 << 20;
/// Bytes that all segments together may take, with the rows that tell of their blocks; a sweep takes away the oldest beyond it.
pub const LOG_BYTES: u64 = 4 << 30;
/// Blocks that one commit of a sweep forgets for it, so that others' lines wait for a moment at most.
pub const LOG_BLOCKS_FORGOTTEN: u32 = 2_000;
/// What a block's row and its place in an index take in the catalogue, rounded up: many small blocks count too.
pub const LOG_ROW_BYTES: u64 = 128;
/// Bytes of lines that one search looks at, passed by at most one block; the caller goes on from there. A second or less.
pub const LOG_SCAN_BYTES: usize = 64 << 20;
/// Damaged blocks of lines that the log spoke of and that are remembered, so that it does so once for each; beyond it, it begins anew.
pub const LOST_BLOCKS_LOGGED: usize = 1024;
/// Groups that callers may make. Those that services make by printing are as many as there are services.
pub const LOG_GROUPS: u32 = 100_000;
/// Bytes of blocks that one commit moves out of a segment that is mostly dead, so that others' lines wait for a moment at most.
pub const LOG_MOVED_BYTES: u64 = 4 << 20;
/// Lines in one answer; the reader goes on from the last.
pub const LOG_READ_LINES: u32 = 10_000;
/// Bytes of lines in one answer, passed by at most one block; the reader goes on from the last.
pub const LOG_READ_BYTES: usize = 1 << 20;

/// Events of a service: the commit that adds one more takes away the oldest.
pub const EVENTS_KEPT: u32 = 1_000;
/// Audit rows among which one that comes a second time, after a crash, is looked for.
pub const AUDIT_COMPARED: u32 = 1_000;
/// Audit rows that one look-up reads; the caller goes on from there. A tenth of a second.
pub const AUDIT_LOOKED_UP: u32 = 10_000;
/// How far the clock may have been set back between two audit rows: behind a row so much older than what is looked up nothing is looked for.
pub const AUDIT_CLOCK_SLACK: Duration = Duration::from_secs(24 * 3600);
/// Audit rows that go into the ledger together.
pub const AUDIT_MOVED: u32 = 100;
/// Audit rows, of everybody: about 600 MB. A sweep takes away what is beyond it: the oldest of those accounts that have most.
pub const AUDIT_ROWS: u32 = 1_000_000;
/// Audit rows that one commit of a sweep takes away, so that others' writes wait for a moment at most.
pub const AUDIT_FORGOTTEN: u32 = 2_000;

/// Secrets that one commit of a sweep takes away when their windows are over, so that others' writes wait for a moment at most.
pub const SECRETS_FORGOTTEN: u32 = 500;

/// How hard a backup is compressed: most of it is images, which are compressed already.
pub const BACKUP_LEVEL: i32 = 1;
/// Bytes that stay free on the data dir's disk while a backup has its copies of the databases there: the platform goes on writing.
pub const BACKUP_RESERVE_BYTES: u64 = 16 << 20;
/// Rows that a check takes from a database at once. Between them nothing keeps the write-ahead log from being emptied.
pub const CHECK_ROWS: usize = 10_000;
/// A piece of a part on its way into a backup or out of it.
pub const BACKUP_PIECE_BYTES: usize = 1 << 20;
/// What a backup says of itself, in its head or at its end: 150 bytes for each blob. A larger one is refused as damaged.
pub const BACKUP_MANIFEST_BYTES: u64 = 256 << 20;
/// The encrypted master key in a backup; a larger one is refused as damaged.
pub const BACKUP_SEALED_KEY_BYTES: u64 = 64 << 10;
