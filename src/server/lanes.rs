//! Threads for handlers. Some are reserved for the owner, whom a check on threads of its own identifies; sign-ins wait
//! for their turn without holding a thread.

use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::Server;
use crate::error::{Error, Result};
use crate::limits;
use crate::store::database::connection;

/// The places on handler threads.
pub(super) struct Lanes {
    shared: Semaphore,
    waiting: Semaphore,
    reserved: Semaphore,
    checks: Semaphore,
    checks_waiting: Semaphore,
    sign_ins: Semaphore,
    sign_ins_waiting: Semaphore,
    known_sign_ins: Semaphore,
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            shared: Semaphore::new(limits::HANDLER_THREADS),
            waiting: Semaphore::new(limits::WAITING_REQUESTS),
            reserved: Semaphore::new(limits::HANDLER_THREADS_FOR_OWNER),
            checks: Semaphore::new(limits::OWNER_CHECK_THREADS),
            checks_waiting: Semaphore::new(limits::WAITING_REQUESTS),
            sign_ins: Semaphore::new(1),
            sign_ins_waiting: Semaphore::new(limits::WAITING_SIGN_INS),
            known_sign_ins: Semaphore::new(1),
        }
    }
}

/// Who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Browser {
    /// One in which the owner has signed in before.
    Known,
    /// Any other.
    New,
}

fn busy() -> Error {
    Error::Busy { retry_after: limits::BUSY_RETRY_AFTER }
}

impl Lanes {
    /// A place for a handler, if one is free now.
    pub(super) fn free(&self) -> Option<SemaphorePermit<'_>> {
        self.shared.try_acquire().ok()
    }

    /// Waits for a place like everybody else.
    pub(super) async fn shared(&self) -> Result<SemaphorePermit<'_>> {
        let _waiting = self.waiting.try_acquire().map_err(|_| busy())?;
        self.shared.acquire().await.map_err(|_| busy())
    }

    /// Waits for a place of the owner, or one of all if that is free sooner.
    pub(super) async fn owners(&self) -> Result<SemaphorePermit<'_>> {
        let place = tokio::select! {
            place = self.reserved.acquire() => place,
            place = self.shared.acquire() => place,
        };
        place.map_err(|_| busy())
    }

    /// Waits for the turn to check a password: one for browsers in which the owner has signed in before, one for all
    /// others, who are served in the order in which they came.
    pub(super) async fn sign_in(&self, browser: Browser) -> Result<SemaphorePermit<'_>> {
        if browser == Browser::Known {
            return self.known_sign_ins.acquire().await.map_err(|_| busy());
        }
        let _waiting = self.sign_ins_waiting.try_acquire().map_err(|_| busy())?;
        self.sign_ins.acquire().await.map_err(|_| busy())
    }
}

/// Runs a short check, which only looks something up, on a thread of its own.
pub(super) async fn check<T: Send + 'static>(
    server: &Arc<Server>,
    work: impl FnOnce(&Server) -> T + Send + 'static,
) -> Result<T> {
    let _waiting = server.lanes.checks_waiting.try_acquire().map_err(|_| busy())?;
    let _place = server.lanes.checks.acquire().await.map_err(|_| busy())?;
    blocking(server, move |server| connection::with_reserved_reader(|| work(server))).await
}

/// Runs something on a blocking thread, for which the caller has a place.
pub(super) async fn blocking<T: Send + 'static>(
    server: &Arc<Server>,
    work: impl FnOnce(&Server) -> T + Send + 'static,
) -> Result<T> {
    let shared = server.clone();
    let ran = tokio::task::spawn_blocking(move || work(&shared)).await;
    ran.map_err(|_| Error::internal("a handler was cancelled"))
}
