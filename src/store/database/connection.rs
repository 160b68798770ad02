//! The database file and its read connections.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use scheduled_thread_pool::ScheduledThreadPool;
use tokio::sync::broadcast;

use super::events::{Batch, StoreEvent};
use super::migrations;
use super::search_queue;
#[cfg(debug_assertions)]
use super::statements;
use super::writer::{Commits, Effect, Writer, blocking};
use crate::error::{Error, Result, StorageError, StorageProblem};

/// A connection or an open transaction: what every query runs on.
pub type Conn = Connection;

/// Read connections.
const READERS: u32 = 4;
/// Read connections that only requests of the owner use, while all others are in use.
const READERS_OF_OWNER: u32 = 2;
/// The page cache of a connection in KiB, negated as SQLite has it. More pages are in the cache of the system.
const READER_CACHE: i64 = -2_000;
/// The page cache of the writer, which holds what a commit changes.
const WRITER_CACHE: i64 = -4_000;
/// How long a read connection that is not needed stays open. Each holds its own schema and pages, up to 2.5 MB.
const READER_IDLE: Duration = Duration::from_secs(60);
/// How many reads in a second wait for a connection before another one is opened, and for how long.
const SHORT_WAITS: u32 = 16;
const SHORT_WAIT_STEPS: u32 = 5;
const SHORT_WAIT_STEP: Duration = Duration::from_millis(1);
/// How long a connection waits for the write lock of another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Prepared statements that a connection keeps; above the number of different statements in use.
const CACHED_STATEMENTS: usize = 256;

/// The name of the database file in the data directory.
pub const FILE: &str = "dassie.db";

std::thread_local! {
    static RESERVED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Runs `work` on this thread and lets it use the read connections that are reserved for the owner.
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

/// Opens and closes connections of all pools. By default each pool has three threads for that.
static POOL_WORKER: LazyLock<Arc<ScheduledThreadPool>> =
    LazyLock::new(|| Arc::new(ScheduledThreadPool::builder().num_threads(1).thread_name_pattern("readers").build()));

/// The database of one server.
#[derive(Clone)]
pub struct Store {
    writer: Arc<Writer>,
    readers: r2d2::Pool<Readers>,
    owner_readers: r2d2::Pool<Readers>,
    short_waits: Arc<ShortWaits>,
    commits: Arc<Commits>,
    path: PathBuf,
}

/// Counts the reads in one second that found no free connection. A few wait for one, because most reads end sooner than
/// another connection can be opened: the workers look for work at about the same time and need one connection, not four. Only
/// under load further ones are opened.
struct ShortWaits(Mutex<(Instant, u32)>);

impl ShortWaits {
    fn connection(&self, pool: &r2d2::Pool<Readers>) -> Result<r2d2::PooledConnection<Readers>, r2d2::Error> {
        if (1..pool.max_size()).contains(&pool.state().connections) && self.is_seldom() {
            for _ in 0..SHORT_WAIT_STEPS {
                std::thread::sleep(SHORT_WAIT_STEP);
                if let Some(conn) = pool.try_get() {
                    return Ok(conn);
                }
            }
        }
        pool.get()
    }

    /// Counts one more read in the present second.
    fn is_seldom(&self) -> bool {
        let mut second = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if second.0.elapsed() > Duration::from_secs(1) {
            *second = (Instant::now(), 0);
        }
        second.1 += 1;
        second.1 <= SHORT_WAITS
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
        let conn = open_read_only(&self.path)?;
        prepare_connection(&conn, READER_CACHE)?;
        conn.pragma_update(None, "query_only", true)?;
        #[cfg(debug_assertions)]
        statements::trace(&conn);
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut Connection) -> Result<(), rusqlite::Error> {
        conn.prepare_cached("SELECT 1")?.query_row([], |_| Ok(()))
    }

    fn has_broken(&self, _: &mut Connection) -> bool {
        false
    }
}

/// A read transaction. It ends when this is dropped, also by a panic: the connection goes back to the pool.
struct Snapshot<'c>(&'c Connection);

impl<'c> Snapshot<'c> {
    /// Begins with a cached statement, which [`rusqlite::Transaction`] does not have.
    fn begin(conn: &'c Connection) -> rusqlite::Result<Self> {
        conn.prepare_cached("BEGIN DEFERRED")?.execute([])?;
        Ok(Self(conn))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        let ended = self.0.prepare_cached("ROLLBACK").and_then(|mut rollback| rollback.execute([]));
        if let Err(e) = ended {
            tracing::error!(error = %e, "a read transaction could not be ended");
        }
    }
}

impl Store {
    /// Opens or creates the database in `dir` and brings it to the present schema.
    ///
    /// # Errors
    /// If the directory cannot be used, or if a newer Dassie or another program wrote the file.
    pub fn open(dir: &Path) -> Result<Self> {
        make_private_dir(dir)?;
        let path = dir.join(FILE);
        let conn = open_writer(&path).map_err(|e| e.at(&path))?;
        let commits = Arc::<Commits>::default();
        let writer = Writer::start(conn, commits.clone())?;
        let pool = |size| {
            r2d2::Pool::builder()
                .max_size(size)
                // With more, another connection is opened whenever the last idle one is taken.
                .min_idle(Some(0))
                .idle_timeout(Some(READER_IDLE))
                .thread_pool(POOL_WORKER.clone())
                .test_on_check_out(false)
                .connection_timeout(Duration::from_secs(10))
                .build(Readers { path: path.clone() })
                .map_err(|e| Error::internal(e.to_string()).at(&path))
        };
        let (readers, owner_readers) = (pool(READERS)?, pool(READERS_OF_OWNER)?);
        let short_waits = Arc::new(ShortWaits(Mutex::new((Instant::now(), 0))));
        Ok(Self { writer: Arc::new(writer), readers, owner_readers, short_waits, commits, path })
    }

    /// Runs `f` on the writer thread and waits until its effects are on disk. If `f` returns an error, its effects are undone.
    ///
    /// # Errors
    /// The error of `f`, or [`Error::Busy`] if the queue of the writer is full.
    pub fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Conn) -> Result<T> + Send + 'static,
    {
        self.writer.run(Effect::Visible, f)
    }

    /// Like [`Store::write`], for bookkeeping that no page shows, such as queues and times of use. Rendered pages in memory
    /// stay valid.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_quietly<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Conn) -> Result<T> + Send + 'static,
    {
        self.writer.run(Effect::Bookkeeping, f)
    }

    /// Runs `f` on a read-only connection with one consistent view of the data.
    ///
    /// # Errors
    /// The error of `f`, or [`Error::Busy`] if no connection becomes free in time.
    pub fn read<T>(&self, f: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
        let pool = self.reader();
        let conn = match pool.try_get() {
            Some(conn) => Ok(conn),
            None => blocking(|| self.short_waits.connection(pool)),
        };
        let conn = conn.map_err(|_| Error::Busy { retry_after: crate::limits::BUSY_RETRY_AFTER })?;
        let snapshot = Snapshot::begin(&conn)?;
        f(snapshot.0)
    }

    /// Ends writing: waits for the writes that were accepted, and writes the log back into the database file, which then
    /// contains everything. Later writes fail; reads go on.
    pub fn close(&self) {
        self.writer.close();
    }

    fn reader(&self) -> &r2d2::Pool<Readers> {
        let are_in_use = || {
            let state = self.readers.state();
            state.idle_connections == 0 && state.connections >= READERS
        };
        if RESERVED.get() && are_in_use() { &self.owner_readers } else { &self.readers }
    }

    /// The size of the database file in bytes.
    pub fn size(&self) -> Result<u64> {
        let number = |c: &Conn, pragma: &str| -> Result<i64> { Ok(c.query_row(pragma, [], |r| r.get(0))?) };
        let (pages, size) = self.read(|c| Ok((number(c, "PRAGMA page_count")?, number(c, "PRAGMA page_size")?)))?;
        Ok(u64::try_from(pages.saturating_mul(size)).unwrap_or_default())
    }

    /// Grows with every write that a page may show. What was rendered at one generation is valid until it changes. Returns
    /// `None` while such a write is being committed, because it is unknown whether a page shows it.
    pub fn generation(&self) -> Option<u64> {
        Some(self.commits.generation.load(Ordering::Acquire)).filter(|g| g % 2 == 0)
    }

    /// Starts a new generation because something that a page may show has changed, perhaps in another process.
    pub fn touch(&self) {
        self.commits.generation.fetch_add(2, Ordering::AcqRel);
        self.commits.publish(vec![StoreEvent::Elsewhere]);
    }

    /// The events of all commits from now on, in order.
    pub fn events(&self) -> broadcast::Receiver<Batch> {
        self.commits.subscribe()
    }

    /// Watches for changes by other connections.
    pub fn watch(&self) -> Result<Watch> {
        let conn = open_read_only(&self.path)?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        Ok(Watch { conn, last: 0 })
    }
}

/// Detects commits by any process, on a connection that reads no schema and no pages.
pub struct Watch {
    conn: Connection,
    last: i64,
}

impl Watch {
    /// Returns `true` if anything was committed since the last call.
    pub fn changed(&mut self) -> Result<bool> {
        let now: i64 = self.conn.query_row("PRAGMA data_version", [], |r| r.get(0))?;
        Ok(std::mem::replace(&mut self.last, now) != now)
    }
}

/// Opens the file and brings it to the present schema.
fn open_writer(path: &Path) -> Result<Connection> {
    // The error of SQLite does not name the reason why a file cannot be opened.
    File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(|e| Error::file(path, &e))?;
    let mut conn = Connection::open(path)?;
    make_private_file(path)?;
    // Waits for the lock of another process, such as a backup.
    conn.busy_timeout(BUSY_TIMEOUT)?;
    migrations::check_origin(&conn)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    prepare_connection(&conn, WRITER_CACHE)?;
    search_queue::create(&conn)?;
    migrations::run(&mut conn)?;
    #[cfg(debug_assertions)]
    statements::trace(&conn);
    Ok(conn)
}

fn open_read_only(path: &Path) -> Result<Connection, rusqlite::Error> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

fn prepare_connection(conn: &Connection, cache_size: i64) -> Result<(), rusqlite::Error> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", cache_size)?;
    // Without it, statements that a partial index may serve are compiled again whenever values are bound.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
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

/// Creates the data directory, readable for its owner alone.
pub(super) fn make_private_dir(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).map_err(|e| match e.kind() {
        // A file has this name.
        std::io::ErrorKind::AlreadyExists => Error::file(dir, &std::io::ErrorKind::NotADirectory.into()),
        _ => Error::file(dir, &e),
    })?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Another user may own the directory; then that user decides about its mode.
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
