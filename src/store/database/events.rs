//! Events: what a write has changed that listeners such as streams react to.
//!
//! An event is recorded where its effect is written, inside the transaction. The writer drops the events of a write that is
//! undone, and publishes those of a whole commit at once when it is on disk. Events name rows and never contain them: each
//! listener reads what it shows, by the rules for its viewer.

use std::cell::RefCell;
use std::sync::Arc;

use crate::protocol::ids::{NotificationId, StatusId};

/// What a write has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreEvent {
    /// A status was stored.
    Stored(StatusId),
    /// A status was added to a timeline: 0 is home, others are lists.
    InTimeline(i64, StatusId),
    /// A status was edited.
    Edited(StatusId),
    /// A status was deleted.
    Deleted(DeletedStatus),
    /// The owner has a new notification.
    Notified(NotificationId),
    /// The owner's filters have changed.
    FiltersChanged,
    /// Access tokens were revoked.
    TokensRevoked,
    /// Browsers were signed out.
    SessionsEnded,
    /// Another process may have written anything.
    Elsewhere,
}

/// Where a deleted status was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedStatus {
    /// Its id.
    pub id: StatusId,
    /// The first status of its thread; its own id if it is a boost.
    pub thread: StatusId,
    /// The timelines that it was in.
    pub timelines: Vec<i64>,
    /// What the public timelines showed of it; `None` if it was not public, or a boost.
    pub public: Option<DeletedPublicStatus>,
}

/// Which public timelines showed a deleted status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedPublicStatus {
    /// The owner wrote it.
    pub local: bool,
    /// Its hashtags.
    pub tags: Vec<String>,
}

/// The events of one commit, in order.
pub type Batch = Arc<[StoreEvent]>;

std::thread_local! {
    /// The events of the present transaction of this thread, which is the writer; `None` outside of one.
    static RECORDED: RefCell<Option<Vec<StoreEvent>>> = const { RefCell::new(None) };
}

/// Records an event of the present transaction.
pub(crate) fn record(event: StoreEvent) {
    RECORDED.with_borrow_mut(|recorded| {
        if let Some(events) = recorded {
            events.push(event);
        }
    });
}

/// Begins to record the events of a transaction.
pub(super) fn begin() {
    RECORDED.set(Some(Vec::new()));
}

/// Ends recording and returns the events of the transaction.
pub(super) fn end() -> Vec<StoreEvent> {
    RECORDED.take().unwrap_or_default()
}

/// The number of events so far, to which [`undo_to`] returns.
pub(super) fn mark() -> usize {
    RECORDED.with_borrow(|recorded| recorded.as_ref().map_or(0, Vec::len))
}

/// Drops the events since a mark, because their part of the transaction is undone.
pub(super) fn undo_to(mark: usize) {
    RECORDED.with_borrow_mut(|recorded| {
        if let Some(events) = recorded {
            events.truncate(mark);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::connection::Store;
    use super::super::writer::savepoint;
    use super::*;
    use crate::error::{Error, Result};

    fn stored(id: i64) -> StoreEvent {
        StoreEvent::Stored(StatusId(id))
    }

    #[test]
    fn events_are_published_after_the_commit_and_those_of_undone_writes_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let mut events = store.events();
        let failed = store.write(|_| -> Result<()> {
            record(stored(1));
            Err(Error::NotFound)
        });
        assert!(failed.is_err());
        store
            .write(|conn| {
                record(stored(2));
                let part = savepoint(conn, |_| -> Result<()> {
                    record(stored(3));
                    Err(Error::NotFound)
                });
                assert!(part.is_err());
                savepoint(conn, |_| {
                    record(stored(4));
                    Ok(())
                })
            })
            .unwrap();
        assert_eq!(*events.try_recv().unwrap(), [stored(2), stored(4)]);
        assert!(events.try_recv().is_err(), "the failed write has no events");
        record(stored(5));
        assert_eq!(mark(), 0, "nothing is recorded outside of a transaction");
    }
}
