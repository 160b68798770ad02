//! Which files are fetched next. The owner and visitors have a lane each, and each lane has a limit by host.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::remote_files::{Audience, Download, WantedFile};
use crate::domain::urls::host_of;
use crate::error::{Error, Result};
use crate::limits;

/// A file that is to be fetched.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) wanted: WantedFile,
    pub(super) download: Arc<Download>,
    host: String,
}

impl Task {
    /// A task outside the lanes.
    pub(super) fn alone(wanted: WantedFile) -> Self {
        Self { host: host_of(&wanted.url).unwrap_or_default(), download: Arc::default(), wanted }
    }
}

/// The tasks of one audience.
#[derive(Debug, Default)]
struct Lane {
    waiting: VecDeque<Task>,
    running: usize,
    by_host: HashMap<String, usize>,
}

impl Lane {
    /// Takes the oldest task whose host is not at its limit.
    fn next(&mut self, most: usize) -> Option<Task> {
        if self.running >= most {
            return None;
        }
        let is_free = |t: &Task| self.by_host.get(&t.host).is_none_or(|n| *n < limits::REMOTE_FILE_FETCHERS_PER_HOST);
        let task = self.waiting.remove(self.waiting.iter().position(is_free)?)?;
        self.running += 1;
        *self.by_host.entry(task.host.clone()).or_default() += 1;
        Some(task)
    }

    fn ended(&mut self, host: &str) {
        self.running -= 1;
        if let Some(n) = self.by_host.get_mut(host) {
            *n -= 1;
            if *n == 0 {
                self.by_host.remove(host);
            }
        }
    }
}

#[derive(Debug, Default)]
struct State {
    owner: Lane,
    visitors: Lane,
    /// All waiting and running downloads, by key.
    open: HashMap<String, Arc<Download>>,
}

impl State {
    fn lane(&mut self, audience: Audience) -> &mut Lane {
        match audience {
            Audience::Owner => &mut self.owner,
            Audience::Visitor => &mut self.visitors,
        }
    }
}

/// The lanes.
#[derive(Debug, Default)]
pub(super) struct Lanes(Mutex<State>);

impl Lanes {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The download of a file that is being fetched already. One that waits for visitors comes into the owner's lane as soon
    /// as the owner wants it.
    pub(super) fn find(&self, wanted: &WantedFile) -> Option<Arc<Download>> {
        let mut state = self.lock();
        let download = state.open.get(&wanted.key)?.clone();
        let waiting = &mut state.visitors.waiting;
        if wanted.audience == Audience::Owner
            && let Some(mut task) =
                waiting.iter().position(|t| t.wanted.key == wanted.key).and_then(|at| waiting.remove(at))
        {
            task.wanted.audience = Audience::Owner;
            state.owner.waiting.push_back(task);
        }
        Some(download)
    }

    /// Adds a file, unless it is being fetched already.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many files of this audience wait.
    pub(super) fn add(&self, wanted: &WantedFile) -> Result<Arc<Download>> {
        let most = match wanted.audience {
            Audience::Owner => limits::WAITING_REMOTE_FILES,
            Audience::Visitor => limits::WAITING_REMOTE_FILES_FOR_VISITORS,
        };
        let mut state = self.lock();
        if let Some(download) = state.open.get(&wanted.key) {
            return Ok(download.clone());
        }
        let lane = state.lane(wanted.audience);
        if lane.waiting.len() >= most {
            return Err(Error::Busy { retry_after: limits::BUSY_RETRY_AFTER });
        }
        let task = Task::alone(wanted.clone());
        let download = task.download.clone();
        lane.waiting.push_back(task);
        state.open.insert(wanted.key.clone(), download.clone());
        Ok(download)
    }

    /// The next task; it occupies its lane until [`Lanes::done`].
    pub(super) fn next(&self) -> Option<Task> {
        let mut state = self.lock();
        let of_owner = state.owner.next(limits::REMOTE_FILE_FETCHERS);
        of_owner.or_else(|| state.visitors.next(limits::REMOTE_FILE_FETCHERS_FOR_VISITORS))
    }

    /// A task is finished.
    pub(super) fn done(&self, task: &Task) {
        let mut state = self.lock();
        state.lane(task.wanted.audience).ended(&task.host);
        state.open.remove(&task.wanted.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::remote_files::RemoteFile;

    fn file(audience: Audience, url: &str) -> WantedFile {
        WantedFile::new(audience, RemoteFile::Emoji, url.to_owned())
    }

    #[test]
    fn visitors_never_occupy_the_owners_lane() {
        let lanes = Lanes::default();
        for n in 0..limits::WAITING_REMOTE_FILES_FOR_VISITORS {
            lanes.add(&file(Audience::Visitor, &format!("https://h{n}.example/1"))).unwrap();
        }
        let refused = lanes.add(&file(Audience::Visitor, "https://last.example/1"));
        assert!(matches!(refused, Err(Error::Busy { .. })));
        let running: Vec<Task> = std::iter::from_fn(|| lanes.next()).collect();
        assert_eq!(running.len(), limits::REMOTE_FILE_FETCHERS_FOR_VISITORS);
        for n in 0..limits::REMOTE_FILE_FETCHERS + 1 {
            lanes.add(&file(Audience::Owner, &format!("https://h{n}.example/2"))).unwrap();
        }
        assert_eq!(std::iter::from_fn(|| lanes.next()).count(), limits::REMOTE_FILE_FETCHERS);
        lanes.done(&running[0]);
        assert_eq!(lanes.next().map(|t| t.wanted.audience), Some(Audience::Visitor));
    }

    #[test]
    fn one_host_occupies_two_fetchers_at_most() {
        let lanes = Lanes::default();
        for n in 0..5 {
            lanes.add(&file(Audience::Owner, &format!("https://slow.example/{n}"))).unwrap();
        }
        lanes.add(&file(Audience::Owner, "https://quick.example/1")).unwrap();
        let running: Vec<Task> = std::iter::from_fn(|| lanes.next()).collect();
        let hosts: Vec<&str> = running.iter().map(|t| t.host.as_str()).collect();
        assert_eq!(hosts, ["slow.example", "slow.example", "quick.example"]);
        lanes.done(&running[0]);
        assert_eq!(lanes.next().map(|t| t.host), Some("slow.example".to_owned()));
    }

    #[test]
    fn a_queued_file_moves_to_the_lane_of_the_owner_on_request() {
        let lanes = Lanes::default();
        let for_visitors = file(Audience::Visitor, "https://a.example/1");
        let for_owner = file(Audience::Owner, "https://a.example/1");
        assert!(lanes.find(&for_visitors).is_none());
        let first = lanes.add(&for_visitors).unwrap();
        assert!(Arc::ptr_eq(&first, &lanes.find(&for_visitors).unwrap()));
        assert!(Arc::ptr_eq(&first, &lanes.find(&for_owner).unwrap()));
        let task = lanes.next().unwrap();
        assert_eq!(task.wanted.audience, Audience::Owner);
        assert!(lanes.next().is_none());
        lanes.done(&task);
        assert!(lanes.find(&for_owner).is_none());
    }
}
