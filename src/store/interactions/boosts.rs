//! Lists of boosts. A boost itself is a status.

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::Conn;
use crate::store::database::pagination::Page;
use crate::store::visibility::{Viewer, shown_to, visible_to};

/// Who boosted a status, newest first, with the page cursor. Only boosts that `viewer` may see.
pub fn actors_of_status(conn: &Conn, viewer: Viewer, status: StatusId, page: &Page) -> Result<Vec<(i64, ActorId)>> {
    let sql = format!(
        "SELECT s.id, s.actor_id FROM statuses s WHERE s.boost_of_id = ?1 AND s.id < ?2 AND s.id > ?3 AND {} AND {} ORDER BY s.id {} LIMIT ?4",
        visible_to(viewer, "s"),
        shown_to(viewer, "s"),
        page.order()
    );
    page.list(conn, &sql, status)
}
