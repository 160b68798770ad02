//! A write is one closure with its context: it gets the connection, the time, ids, URLs and the owner, and the commit
//! wakes the workers for which it has queued something.

use std::cell::Cell;
use std::ops::Deref;
use std::sync::Arc;

use super::context::Domain;
use super::local_actors::{InstanceActor, Owner};
use super::signal::Worker;
use super::urls::Site;
use crate::error::{Error, Result};
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::queues::jobs::{self, Cause, Task};
use crate::store::statuses;

/// A write transaction and its context. It derefs to the connection.
pub struct Tx<'a> {
    conn: &'a Conn,
    domain: &'a Domain,
    wakes: Wakes,
}

/// The workers to wake after the commit.
#[derive(Default)]
struct Wakes {
    delivery: Cell<bool>,
    inbox: Cell<bool>,
    jobs: Cell<bool>,
}

impl Wakes {
    fn cell(&self, worker: Worker) -> &Cell<bool> {
        match worker {
            Worker::Delivery => &self.delivery,
            Worker::Inbox => &self.inbox,
            Worker::Jobs => &self.jobs,
        }
    }
}

impl Deref for Tx<'_> {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl<'a> Tx<'a> {
    /// A write whose caller wakes the workers itself.
    pub(crate) fn unmanaged(conn: &'a Conn, domain: &'a Domain) -> Self {
        Self { conn, domain, wakes: Wakes::default() }
    }

    /// The shared context.
    pub fn domain(&self) -> &'a Domain {
        self.domain
    }

    /// The address of this server.
    pub fn site(&self) -> &'a Site {
        &self.domain.site
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.domain.now()
    }

    /// The next id.
    pub fn next_id(&self) -> i64 {
        self.domain.next_id()
    }

    /// The next id that no status has. A remote status may have the next id itself: it gets the first free one of the
    /// millisecond in which it was published.
    pub(super) fn next_status_id(&self) -> Result<StatusId> {
        loop {
            let id = StatusId(self.next_id());
            if !statuses::is_taken(self, id)? {
                return Ok(id);
            }
        }
    }

    /// The owner.
    ///
    /// # Errors
    /// [`Error::NotFound`] before the server is set up.
    pub fn owner(&self) -> Result<Owner> {
        self.domain.owner()
    }

    /// The instance actor.
    ///
    /// # Errors
    /// [`Error::NotFound`] before the first start.
    pub fn instance(&self) -> Result<InstanceActor> {
        self.domain.instance()
    }

    /// Queues a job that is due at this time.
    pub fn queue_job(&self, task: &Task, due: Timestamp) -> Result<()> {
        self.wake(Worker::Jobs);
        jobs::enqueue(self, task, due)
    }

    /// Queues a job of the owner whose input this write changes: it runs once more if it is being worked on just now.
    pub fn queue_job_again(&self, task: &Task) -> Result<()> {
        self.wake(Worker::Jobs);
        jobs::enqueue_again(self, task, Cause::Owner, self.now())
    }

    /// Wakes a worker after the commit, because a row waits for it.
    pub(crate) fn wake(&self, worker: Worker) {
        self.wakes.cell(worker).set(true);
    }
}

/// Whether cached pages show what a write changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Shown,
    Hidden,
}

impl Domain {
    /// Runs a write and waits until it is on disk, then wakes the workers for which it has queued something. An error
    /// undoes the whole write.
    ///
    /// # Errors
    /// Those of `f`, and [`Error::Busy`] if too many writes wait.
    pub fn transact<T, F>(self: &Arc<Self>, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.run(Effect::Shown, f)
    }

    /// Runs a write that no page shows (queues, times of use), as [`Domain::transact`] does. Cached pages stay valid.
    ///
    /// # Errors
    /// As [`Domain::transact`].
    pub fn transact_quietly<T, F>(self: &Arc<Self>, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.run(Effect::Hidden, f)
    }

    fn run<T, F>(self: &Arc<Self>, effect: Effect, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T> + Send + 'static,
    {
        let domain = Arc::clone(self);
        let write = move |conn: &Conn| {
            let tx = Tx::unmanaged(conn, &domain);
            let value = f(&tx)?;
            Ok((value, tx.wakes))
        };
        let (value, wakes) = match effect {
            Effect::Shown => self.store.write(write)?,
            Effect::Hidden => self.store.write_quietly(write)?,
        };
        for worker in [Worker::Delivery, Worker::Inbox, Worker::Jobs] {
            if wakes.cell(worker).get() {
                self.signals.notify(worker);
            }
        }
        Ok(value)
    }

    /// Runs a write, returns its result, and undoes it.
    ///
    /// # Errors
    /// Those of `f`, and [`Error::Busy`] if too many writes wait.
    pub fn dry_run<T, F>(self: &Arc<Self>, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T> + Send + 'static,
    {
        let domain = Arc::clone(self);
        let (result, outcome) = std::sync::mpsc::channel();
        let undone = self.store.write_quietly(move |conn| -> Result<()> {
            // The receiver waits below; the error makes the writer undo the write.
            let _ = result.send(f(&Tx::unmanaged(conn, &domain)));
            Err(Error::Conflict("dry run".into()))
        });
        outcome.try_recv().unwrap_or_else(|_| match undone {
            Err(e) => Err(e),
            Ok(()) => Err(Error::internal("a dry run had no result")),
        })
    }
}
