//! The cache of files of other servers: a missing file is fetched once, however many requests wait for it, and the least
//! recently shown ones are removed when the space is used up.

mod dir;
mod failures;
mod incoming;
mod lanes;
mod shared;
mod shown;
mod space;
mod upkeep;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use self::dir::CacheDir;
use self::failures::Failures;
use self::incoming::Incoming;
use self::lanes::{Lanes, Task};
use self::shared::Shared;
use self::shown::Shown;
use self::space::Space;
use super::sniff;
use crate::domain::Domain;
use crate::domain::rate_limit::HourlyLimit;
use crate::domain::remote_files::{Audience, Download, FileFailure, Stage, StoredRemoteFile, WantedFile};
use crate::error::{Result, contained};
use crate::store::remote_files;

pub use self::upkeep::{Removal, Removed};

/// Stack size of a thread that fetches a file; enough for TLS.
const STACK: usize = 1024 * 1024;

/// The cache. Clones share everything.
#[derive(Clone)]
pub struct FileCache(Arc<Shared>);

/// What is known of a file that is requested.
#[derive(Debug)]
pub enum Found {
    /// It is in the cache.
    Stored(StoredRemoteFile),
    /// It is being fetched.
    Fetching(Arc<Download>),
    /// It could not be fetched recently.
    Failed(FileFailure),
}

impl FileCache {
    /// Opens the cache in this directory, creating it if need be.
    ///
    /// # Errors
    /// If the directory cannot be used.
    pub fn open(domain: Arc<Domain>, root: PathBuf, budget: u64, stopping: Arc<AtomicBool>) -> Result<Self> {
        let (dir, shown) = (CacheDir::open(root)?, Arc::<Shown>::default());
        let space = Arc::new(Space::new(budget, domain.store.clone(), dir.clone(), shown.clone()));
        space.recount()?;
        Ok(Self(Arc::new(Shared {
            domain,
            dir,
            lanes: Lanes::default(),
            failures: Failures::default(),
            shown,
            space,
            visitor_files: HourlyLimit::default(),
            visitor_bytes: HourlyLimit::default(),
            stopping,
        })))
    }

    /// Looks a file up, and begins to fetch it if it is missing. `client` is the address of a visitor, if its fetches are
    /// counted.
    ///
    /// # Errors
    /// [`Error::Busy`](crate::Error::Busy) if too many files are being fetched, or if the quota of visitors is used up.
    pub fn find(&self, wanted: &WantedFile, client: Option<&str>) -> Result<Found> {
        let cache = &*self.0;
        if let Some(stored) = cache.stored(wanted)? {
            return Ok(Found::Stored(stored));
        }
        if let Some(download) = cache.lanes.find(wanted) {
            self.start_threads();
            return Ok(Found::Fetching(download));
        }
        if let Some(failure) = cache.failures.of(&wanted.key, cache.domain.now()) {
            return Ok(Found::Failed(failure));
        }
        if wanted.audience == Audience::Visitor {
            cache.take_visitor_quota(client)?;
        }
        let download = cache.lanes.add(wanted)?;
        self.start_threads();
        Ok(Found::Fetching(download))
    }

    /// Starts a thread for each file that may be fetched now. Without files to fetch there are none.
    fn start_threads(&self) {
        while let Some(task) = self.0.lanes.next() {
            let (cache, first) = (self.clone(), task.clone());
            let builder = std::thread::Builder::new().name("remote-file".into()).stack_size(STACK);
            if let Err(e) = builder.spawn(move || cache.work(first)) {
                tracing::error!(error = %e, "no thread can be started to fetch a remote file");
                task.download.reach(Stage::Failed(FileFailure::Internal));
                self.0.lanes.done(&task);
                return;
            }
        }
    }

    /// Fetches a file, and then further ones that wait.
    fn work(&self, first: Task) {
        let mut next = Some(first);
        while let Some(task) = next {
            let stage = self.0.fetch_missing(&task);
            // The download is no longer open when those who wait for it continue.
            self.0.lanes.done(&task);
            task.download.reach(stage);
            next = self.0.lanes.next();
        }
    }
}

impl Shared {
    /// A file of the cache, which is shown now.
    fn stored(&self, wanted: &WantedFile) -> Result<Option<StoredRemoteFile>> {
        let Some(row) = self.domain.store.read(|c| remote_files::get(c, &wanted.key))? else { return Ok(None) };
        let Some(media_type) = sniff::remote_type(&row.media_type) else { return Ok(None) };
        let Some((path, _)) = self.dir.locate(&row.key)?.filter(|(_, bytes)| *bytes == row.bytes) else {
            return Ok(None);
        };
        self.shown.note(&row, wanted.audience, self.domain.now());
        Ok(Some(StoredRemoteFile { path: path.into(), media_type, bytes: row.bytes, digest: row.digest }))
    }

    /// Fetches a file, unless it was stored since it was looked up.
    fn fetch_missing(&self, task: &Task) -> Stage {
        match contained(|| self.stored(&task.wanted)) {
            Ok(Some(stored)) => Stage::Complete(stored),
            _ => self.fetch(task),
        }
    }

    fn fetch(&self, task: &Task) -> Stage {
        let fetched = contained(|| {
            let mut incoming = Incoming::new(self, task);
            self.domain.remote()?.file(&task.wanted.url, &mut incoming)?;
            incoming.finish()
        });
        match fetched {
            Ok(stored) => {
                self.failures.forget(&task.wanted.key);
                Stage::Complete(stored)
            }
            Err(e) => {
                let failure = FileFailure::of(&e);
                tracing::debug!(url = task.wanted.url, error = %e, "a remote file could not be fetched");
                self.failures.record(&task.wanted.key, &failure, self.domain.now());
                Stage::Failed(failure)
            }
        }
    }
}
