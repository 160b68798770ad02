//! The database: one writer thread that groups commits, and a pool of readers.
//!
//! `synchronous=FULL` makes every commit survive a power cut at the price of one fsync, so the writer takes all
//! that waits (up to [`GROUP`] jobs) into one transaction, each in a savepoint of its own: one failure undoes only
//! itself, and nobody is answered before the group is on disk.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::migrations;
use crate::error::{Error, Result, StorageError, StorageProblem, contained};

/// A connection or an open transaction: what every query runs on.
pub type Conn = Connection;

/// Jobs that may share one transaction.
const GROUP: usize = 64;
/// Jobs that may wait for the writer.
const WAITING: usize = 1_024;
/// Read connections.
const READERS: u32 = 4;
/// Read connections that only the owner's requests use, when all others are taken.
const READERS_OF_OWNER: u32 = 2;

std::thread_local! {
    static RESERVED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Runs something on this thread that may read through the connections reserved for the owner.
pub fn with_reserved_reader<T>(work: impl FnOnce() -> T) -> T {
    struct Reset(bool);
    impl Drop for Reset {
        fn drop(&mut self) {
            RESERVED.set(self.0);
        }
    }
    let _reset = Reset(RESERVED.replace(true));
    work()
}
/// How long another process may hold the write lock before we give up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Called with the fate of the group once it is known.
type Finish = Box<dyn FnOnce(Result<(), &Error>)>;
/// Runs inside the group's transaction, or without one if none could begin.
type Run = Box<dyn FnOnce(Option<&mut Transaction<'_>>) -> Finish + Send>;

/// Whether rendered pages may show what a write changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Shown,
    Unseen,
}

struct Job {
    run: Run,
    effect: Effect,
}

/// The database of one server.
#[derive(Clone)]
pub struct Store {
    writer: Arc<Writer>,
    readers: r2d2::Pool<Readers>,
    owner_readers: r2d2::Pool<Readers>,
    generation: Arc<AtomicU64>,
}

struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // The writer finishes what waits and closes the file; a panic there was already reported.
            let _ = thread.join();
        }
    }
}

/// Opens read-only connections for r2d2.
struct Readers {
    path: PathBuf,
}

impl r2d2::ManageConnection for Readers {
    type Connection = Connection;
    type Error = rusqlite::Error;

    fn connect(&self) -> Result<Connection, rusqlite::Error> {
        let conn = Connection::open_with_flags(
            &self.path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        prepare_connection(&conn, -4_000)?;
        conn.pragma_update(None, "query_only", true)?;
        #[cfg(debug_assertions)]
        statements::count(&conn);
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut Connection) -> Result<(), rusqlite::Error> {
        conn.prepare_cached("SELECT 1")?.query_row([], |_| Ok(()))
    }

    fn has_broken(&self, _: &mut Connection) -> bool {
        false
    }
}

/// Counts statements, in debug builds: a test compares pages of different length.
#[cfg(debug_assertions)]
pub mod statements {
    use std::cell::Cell;

    use rusqlite::Connection;
    use rusqlite::trace::{TraceEvent, TraceEventCodes};

    thread_local! {
        static BEGUN: Cell<u64> = const { Cell::new(0) };
    }

    /// How many statements reads on this thread have begun.
    pub fn begun() -> u64 {
        BEGUN.get()
    }

    pub(crate) fn count(conn: &Connection) {
        conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note));
    }

    fn note(event: TraceEvent<'_>) {
        // What FTS5 reads of its own tables depends on how its index is laid out.
        if matches!(event, TraceEvent::Stmt(_, sql) if !sql.contains("status_search_")) {
            BEGUN.set(BEGUN.get() + 1);
        }
    }
}

/// The name of the database file in the data directory.
pub const FILE: &str = "dassie.db";

impl Store {
    /// Opens (or makes) the database in `dir` and brings it to the present schema.
    ///
    /// # Errors
    /// When the directory cannot be used, or the file was written by a newer Dassie.
    pub fn open(dir: &Path) -> Result<Self> {
        make_private_dir(dir)?;
        let path = dir.join(FILE);
        let conn = open_writer(&path).map_err(|e| e.at(&path))?;
        let generation = Arc::new(AtomicU64::new(0));
        let (jobs, waiting) = sync_channel(WAITING);
        let shared = generation.clone();
        let write = move || write_loop(conn, &waiting, &shared);
        let thread = std::thread::Builder::new().name("writer".into()).spawn(write)?;
        let pool = |size, idle| {
            r2d2::Pool::builder()
                .max_size(size)
                .min_idle(Some(idle))
                .test_on_check_out(false)
                .connection_timeout(Duration::from_secs(10))
                .build(Readers { path: path.clone() })
                .map_err(|e| Error::internal(e.to_string()).at(&path))
        };
        let (readers, owner_readers) = (pool(READERS, 1)?, pool(READERS_OF_OWNER, 0)?);
        Ok(Self {
            writer: Arc::new(Writer { jobs: Some(jobs), thread: Some(thread) }),
            readers,
            owner_readers,
            generation,
        })
    }

    /// Runs `f` in the writer and waits until its effects are on disk. An error undoes all that `f` did.
    ///
    /// # Errors
    /// What `f` answers, or [`Error::Busy`] when too much waits.
    pub fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Conn) -> Result<T> + Send + 'static,
    {
        self.run(Effect::Shown, f)
    }

    /// Like [`Store::write`] for bookkeeping that no page shows (queues, times of use): the rendered pages in
    /// memory stay good.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_quietly<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Conn) -> Result<T> + Send + 'static,
    {
        self.run(Effect::Unseen, f)
    }

    fn run<T, F>(&self, effect: Effect, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Conn) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = sync_channel::<Result<T>>(1);
        let run: Run = Box::new(move |tx| {
            let outcome = tx.map_or_else(|| Err(stopped()), |tx| in_savepoint(tx, f));
            Box::new(move |committed| {
                let outcome = match (committed, outcome) {
                    (Ok(()), outcome) => outcome,
                    // What a job itself found wrong with the disk says more than that the group failed.
                    (Err(_), Err(own @ Error::Storage(_))) => Err(own),
                    (Err(Error::Storage(e)), _) => Err(Error::Storage(e.clone())),
                    (Err(Error::Busy { retry_after }), _) => Err(Error::Busy { retry_after: *retry_after }),
                    (Err(e), _) => Err(Error::internal(format!("the database could not commit: {e}"))),
                };
                // Whoever asked may have gone away; the effect stands all the same.
                let _ = reply.send(outcome);
            })
        });
        let Some(jobs) = &self.writer.jobs else { return Err(stopped()) };
        match jobs.try_send(Job { run, effect }) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Error::Busy { retry_after: crate::limits::BUSY_RETRY_AFTER }),
            Err(TrySendError::Disconnected(_)) => return Err(stopped()),
        }
        answer.recv().map_err(|_| stopped())?
    }

    /// Runs `f` on a read-only connection with one consistent view of the data.
    ///
    /// # Errors
    /// What `f` answers, or [`Error::Busy`] when no connection becomes free.
    pub fn read<T>(&self, f: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.reader().get().map_err(|_| Error::Busy { retry_after: crate::limits::BUSY_RETRY_AFTER })?;
        let snapshot = conn.transaction_with_behavior(TransactionBehavior::Deferred)?;
        f(&snapshot)
    }

    fn reader(&self) -> &r2d2::Pool<Readers> {
        let are_taken = || {
            let state = self.readers.state();
            state.idle_connections == 0 && state.connections >= READERS
        };
        if RESERVED.get() && are_taken() { &self.owner_readers } else { &self.readers }
    }

    /// Grows with every write that a page may show. What was rendered at one generation is good while it lasts. `None`
    /// while such a write is being committed: then nobody knows whether a page shows it.
    pub fn generation(&self) -> Option<u64> {
        Some(self.generation.load(Ordering::Acquire)).filter(|g| g % 2 == 0)
    }

    /// Says that something a page may show has changed, perhaps in another process.
    pub fn touch(&self) {
        self.generation.fetch_add(2, Ordering::AcqRel);
    }

    /// SQLite's own counter of changes made by other connections, seen from one reader.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn watch(&self) -> Result<Watch> {
        let conn = self.readers.get().map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Watch { conn, last: 0 })
    }
}

/// Notices commits, whichever process made them.
pub struct Watch {
    conn: r2d2::PooledConnection<Readers>,
    last: i64,
}

impl Watch {
    /// True if anything was committed since the last call.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn changed(&mut self) -> Result<bool> {
        let now: i64 = self.conn.query_row("PRAGMA data_version", [], |r| r.get(0))?;
        Ok(std::mem::replace(&mut self.last, now) != now)
    }
}

fn stopped() -> Error {
    Error::internal("the database writer has stopped")
}

fn write_loop(mut conn: Connection, waiting: &Receiver<Job>, generation: &AtomicU64) {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            match waiting.try_recv() {
                Ok(job) => group.push(job),
                Err(_) => break,
            }
        }
        write_group(&mut conn, group, generation);
    }
    if let Err(e) = conn.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);") {
        tracing::warn!(error = %e, "could not fold the write-ahead log into the database at the end");
    }
}

/// Runs jobs in one transaction, and again in others while a failure of the disk has ended one early.
fn write_group(conn: &mut Connection, group: Vec<Job>, generation: &AtomicU64) {
    let mut jobs = group.into_iter();
    while jobs.len() > 0 {
        let mut finishes: Vec<Finish> = Vec::with_capacity(jobs.len());
        let committed = transact(conn, &mut jobs, &mut finishes, generation);
        if let Err(e) = &committed {
            tracing::error!(error = %e, writes = finishes.len(), "the database could not commit");
        }
        for finish in finishes {
            finish(committed.as_ref().copied());
        }
    }
}

fn transact(
    conn: &mut Connection,
    jobs: &mut std::vec::IntoIter<Job>,
    finishes: &mut Vec<Finish>,
    generation: &AtomicU64,
) -> Result<()> {
    let mut tx = match conn.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(tx) => tx,
        Err(e) => {
            finishes.extend(jobs.map(|job| (job.run)(None)));
            return Err(e.into());
        }
    };
    let mut is_shown = false;
    for job in jobs {
        is_shown |= job.effect == Effect::Shown;
        finishes.push((job.run)(Some(&mut tx)));
        if tx.is_autocommit() {
            // SQLite rolls everything back itself when the disk is full or fails.
            return Err(Error::Busy { retry_after: crate::limits::LOCKED_RETRY_AFTER });
        }
    }
    // Odd from before the commit until after it, see `Store::generation`.
    let step = u64::from(is_shown);
    generation.fetch_add(step, Ordering::AcqRel);
    let committed = tx.commit();
    generation.fetch_add(step, Ordering::AcqRel);
    Ok(committed?)
}

/// A panic in one job must cost neither the others nor the writer.
fn in_savepoint<T>(tx: &mut Transaction<'_>, f: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
    let savepoint = tx.savepoint()?;
    match contained(|| f(&savepoint)) {
        Ok(value) => {
            savepoint.commit()?;
            Ok(value)
        }
        Err(e) => {
            // The error of the job says more than that there is nothing left to undo.
            if let Err(undo) = savepoint.finish() {
                tracing::debug!(error = %undo, "a failed write was rolled back already");
            }
            Err(e)
        }
    }
}

/// Runs `f` so that its failure undoes only what it did, inside a write that goes on.
///
/// # Errors
/// What `f` answers, or a fault of the database.
pub fn savepoint<T>(conn: &Conn, f: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
    conn.execute_batch("SAVEPOINT part")?;
    match contained(|| f(conn)) {
        Ok(value) => {
            conn.execute_batch("RELEASE part")?;
            Ok(value)
        }
        Err(e) => {
            if !conn.is_autocommit() {
                conn.execute_batch("ROLLBACK TO part; RELEASE part")?;
            }
            Err(e)
        }
    }
}

/// Opens the file and brings it to the present schema.
fn open_writer(path: &Path) -> Result<Connection> {
    // SQLite itself only says that it cannot open the file.
    File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(|e| Error::file(path, &e))?;
    let mut conn = Connection::open(path)?;
    make_private_file(path)?;
    // The lock of another process, such as a backup, is waited for.
    conn.busy_timeout(BUSY_TIMEOUT)?;
    migrations::check_origin(&conn)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    prepare_connection(&conn, -8_000)?;
    migrations::run(&mut conn)?;
    Ok(conn)
}

fn prepare_connection(conn: &Connection, cache_size: i64) -> Result<(), rusqlite::Error> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", cache_size)?;
    conn.set_prepared_statement_cache_capacity(160);
    Ok(())
}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let problem = match e.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StorageProblem::Locked,
            Some(ErrorCode::DiskFull) => StorageProblem::Full,
            Some(ErrorCode::ReadOnly) => StorageProblem::ReadOnly,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => StorageProblem::Failed,
            Some(ErrorCode::DatabaseCorrupt) => StorageProblem::Damaged,
            Some(ErrorCode::NotADatabase) => StorageProblem::Foreign,
            _ => return Self::Internal(Box::new(e)),
        };
        Self::Storage(StorageError { problem, path: None, cause: e.to_string() })
    }
}

fn make_private_dir(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).map_err(|e| match e.kind() {
        // A file of that name.
        std::io::ErrorKind::AlreadyExists => Error::file(dir, &std::io::ErrorKind::NotADirectory.into()),
        _ => Error::file(dir, &e),
    })?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Another user's directory can still be readable for us; then its owner decides about its mode.
        let _ = fs::set_permissions(dir, fs::Permissions::from_mode(0o700));
    }
    Ok(())
}

fn make_private_file(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(|e| Error::file(path, &e))?;
    }
    Ok(())
}

/// Held while a server runs on a data directory; a second one is refused.
pub struct DirLock {
    _file: File,
}

impl DirLock {
    /// Takes the lock.
    ///
    /// # Errors
    /// [`Error::Conflict`] when another server holds it.
    pub fn take(dir: &Path) -> Result<Self> {
        make_private_dir(dir)?;
        let path = dir.join("dassie.lock");
        let open = File::options().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(|e| Error::file(&path, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(Error::Conflict(
                format!("another Dassie already runs on {}; stop it first, or name another --data", dir.display())
                    .into(),
            )),
            Err(fs::TryLockError::Error(e)) => Err(Error::file(&path, &e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        (dir, store)
    }

    #[test]
    fn a_failed_write_undoes_only_itself() {
        let (_dir, store) = store();
        let set = |key: &'static str, fail: bool| {
            store.write(move |c| {
                super::super::settings::set(c, key, "1")?;
                if fail { Err(Error::NotFound) } else { Ok(()) }
            })
        };
        set("a", false).unwrap();
        assert!(matches!(set("b", true), Err(Error::NotFound)));
        assert!(store.write(|_| -> Result<()> { panic!("boom") }).is_err());
        set("c", false).unwrap();
        let get = |key| store.read(|c| super::super::settings::get(c, key)).unwrap();
        assert_eq!((get("a"), get("b"), get("c")), (Some("1".into()), None, Some("1".into())));
    }

    #[test]
    fn many_writers_share_commits_and_none_is_lost() {
        let (_dir, store) = store();
        std::thread::scope(|s| {
            for t in 0..8 {
                let store = store.clone();
                s.spawn(move || {
                    for i in 0..50 {
                        store.write(move |c| super::super::settings::set(c, &format!("{t}/{i}"), "x")).unwrap();
                    }
                });
            }
        });
        let count: i64 = store.read(|c| Ok(c.query_row("SELECT count(*) FROM settings", [], |r| r.get(0))?)).unwrap();
        assert_eq!(count, 400);
    }

    #[test]
    fn a_second_server_is_refused_and_readers_cannot_write() {
        let (dir, store) = store();
        let _lock = DirLock::take(dir.path()).unwrap();
        assert!(matches!(DirLock::take(dir.path()), Err(Error::Conflict(_))));
        assert!(store.read(|c| super::super::settings::set(c, "a", "b")).is_err());
    }
}
