//! Pinned statuses.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::viewer_sql::ViewerSql;
use crate::store::visibility::{Viewer, shown_to, visible_to};

/// Pins or unpins.
pub fn set_pinned(conn: &Conn, id: StatusId, at: Option<Timestamp>) -> Result<()> {
    conn.execute("UPDATE statuses SET pinned_at = ?2 WHERE id = ?1", params![id, at])?;
    Ok(())
}

/// The pinned statuses of an actor, or the ones that a community pinned, that `viewer` may see, newest pin first.
pub fn pinned(conn: &Conn, viewer: Viewer, actor: ActorId) -> Result<Vec<StatusId>> {
    static SQL: ViewerSql = ViewerSql::new();
    let build = || {
        format!(
            "SELECT id FROM ( \
           SELECT s.id, s.pinned_at AS at FROM statuses s WHERE s.actor_id = ?1 AND s.pinned_at IS NOT NULL AND {0} \
           UNION ALL SELECT s.id, s.group_pinned_at FROM statuses s \
           WHERE s.group_id = ?1 AND s.group_pinned_at IS NOT NULL AND {0} AND {1}) \
         GROUP BY id ORDER BY max(at) DESC",
            visible_to(viewer, "s"),
            shown_to(viewer, "s")
        )
    };
    let sql = SQL.get(viewer, 0, build);
    Ok(conn.prepare_cached(&sql)?.query_map([actor], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// Pins exactly these statuses of an actor, the first on top.
pub fn set_pins(conn: &Conn, actor: ActorId, pinned: &[StatusId], now: Timestamp) -> Result<()> {
    conn.execute("UPDATE statuses SET pinned_at = NULL WHERE actor_id = ?1 AND pinned_at IS NOT NULL", [actor])?;
    for (n, id) in pinned.iter().enumerate() {
        let at = now.minus(std::time::Duration::from_millis(n as u64));
        conn.execute("UPDATE statuses SET pinned_at = ?2 WHERE id = ?1 AND actor_id = ?3", params![id, at, actor])?;
    }
    Ok(())
}

/// Pins exactly these posts of a community, the first on top.
pub fn set_group_pins(conn: &Conn, group: ActorId, pinned: &[StatusId], now: Timestamp) -> Result<()> {
    let clear = "UPDATE statuses SET group_pinned_at = NULL WHERE group_id = ?1 AND group_pinned_at IS NOT NULL";
    conn.execute(clear, [group])?;
    for (n, id) in pinned.iter().enumerate() {
        let at = now.minus(std::time::Duration::from_millis(n as u64));
        let pin = "UPDATE statuses SET group_pinned_at = ?2 WHERE id = ?1 AND group_id = ?3";
        conn.execute(pin, params![id, at, group])?;
    }
    Ok(())
}

/// How many statuses an actor has pinned.
pub fn count_pinned(conn: &Conn, actor: ActorId) -> Result<usize> {
    let count: i64 = conn
        .prepare_cached("SELECT count(*) FROM statuses WHERE actor_id = ?1 AND pinned_at IS NOT NULL")?
        .query_row([actor], |r| r.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}
