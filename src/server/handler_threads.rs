//! Permits for handler threads. Some are reserved for the owner, whom a look-up on other threads identifies; sign-ins wait
//! without holding a thread.

use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::{Error, Result};
use crate::limits;
use crate::store::database::connection;

/// The permits for handler threads.
pub(super) struct HandlerThreads {
    shared: Semaphore,
    waiting: Semaphore,
    reserved: Semaphore,
    look_ups: Semaphore,
    look_ups_waiting: Semaphore,
    sign_ins: Semaphore,
    sign_ins_waiting: Semaphore,
    known_sign_ins: Semaphore,
}

impl Default for HandlerThreads {
    fn default() -> Self {
        Self {
            shared: Semaphore::new(limits::HANDLER_THREADS),
            waiting: Semaphore::new(limits::WAITING_REQUESTS),
            reserved: Semaphore::new(limits::HANDLER_THREADS_FOR_OWNER),
            look_ups: Semaphore::new(limits::OWNER_CHECK_THREADS),
            look_ups_waiting: Semaphore::new(limits::WAITING_REQUESTS),
            sign_ins: Semaphore::new(1),
            sign_ins_waiting: Semaphore::new(limits::WAITING_SIGN_INS),
            known_sign_ins: Semaphore::new(1),
        }
    }
}

/// The browser of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Browser {
    /// The owner has signed in with it before.
    Known,
    /// Any other.
    New,
}

fn busy() -> Error {
    Error::Busy { retry_after: limits::BUSY_RETRY_AFTER }
}

impl HandlerThreads {
    /// A permit, or `None` if all are taken.
    pub(super) fn try_shared(&self) -> Option<SemaphorePermit<'_>> {
        self.shared.try_acquire().ok()
    }

    /// Waits for a permit.
    pub(super) async fn shared(&self) -> Result<SemaphorePermit<'_>> {
        let _waiting = self.waiting.try_acquire().map_err(|_| busy())?;
        self.shared.acquire().await.map_err(|_| busy())
    }

    /// Waits for a permit of the owner, or for a shared one if that is free sooner.
    pub(super) async fn owner(&self) -> Result<SemaphorePermit<'_>> {
        let permit = tokio::select! {
            permit = self.reserved.acquire() => permit,
            permit = self.shared.acquire() => permit,
        };
        permit.map_err(|_| busy())
    }

    /// Waits for the permit to check a password. Browsers in which the owner has signed in before have one of their own;
    /// all others are served in order of arrival.
    pub(super) async fn sign_in(&self, browser: Browser) -> Result<SemaphorePermit<'_>> {
        if browser == Browser::Known {
            return self.known_sign_ins.acquire().await.map_err(|_| busy());
        }
        let _waiting = self.sign_ins_waiting.try_acquire().map_err(|_| busy())?;
        self.sign_ins.acquire().await.map_err(|_| busy())
    }

    /// Runs a short look-up on a thread that is reserved for look-ups.
    pub(super) async fn look_up<S: Send + Sync + 'static, T: Send + 'static>(
        &self,
        server: &Arc<S>,
        work: impl FnOnce(&S) -> T + Send + 'static,
    ) -> Result<T> {
        let _waiting = self.look_ups_waiting.try_acquire().map_err(|_| busy())?;
        let _permit = self.look_ups.acquire().await.map_err(|_| busy())?;
        blocking(server, move |server| connection::with_reserved_reader(|| work(server))).await
    }
}

/// Runs something on a blocking thread within the current tracing span. The caller holds a permit.
pub(super) async fn blocking<S: Send + Sync + 'static, T: Send + 'static>(
    server: &Arc<S>,
    work: impl FnOnce(&S) -> T + Send + 'static,
) -> Result<T> {
    let (server, span) = (server.clone(), tracing::Span::current());
    let ran = tokio::task::spawn_blocking(move || span.in_scope(|| work(&server))).await;
    ran.map_err(|_| Error::internal("handler was cancelled"))
}
