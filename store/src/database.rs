//! One SQLite file: a thread that writes, a few connections that read.
//!
//! A deferred transaction that becomes a writer is refused by SQLite without waiting, and readers starve a writer that shares their pool; so
//! all writes are `BEGIN IMMEDIATE`, one after another, on one thread, and readers never write. WAL with `synchronous=FULL`: what a write
//! answered is on the disk. Never retries: whoever asked decides.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use model::trouble::Trouble;

use crate::blocking::blocking;
use crate::fault::Fault;
use crate::folder;
use crate::limit::{DATABASE_BUSY, READERS, WRITE_AHEAD_BYTES, WRITES_QUEUED};
use crate::migration::Schema;

/// Older ones lose commits when a checkpoint races a writer in WAL mode. Source: SQLite release notes 3.51.3.
const SQLITE_OLDEST: i32 = 3_051_003;

/// How a write ends: what it answers, and whether what it wrote stays.
pub(crate) enum Ending<T> {
    Commit(T),
    RollBack(T),
}

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// An open database. Dropping it waits for the write under way and closes the file.
pub(crate) struct Database {
    writes: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    readers: Arc<Mutex<Vec<Connection>>>,
    /// One permit for each connection in `readers`.
    permits: Arc<Semaphore>,
}

impl Database {
    /// Opens the file, making it if it is not there, brings it to the schema's newest form, and lets `check` look before anybody else does.
    pub(crate) fn open(path: &Path, schema: &Schema, check: impl FnOnce(&Connection) -> Result<(), Fault>) -> Result<Self, Fault> {
        if rusqlite::version_number() < SQLITE_OLDEST {
            return Err(Fault::Damaged(format!("SQLite {} loses commits: 3.51.3 or newer is needed", rusqlite::version())));
        }
        // SQLite gives its other files the mode of this one.
        folder::open_file(path)?;
        let mut connection =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        prepare_writer(&connection)?;
        schema.apply(&mut connection)?;
        check(&connection)?;
        let readers = (0..READERS).map(|_| open_reader(path)).collect::<Result<_, _>>()?;

        let (writes, jobs) = mpsc::channel(WRITES_QUEUED);
        let writer = std::thread::Builder::new()
            .name(format!("{} writer", schema.name))
            .spawn(move || write_until_closed(connection, jobs))?;
        Ok(Self {
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
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Nobody listens if the caller went away; what was done stays done.
            let _ = answer.send(transact(connection, work));
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

    /// Waits until everybody who reads now is done: whoever reads after this call sees what was committed before it.
    pub(crate) async fn readers_done(&self) {
        let all = u32::try_from(READERS).expect("a few");
        drop(self.permits.acquire_many(all).await.expect("the semaphore is never closed"));
    }
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

fn write_until_closed(mut connection: Connection, mut jobs: mpsc::Receiver<Job>) {
    while let Some(job) = jobs.blocking_recv() {
        job(&mut connection);
    }
}

fn transact<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Result<Ending<T>, Fault>) -> Result<T, Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match work(&transaction)? {
        Ending::Commit(answer) => {
            transaction.commit()?;
            Ok(answer)
        }
        Ending::RollBack(answer) => {
            transaction.rollback()?;
            Ok(answer)
        }
    }
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
