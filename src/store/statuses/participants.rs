//! The actors that have interacted with a status.

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::Conn;

/// Everyone who boosted, favourited, answered, quoted or reacted to a status.
pub fn interested(conn: &Conn, id: StatusId) -> Result<Vec<ActorId>> {
    Ok(conn
        .prepare_cached(
            "SELECT actor_id FROM statuses WHERE boost_of_id = ?1 UNION SELECT actor_id FROM favourites WHERE status_id = ?1 \
             UNION SELECT actor_id FROM statuses WHERE in_reply_to_id = ?1 \
             UNION SELECT actor_id FROM statuses WHERE quote_id = ?1 UNION SELECT actor_id FROM reactions WHERE status_id = ?1",
        )?
        .query_map([id], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}
