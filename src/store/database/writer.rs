//! The writer thread: groups writes into transactions.
//!
//! `synchronous=FULL` makes every commit survive a power cut at the price of one fsync. So the writer takes all waiting jobs
//! (at most [`GROUP`]) into one transaction, each in its own savepoint: a failure undoes only the job that failed. A caller
//! gets its result after the group is on disk.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::broadcast;

use super::events::{self, StoreEvent};
use super::search_queue;
use crate::error::{Error, Result, contained};
use crate::{limits, write_guard};

/// Jobs that may share one transaction.
const GROUP: usize = 64;
/// Jobs that may wait for the writer.
const WAITING: usize = 1_024;
/// Commits whose events are kept for listeners. One that falls further behind is notified that it has missed some.
const EVENT_BATCHES: usize = 1_024;

/// Receives the outcome of the commit of a group.
type Finish = Box<dyn FnOnce(Result<(), &Error>)>;
/// Runs inside the transaction of the group, or without one if none could begin.
type Run = Box<dyn FnOnce(Option<&mut Transaction<'_>>) -> Finish + Send>;

/// Whether rendered pages may show what a write changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Visible,
    Bookkeeping,
}

/// What others see of the commits.
pub(super) struct Commits {
    /// Odd while a visible change is being committed, see `Store::generation`.
    pub(super) generation: AtomicU64,
    events: broadcast::Sender<events::Batch>,
}

impl Default for Commits {
    fn default() -> Self {
        Self { generation: AtomicU64::new(0), events: broadcast::Sender::new(EVENT_BATCHES) }
    }
}

impl Commits {
    /// The events of all commits from now on.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<events::Batch> {
        self.events.subscribe()
    }

    /// Publishes the events of a commit.
    pub(super) fn publish(&self, recorded: Vec<StoreEvent>) {
        if !recorded.is_empty() {
            // Without a listener they are not needed.
            let _ = self.events.send(recorded.into());
        }
    }
}

struct Job {
    run: Run,
    effect: Effect,
}

enum Message {
    Write(Job),
    Stop,
}

/// The thread that owns the only write connection.
pub(super) struct Writer {
    jobs: SyncSender<Message>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(conn: Connection, commits: Arc<Commits>) -> Result<Self> {
        let (jobs, waiting) = sync_channel(WAITING);
        let write = move || write_loop(conn, &waiting, &commits);
        let thread = std::thread::Builder::new().name("writer".into()).spawn(write)?;
        Ok(Self { jobs, thread: Mutex::new(Some(thread)) })
    }

    /// Finishes the waiting jobs, writes the log back into the database file, and closes the connection. Later jobs fail.
    pub(super) fn close(&self) {
        let thread = self.thread.lock().unwrap_or_else(|e| e.into_inner()).take();
        if let Some(thread) = thread {
            // If the thread has ended, it panicked, which was reported then.
            let _ = self.jobs.send(Message::Stop);
            let _ = thread.join();
        }
    }

    /// Runs `f` in the next transaction and waits for its commit.
    pub(super) fn run<T, F>(&self, effect: Effect, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = sync_channel::<Result<T>>(1);
        let run: Run = Box::new(move |tx| {
            let outcome = tx.map_or_else(|| Err(stopped()), |tx| savepoint(tx, f));
            Box::new(move |committed| {
                let outcome = match (committed, outcome) {
                    (Ok(()), outcome) => outcome,
                    // The storage error of the job itself names the cause more precisely than the failed commit.
                    (Err(_), Err(own @ Error::Storage(_))) => Err(own),
                    (Err(Error::Storage(e)), _) => Err(Error::Storage(e.clone())),
                    (Err(Error::Busy { retry_after }), _) => Err(Error::Busy { retry_after: *retry_after }),
                    (Err(e), _) => Err(Error::internal(format!("database commit failed: {e}"))),
                };
                // The caller may have gone away; the write is valid nevertheless.
                let _ = reply.send(outcome);
            })
        });
        match self.jobs.try_send(Message::Write(Job { run, effect })) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Error::Busy { retry_after: limits::BUSY_RETRY_AFTER }),
            Err(TrySendError::Disconnected(_)) => return Err(stopped()),
        }
        blocking(|| answer.recv()).map_err(|_| stopped())?
    }
}

/// Waits for something. A thread of the runtime first passes its other tasks to another thread.
pub(super) fn blocking<T>(wait: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(wait),
        _ => wait(),
    }
}

fn stopped() -> Error {
    Error::internal("the database writer has stopped")
}

fn write_loop(mut conn: Connection, waiting: &Receiver<Message>, commits: &Commits) {
    write_guard::mark_thread();
    let mut next = waiting.recv().ok();
    while let Some(Message::Write(first)) = next {
        let mut group = vec![first];
        next = None;
        while group.len() < GROUP && next.is_none() {
            match waiting.try_recv() {
                Ok(Message::Write(job)) => group.push(job),
                Ok(Message::Stop) => next = Some(Message::Stop),
                Err(_) => break,
            }
        }
        write_group(&mut conn, group, commits);
        next = next.or_else(|| waiting.recv().ok());
    }
    if let Err(e) = conn.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);") {
        tracing::warn!(error = %e, "WAL checkpoint at shutdown failed");
    }
}

/// Runs jobs in one transaction, and the rest in further ones if a failure of the disk ended the first early.
fn write_group(conn: &mut Connection, group: Vec<Job>, commits: &Commits) {
    let mut jobs = group.into_iter();
    while jobs.len() > 0 {
        let mut finishes: Vec<Finish> = Vec::with_capacity(jobs.len());
        events::begin();
        let committed = transact(conn, &mut jobs, &mut finishes, &commits.generation);
        let recorded = events::end();
        match &committed {
            Ok(()) => commits.publish(recorded),
            Err(e) => tracing::error!(error = %e, writes = finishes.len(), "database commit failed"),
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
    let mut is_visible = false;
    for job in jobs {
        is_visible |= job.effect == Effect::Visible;
        finishes.push((job.run)(Some(&mut tx)));
        if tx.is_autocommit() {
            // SQLite rolls back the whole transaction if the disk is full or fails.
            return Err(Error::Busy { retry_after: limits::LOCKED_RETRY_AFTER });
        }
    }
    search_queue::index_all(&tx)?;
    // Odd from before the commit until after it, see `Store::generation`.
    let step = u64::from(is_visible);
    generation.fetch_add(step, Ordering::AcqRel);
    let committed = tx.commit();
    generation.fetch_add(step, Ordering::AcqRel);
    Ok(committed?)
}

/// Runs `f` so that its failure undoes only its own effects, inside a write that continues. A panic of one job must not end
/// the other jobs or the writer.
///
/// # Errors
/// The error of `f`.
pub fn savepoint<T>(conn: &Connection, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    conn.prepare_cached("SAVEPOINT part")?.execute([])?;
    let mark = events::mark();
    match contained(|| f(conn)) {
        Ok(value) => {
            conn.prepare_cached("RELEASE part")?.execute([])?;
            Ok(value)
        }
        Err(e) => {
            events::undo_to(mark);
            if !conn.is_autocommit() {
                conn.execute_batch("ROLLBACK TO part; RELEASE part")?;
            }
            Err(e)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::connection::Store;
    use super::super::dir_lock::DirLock;
    use super::super::settings;
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
                settings::set(c, key, "1")?;
                if fail { Err(Error::NotFound) } else { Ok(()) }
            })
        };
        set("a", false).unwrap();
        assert!(matches!(set("b", true), Err(Error::NotFound)));
        assert!(store.write(|_| -> Result<()> { panic!("boom") }).is_err());
        set("c", false).unwrap();
        let get = |key| store.read(|c| settings::get(c, key)).unwrap();
        assert_eq!((get("a"), get("b"), get("c")), (Some("1".into()), None, Some("1".into())));
    }

    #[test]
    fn many_writers_share_commits_and_no_write_is_lost() {
        let (_dir, store) = store();
        std::thread::scope(|s| {
            for t in 0..8 {
                let store = store.clone();
                s.spawn(move || {
                    for i in 0..50 {
                        store.write(move |c| settings::set(c, &format!("{t}/{i}"), "x")).unwrap();
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
        assert!(store.read(|c| settings::set(c, "a", "b")).is_err());
    }

    /// Debug builds check all writes, so that every test notices one that does more than it should.
    #[test]
    #[cfg(debug_assertions)]
    fn a_write_that_processes_texts_fails() {
        use crate::protocol::activitystreams::{read_activity, read_actor, read_object};
        use crate::protocol::{html, json, markdown};
        let (_dir, store) = store();
        let works: [fn(); 6] = [
            || drop(html::clean("x")),
            || drop(json::parse(b"1")),
            || drop(markdown::find_mentions("x")),
            || drop(read_object(&serde_json::Value::Null)),
            || drop(read_activity(&serde_json::Value::Null)),
            || drop(read_actor(&serde_json::Value::Null)),
        ];
        for (n, work) in works.into_iter().enumerate() {
            work();
            let written = store.write(move |_| -> Result<()> {
                work();
                Ok(())
            });
            assert!(written.is_err(), "{n}");
        }
    }
}
