//! What the owner has done with statuses, for pages of them.

use std::collections::HashMap;

use rusqlite::{Row, params};

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::Conn;
use crate::store::database::column_types::IdList;

/// What the owner did with a status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnerMarks {
    /// Favourited.
    pub favourited: bool,
    /// Boosted.
    pub boosted: bool,
    /// Bookmarked.
    pub bookmarked: bool,
    /// Its thread is muted.
    pub muted: bool,
}

/// What the owner did with these statuses.
pub fn of_statuses(conn: &Conn, owner: ActorId, statuses: &IdList) -> Result<HashMap<StatusId, OwnerMarks>> {
    let sql = "SELECT s.id, EXISTS (SELECT 1 FROM favourites WHERE status_id = s.id AND actor_id = ?1), \
                      EXISTS (SELECT 1 FROM statuses b WHERE b.boost_of_id = s.id AND b.actor_id = ?1), \
                      EXISTS (SELECT 1 FROM bookmarks WHERE status_id = s.id), \
                      EXISTS (SELECT 1 FROM muted_threads WHERE thread_id = s.thread_id) \
               FROM json_each(?2) j CROSS JOIN statuses s ON s.id = j.value";
    let read = |r: &Row<'_>| {
        let marks = OwnerMarks { favourited: r.get(1)?, boosted: r.get(2)?, bookmarked: r.get(3)?, muted: r.get(4)? };
        Ok((r.get(0)?, marks))
    };
    Ok(conn.prepare_cached(sql)?.query_map(params![owner, statuses], read)?.collect::<Result<_, _>>()?)
}
