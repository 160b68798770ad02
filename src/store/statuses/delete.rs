//! Deletion of statuses.

use super::counts::add_counts;
use super::find::get;
use super::hashtags;
use super::status::Status;
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::database::column_types::IdList;
use crate::store::database::events::{self, DeletedPublicStatus, DeletedStatus, StoreEvent};
use crate::store::{Conn, actors, search};

/// Removes a status with its boosts, favourites, notifications and timeline rows, and keeps the counters.
pub fn delete(conn: &Conn, status: &Status) -> Result<()> {
    record_deletion(conn, status)?;
    remove(conn, status)
}

/// As [`delete`], for a status whose deletion is recorded already or need not be.
pub(in crate::store) fn remove(conn: &Conn, status: &Status) -> Result<()> {
    if status.visibility.is_open() {
        if let Some(parent) = status.in_reply_to {
            add_counts(conn, parent, -1, 0, 0)?;
        }
        match status.boost_of {
            Some(of) => add_counts(conn, of, 0, -1, 0)?,
            None => actors::add_counts(conn, status.actor_id, -1, 0, 0)?,
        }
    }
    search::remove(conn, status.id)?;
    conn.prepare_cached("UPDATE statuses SET parent_gone = 1 WHERE in_reply_to_id = ?1")?.execute([status.id])?;
    conn.prepare_cached("DELETE FROM statuses WHERE id = ?1")?.execute([status.id])?;
    Ok(())
}

/// Records that a status goes, and the boosts of it that a timeline shows.
fn record_deletion(conn: &Conn, status: &Status) -> Result<()> {
    let public = match status.boost_of {
        None if status.visibility == Visibility::Public => {
            let tags = hashtags::of_statuses(conn, &IdList::of_statuses([&status.id]))?.remove(&status.id);
            Some(DeletedPublicStatus { local: status.local, tags: tags.unwrap_or_default() })
        }
        _ => None,
    };
    let timelines = timelines_of(conn, "SELECT ?1, timeline FROM timelines WHERE status_id = ?1", status.id)?;
    let timelines: Vec<i64> = timelines.into_iter().map(|(_, timeline)| timeline).collect();
    if public.is_some() || !timelines.is_empty() {
        events::record(StoreEvent::Deleted(DeletedStatus { id: status.id, thread: status.thread, timelines, public }));
    }
    let boosts =
        "SELECT b.id, t.timeline FROM statuses b JOIN timelines t ON t.status_id = b.id WHERE b.boost_of_id = ?1";
    for (id, timeline) in timelines_of(conn, boosts, status.id)? {
        events::record(StoreEvent::Deleted(DeletedStatus { id, thread: id, timelines: vec![timeline], public: None }));
    }
    Ok(())
}

fn timelines_of(conn: &Conn, sql: &str, of: StatusId) -> Result<Vec<(StatusId, i64)>> {
    Ok(conn.prepare_cached(sql)?.query_map([of], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
}

/// Records that the newest statuses of an actor go, which is what apps still show.
pub(in crate::store) fn record_deletion_by(conn: &Conn, actor: ActorId) -> Result<()> {
    let ids: Vec<StatusId> = conn
        .prepare_cached("SELECT id FROM statuses WHERE actor_id = ?1 ORDER BY id DESC LIMIT ?2")?
        .query_map((actor, limits::STREAMED_DELETIONS), |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    for id in ids {
        if let Some(status) = get(conn, id)? {
            record_deletion(conn, &status)?;
        }
    }
    Ok(())
}
