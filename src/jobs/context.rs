//! The context of the workers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use super::proven_bodies::ProvenBodies;
use crate::domain::Domain;
use crate::error::Result;
use crate::media::{FileCache, MediaDir};
use crate::remote::{Fetcher, HttpClient};

/// Stack size of a worker thread; enough for TLS and JSON.
const STACK: usize = 1024 * 1024;

/// The context that all workers share.
#[derive(Clone)]
pub struct WorkerContext {
    /// The rules and the database.
    pub domain: Arc<Domain>,
    /// Delivers activities.
    pub http_client: Arc<HttpClient>,
    /// Fetches documents.
    pub fetcher: Arc<Fetcher>,
    /// The media directory.
    pub media: MediaDir,
    /// The cache of files of other servers.
    pub files: FileCache,
    /// What was delivered last.
    pub proven_bodies: Arc<ProvenBodies>,
    /// Set when the server stops.
    pub stopping: Arc<AtomicBool>,
}

impl WorkerContext {
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}

/// Starts a worker thread.
pub(super) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    Ok(std::thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn(run)?)
}
