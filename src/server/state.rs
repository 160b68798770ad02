//! The state of the running server.

use std::sync::Arc;

use super::body::BodyMemory;
use super::connections::limit::Connections;
use super::handler_threads::HandlerThreads;
use crate::app::{App, Route};
use crate::http::Router;
use crate::jobs::WorkerContext;
use crate::protocol::address::Cidr;

/// Everything that serving needs, opened and checked.
pub struct Server {
    pub(super) app: Arc<App>,
    pub(super) router: Router<App>,
    pub(super) workers: WorkerContext,
    /// Trusted proxies.
    pub(super) proxies: Vec<Cidr>,
    pub(super) connections: Arc<Connections>,
    pub(super) threads: HandlerThreads,
    pub(super) bodies: Arc<BodyMemory>,
}

impl Server {
    /// The state that handlers see.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// The context of the workers, which are started when the server serves.
    pub fn workers(&self) -> &WorkerContext {
        &self.workers
    }

    /// Every route, for tests that iterate over them.
    pub fn routes(&self) -> &[Route] {
        self.router.all()
    }
}
