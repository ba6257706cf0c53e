//! One SQLite file: a thread that writes, a few connections that read.
//!
//! A deferred transaction that becomes a writer is refused by SQLite without waiting, and readers starve a writer that shares their pool; so
//! all writes are `BEGIN IMMEDIATE`, one after another, on one thread, and readers never write. WAL with `synchronous=FULL`: what a write
//! answered is on the disk. Never retries: whoever asked decides.
//!
//! A kernel that could not write a page forgets that it had to: after an I/O error a later sync says nothing of it. So after one, and at every start,
//! all that the write-ahead log holds is written into the file and synced before anything more is committed (`settle`); until that works, every write
//! is trouble. Source: fsync(2), "errors"; the PostgreSQL wiki, "Fsync Errors".

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tracing::Instrument;
use tracing::field::Empty;

use model::trouble::Trouble;

use crate::blocking::blocking;
use crate::fault::Fault;
use crate::folder;
use crate::limit::{DATABASE_BUSY, DATABASE_CHECKED_BYTES, READERS, WRITE_AHEAD_BYTES, WRITES_QUEUED};
use crate::migration::Schema;

/// Older ones lose commits when a checkpoint races a writer in WAL mode. Source: SQLite release notes 3.51.3.
const SQLITE_OLDEST: i32 = 3_051_003;

/// How a write ends: what it answers, and whether what it wrote stays.
pub(crate) enum Ending<T> {
    Commit(T),
    RollBack(T),
}

type Job = Box<dyn FnOnce(&mut Writer) + Send>;

/// The last word in every transaction that is about to be committed.
pub(crate) type Closing = Box<dyn Fn(&Transaction<'_>) -> Result<(), Fault> + Send>;

/// The connection that writes.
struct Writer {
    connection: Connection,
    /// The disk has failed since all was last known to be on it.
    doubtful: bool,
    closing: Closing,
}

/// An open database. Dropping it waits for the write under way and closes the file.
pub(crate) struct Database {
    name: &'static str,
    writes: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    readers: Arc<Mutex<Vec<Connection>>>,
    /// One permit for each connection in `readers`.
    permits: Arc<Semaphore>,
}

impl Database {
    /// Opens the file, making it if it is not there, brings it to the schema's newest form, and lets `check` look before anybody else does.
    pub(crate) fn open(path: &Path, schema: &Schema, check: impl FnOnce(&Connection) -> Result<(), Fault>) -> Result<Self, Fault> {
        Self::open_closing(path, schema, check, |_, _| Ok(()), Box::new(|_| Ok(())))
    }

    /// The same with a last word in the transaction that brings it to the newest form, which is told from which, and one in every later transaction.
    pub(crate) fn open_closing(
        path: &Path,
        schema: &Schema,
        check: impl FnOnce(&Connection) -> Result<(), Fault>,
        migrated: impl FnOnce(&Transaction<'_>, usize) -> Result<(), Fault>,
        closing: Closing,
    ) -> Result<Self, Fault> {
        if rusqlite::version_number() < SQLITE_OLDEST {
            return Err(Fault::Damaged(format!("SQLite {} loses commits: 3.51.3 or newer is needed", rusqlite::version())));
        }
        // SQLite gives its other files the mode of this one.
        folder::open_file(path)?;
        let mut connection =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        let prepared = prepare_writer(&connection).and_then(|()| {
            refuse_damaged(&connection, path)?;
            let doubtful = !settle_at_start(&connection)?;
            schema.apply_and(&mut connection, migrated)?;
            check(&connection)?;
            Ok(doubtful)
        });
        let doubtful = prepared.map_err(|fault| name_damaged(fault, path))?;
        let readers = (0..READERS).map(|_| open_reader(path)).collect::<Result<_, _>>()?;
        let writer = Writer { connection, doubtful, closing };

        let (writes, jobs) = mpsc::channel(WRITES_QUEUED);
        let writer =
            std::thread::Builder::new().name(format!("{} writer", schema.name)).spawn(move || write_until_closed(writer, jobs))?;
        Ok(Self {
            name: schema.name,
            writes: Some(writes),
            writer: Some(writer),
            readers: Arc::new(Mutex::new(readers)),
            permits: Arc::new(Semaphore::new(READERS)),
        })
    }

    /// Runs `work` in a transaction of its own. Once it is queued it is done, even if the caller goes away before the answer.
    ///
    /// `work` runs on the writer's thread: it must not hold the last handle of this database.
    pub(crate) async fn write<T, W>(&self, doing: &str, work: W) -> Result<T, Trouble>
    where
        T: Send + 'static,
        W: FnOnce(&Transaction<'_>) -> Result<Ending<T>, Fault> + Send + 'static,
    {
        let span = tracing::info_span!("ledger_write", database = self.name, doing, cause = Empty);
        let outcome = self.queue(doing, work).instrument(span.clone()).await;
        if let Err(trouble) = &outcome {
            span.record("cause", trouble.chain());
        }
        outcome
    }

    async fn queue<T, W>(&self, doing: &str, work: W) -> Result<T, Trouble>
    where
        T: Send + 'static,
        W: FnOnce(&Transaction<'_>) -> Result<Ending<T>, Fault> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        // Ends when the writer takes the job: the stopwatch is whoever listens to spans.
        let waiting = tracing::info_span!("ledger_wait", database = self.name);
        let job: Job = Box::new(move |writer| {
            drop(waiting);
            // Nobody listens if the caller went away; what was done stays done.
            let _ = answer.send(writer.transact(work));
        });
        let gone = || Trouble::lasting(doing, "the writer's thread ended with a bug; see the log before this line");
        self.writes.as_ref().expect("taken only by drop").send(job).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?.map_err(|fault| fault.while_doing(doing))
    }

    /// Runs `work` on one snapshot, which contains every write that answered before this call.
    pub(crate) async fn read<T, W>(&self, doing: &str, work: W) -> Result<T, Trouble>
    where
        T: Send + 'static,
        W: FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await.expect("the semaphore is never closed");
        let mut loan = Loan::take(&self.readers, permit);
        let answer = blocking(move || {
            let snapshot = loan.connection().transaction()?;
            let answer = work(&snapshot)?;
            Ok(answer)
        });
        answer.await.map_err(|fault| fault.while_doing(doing))
    }

    /// The same for a few rows by their keys, on the caller's own thread: they cost less than handing the work to a thread that may block, and back.
    /// What a key leads to is nearly always in memory; where it is not, the caller's thread waits for a few pages of the disk. See decision 0026.
    pub(crate) async fn find<T>(
        &self,
        doing: &str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send,
    ) -> Result<T, Trouble> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.expect("the semaphore is never closed");
        let mut loan = Loan::take(&self.readers, permit);
        let found = || work(&loan.connection().transaction()?);
        found().map_err(|fault| fault.while_doing(doing))
    }

    /// Writes that wait, and readers at work.
    pub(crate) fn load(&self) -> DatabaseLoad {
        let writes_queued = self.writes.as_ref().map_or(0, |writes| writes.max_capacity() - writes.capacity());
        DatabaseLoad { database: self.name, writes_queued, readers_busy: READERS - self.permits.available_permits() }
    }

    /// Waits until everybody who reads now is done: whoever reads after this call sees what was committed before it.
    pub(crate) async fn readers_done(&self) {
        let all = u32::try_from(READERS).expect("a few");
        drop(self.permits.acquire_many(all).await.expect("the semaphore is never closed"));
    }
}

/// How busy a database is at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseLoad {
    pub database: &'static str,
    /// At most [`WRITES_QUEUED`].
    pub writes_queued: usize,
    /// At most [`READERS`].
    pub readers_busy: usize,
}

impl Drop for Database {
    fn drop(&mut self) {
        drop(self.writes.take());
        // The writer's connection is the last: it takes the write-ahead log into the file, which a connection that only reads cannot.
        if let Ok(mut readers) = self.readers.lock() {
            readers.clear();
        }
        if let Some(writer) = self.writer.take() {
            // A panic of the writer was reported where it happened.
            let _ = writer.join();
        }
    }
}

/// A reading connection, given back when dropped, before its permit is.
struct Loan {
    connection: Option<Connection>,
    home: Arc<Mutex<Vec<Connection>>>,
    _permit: OwnedSemaphorePermit,
}

impl Loan {
    fn take(home: &Arc<Mutex<Vec<Connection>>>, permit: OwnedSemaphorePermit) -> Self {
        let connection = home.lock().expect("nobody panics while holding it").pop();
        Self { connection, home: Arc::clone(home), _permit: permit }
    }

    fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a permit stands for a connection")
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        if let (Some(connection), Ok(mut home)) = (self.connection.take(), self.home.lock()) {
            home.push(connection);
        }
    }
}

fn write_until_closed(mut writer: Writer, mut jobs: mpsc::Receiver<Job>) {
    while let Some(job) = jobs.blocking_recv() {
        job(&mut writer);
    }
}

impl Writer {
    fn transact<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<Ending<T>, Fault>) -> Result<T, Fault> {
        if self.doubtful {
            settle(&self.connection)?;
            self.doubtful = false;
            tracing::info!("the disk takes writes again; everything that was acknowledged is on it");
        }
        let outcome = transact(&mut self.connection, work, &self.closing);
        self.doubtful = outcome.as_ref().err().is_some_and(Fault::is_of_the_disk);
        outcome
    }
}

fn transact<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<Ending<T>, Fault>,
    closing: &Closing,
) -> Result<T, Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match work(&transaction)? {
        Ending::Commit(answer) => {
            closing(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        }
        Ending::RollBack(answer) => {
            transaction.rollback()?;
            Ok(answer)
        }
    }
}

/// Brings what the write-ahead log holds into the file, syncs that, and empties the log. What a failed commit left in it is gone then.
fn settle(connection: &Connection) -> Result<(), Fault> {
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy { Err(Fault::Crowded("another process reads the database and does not end".to_owned())) } else { Ok(()) }
}

/// The same before anybody else has written: what a process left that died may never have reached the disk. Answers whether it is done; on a full disk
/// it is not, and the first write tries it again.
fn settle_at_start(connection: &Connection) -> Result<bool, Fault> {
    match settle(connection) {
        Ok(()) => Ok(true),
        Err(fault) if fault.is_full() => Ok(false),
        // A backup reads, or a person does: no reason not to start.
        Err(Fault::Crowded(_)) => Ok(true),
        Err(fault) => Err(fault),
    }
}

/// Looks at every page of a database that is not too large for that: what is found damaged at the start has not done harm yet.
fn refuse_damaged(connection: &Connection, path: &Path) -> Result<(), Fault> {
    if std::fs::metadata(path)?.len() > DATABASE_CHECKED_BYTES {
        return Ok(());
    }
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(damaged(path, &found)) }
}

/// Tells damage that SQLite has come upon as what it is for the person who must act.
pub(crate) fn name_damaged(fault: Fault, path: &Path) -> Fault {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match &fault {
        Fault::Database(error) if matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase)) => {
            damaged(path, &error.to_string())
        }
        Fault::Database(_) | Fault::File(_) | Fault::Damaged(_) | Fault::Crowded(_) | Fault::LostBlob(_) => fault,
    }
}

fn damaged(path: &Path, found: &str) -> Fault {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let otherwise = match name.as_ref() {
        "catalogue.db" => ", or move the folder 'logs' away: then the lines kept so far go with it",
        _ => "",
    };
    let found = found.split_whitespace().collect::<Vec<_>>().join(" ");
    Fault::Damaged(format!("{name} is damaged ({found}). It is left as it is. Put back a backup (outrunner restore){otherwise}"))
}

pub(crate) fn prepare_writer(connection: &Connection) -> Result<(), Fault> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Fault::Damaged(format!("this file system does not allow a write-ahead log (SQLite stays in mode {mode})")));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update_and_check(
        None,
        "journal_size_limit",
        i64::try_from(WRITE_AHEAD_BYTES).expect("a small limit"),
        |_| Ok(()),
    )?;
    prepare(connection)
}

/// A connection that only reads: a platform may be writing beside it.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), Fault> {
    connection.busy_timeout(DATABASE_BUSY)?;
    // Sorting never spills into a file outside the data dir.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    // Plans do not depend on what is bound: else each query that a partial index may serve is planned anew each time it is asked.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::trouble::Retry;
    use std::os::unix::fs::PermissionsExt;

    const NOTES: Schema = Schema { name: "notes", application_id: 1, migrations: &["CREATE TABLE note (text BLOB NOT NULL)"] };

    fn open() -> (tempfile::TempDir, Database) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("notes.db"), &NOTES, |_| Ok(())).unwrap();
        (folder, database)
    }

    async fn add(database: &Database, bytes: usize) -> Result<(), Trouble> {
        let work = move |transaction: &Transaction<'_>| {
            transaction.execute("INSERT INTO note VALUES (zeroblob(?1))", [i64::try_from(bytes).unwrap()])?;
            Ok(Ending::Commit(()))
        };
        database.write("adding a note", work).await
    }

    async fn count(database: &Database) -> i64 {
        let work = |snapshot: &Transaction<'_>| Ok(snapshot.query_row("SELECT count(*) FROM note", [], |row| row.get(0))?);
        database.read("counting notes", work).await.unwrap()
    }

    #[tokio::test]
    async fn a_write_that_rolls_back_or_fails_leaves_nothing() {
        let (_folder, database) = open();
        add(&database, 1).await.unwrap();
        let back = |transaction: &Transaction<'_>| {
            transaction.execute("INSERT INTO note VALUES (x'00')", [])?;
            Ok(Ending::RollBack("not now"))
        };
        assert_eq!(database.write("trying", back).await.unwrap(), "not now");
        let broken = |transaction: &Transaction<'_>| {
            transaction.execute("INSERT INTO note VALUES (x'00')", [])?;
            transaction.execute("INSERT INTO note VALUES (NULL)", [])?;
            Ok(Ending::Commit(()))
        };
        assert_eq!(database.write("trying", broken).await.unwrap_err().retry(), Retry::Pointless);
        assert_eq!(count(&database).await, 1);
    }

    #[tokio::test]
    async fn a_full_disk_is_trouble_that_passes_and_writing_goes_on_after_it() {
        let (_folder, database) = open();
        let pages = |limit: i64| {
            move |transaction: &Transaction<'_>| {
                transaction.pragma_update_and_check(None, "max_page_count", limit, |_| Ok(()))?;
                Ok(Ending::Commit(()))
            }
        };
        database.write("filling the disk", pages(8)).await.unwrap();
        let trouble = add(&database, 1 << 20).await.unwrap_err();
        assert_eq!(trouble.retry(), Retry::Worthwhile, "{}", trouble.chain());
        database.write("emptying the disk", pages(1 << 20)).await.unwrap();
        add(&database, 1 << 20).await.unwrap();
        assert_eq!(count(&database).await, 1);
    }

    #[tokio::test]
    async fn a_lock_of_another_process_is_trouble_that_passes() {
        let (folder, database) = open();
        let impatient = |transaction: &Transaction<'_>| {
            transaction.busy_timeout(std::time::Duration::from_millis(1))?;
            Ok(Ending::Commit(()))
        };
        database.write("losing patience", impatient).await.unwrap();
        let other = Connection::open(folder.path().join("notes.db")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert_eq!(add(&database, 1).await.unwrap_err().retry(), Retry::Worthwhile);
        assert_eq!(count(&database).await, 0, "reading goes on meanwhile");
        other.execute_batch("ROLLBACK").unwrap();
        add(&database, 1).await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn more_callers_than_queue_and_connections_all_get_their_answer() {
        let (_folder, database) = open();
        let database = Arc::new(database);
        let callers: Vec<_> = (0..WRITES_QUEUED + 50)
            .map(|_| {
                let database = Arc::clone(&database);
                #[expect(clippy::disallowed_methods, reason = "the test is the owner of these callers")]
                tokio::spawn(async move {
                    add(&database, 1).await.unwrap();
                    assert!(count(&database).await > 0, "a caller sees its own write");
                })
            })
            .collect();
        for caller in callers {
            caller.await.unwrap();
        }
        assert_eq!(count(&database).await, i64::try_from(WRITES_QUEUED + 50).unwrap());
        assert_eq!(database.readers.lock().unwrap().len(), READERS);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn readers_are_done_only_when_the_slowest_is() {
        let (_folder, database) = open();
        let (begun, has_begun) = oneshot::channel();
        let (go_on, goes_on) = std::sync::mpsc::channel();
        let slow = move |_: &Transaction<'_>| {
            begun.send(()).unwrap();
            goes_on.recv().unwrap();
            Ok(())
        };
        let done = async {
            has_begun.await.unwrap();
            let early = tokio::time::timeout(std::time::Duration::from_millis(10), database.readers_done()).await;
            assert!(early.is_err(), "somebody reads still");
            go_on.send(()).unwrap();
            database.readers_done().await;
        };
        let (read, ()) = tokio::join!(database.read("reading slowly", slow), done);
        read.unwrap();
        assert_eq!(count(&database).await, 0, "reading goes on after it");
    }

    #[tokio::test]
    async fn a_reader_cannot_write() {
        let (_folder, database) = open();
        let work = |snapshot: &Transaction<'_>| Ok(snapshot.execute("INSERT INTO note VALUES (x'00')", [])?);
        assert!(database.read("reading", work).await.is_err());
    }

    #[tokio::test]
    async fn every_file_of_a_database_is_private_and_a_damaged_one_is_lasting_trouble() {
        let (folder, database) = open();
        add(&database, 1).await.unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
        }
        drop(database);
        let path = folder.path().join("notes.db");
        std::fs::write(&path, [0xff; 8192]).unwrap();
        let fault = Database::open(&path, &NOTES, |_| Ok(())).err().expect("this is not a database");
        assert_eq!(fault.while_doing("opening").retry(), Retry::Pointless);
    }
}
