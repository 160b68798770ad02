//! The state that lookups, fetches and maintenance share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::dir::CacheDir;
use super::failures::Failures;
use super::lanes::Lanes;
use super::shown::Shown;
use super::space::Space;
use crate::domain::Domain;
use crate::domain::rate_limit::HourlyLimit;
use crate::error::{Error, Result};
use crate::limits;

/// The state of the cache.
pub(super) struct Shared {
    pub(super) domain: Arc<Domain>,
    pub(super) dir: CacheDir,
    pub(super) lanes: Lanes,
    pub(super) failures: Failures,
    pub(super) shown: Arc<Shown>,
    pub(super) space: Arc<Space>,
    /// The fetches and bytes that visitors cause, in all and by client.
    pub(super) visitor_files: HourlyLimit,
    pub(super) visitor_bytes: HourlyLimit,
    pub(super) stopping: Arc<AtomicBool>,
}

impl Shared {
    /// Returns `true` when the server stops.
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Takes one fetch from the quotas of visitors.
    pub(super) fn take_visitor_quota(&self, client: Option<&str>) -> Result<()> {
        self.domain.disk.check()?;
        let now = self.domain.now();
        let of_client = |client| self.visitor_files.take(client, limits::VISITOR_FILES_PER_CLIENT_PER_HOUR, now);
        // No address is empty.
        if client.is_none_or(of_client) && self.visitor_files.take("", limits::VISITOR_FILES_PER_HOUR, now) {
            Ok(())
        } else {
            Err(Error::Busy { retry_after: limits::VISITOR_FILES_RETRY_AFTER })
        }
    }

    /// Takes bytes from the quota of visitors.
    pub(super) fn take_visitor_bytes(&self, bytes: usize) -> Result<()> {
        match self.visitor_bytes.take_many("", bytes, limits::VISITOR_FILE_BYTES_PER_HOUR, self.domain.now()) {
            true => Ok(()),
            false => Err(Error::Busy { retry_after: limits::VISITOR_FILES_RETRY_AFTER }),
        }
    }
}
