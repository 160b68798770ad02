//! Notification requests: the filtered notifications of each actor, and the actors that the owner has accepted.

use rusqlite::{OptionalExtension, Row, params};

use super::NotificationKind;
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::pagination::Page;

/// The filtered notifications of one actor.
#[derive(Debug, Clone, Copy)]
pub struct NotificationRequest {
    /// The actor, by which the request is known.
    pub actor: ActorId,
    /// The newest notification: the cursor.
    pub newest: i64,
    /// The number of notifications.
    pub count: i64,
    /// When the first arrived.
    pub created_at: Timestamp,
    /// When the last arrived.
    pub updated_at: Timestamp,
    /// The newest post that mentions or quotes the owner.
    pub last_status: Option<StatusId>,
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<NotificationRequest> {
    Ok(NotificationRequest {
        actor: r.get(0)?,
        newest: r.get(1)?,
        count: r.get(2)?,
        created_at: r.get(3)?,
        updated_at: r.get(4)?,
        last_status: r.get(5)?,
    })
}

/// The query for requests with conditions on actor and newest notification.
fn query(actor: &str, newest: &str) -> String {
    let (mention, quote) = (NotificationKind::Mention as i64, NotificationKind::Quote as i64);
    format!(
        "SELECT n.actor_id, max(n.id) AS newest, count(*), min(n.created_at), max(n.created_at), \
           (SELECT m.status_id FROM notifications m WHERE m.actor_id = n.actor_id AND m.filtered = 1 \
            AND m.kind IN ({mention}, {quote}) ORDER BY m.id DESC LIMIT 1) \
         FROM notifications n WHERE n.filtered = 1 AND {actor} GROUP BY n.actor_id HAVING {newest}"
    )
}

/// One page of requests, by their newest notifications.
pub fn list(conn: &Conn, page: &Page) -> Result<Vec<NotificationRequest>> {
    let sql = format!("{} ORDER BY newest {} LIMIT ?3", query("1", "newest < ?1 AND newest > ?2"), page.order());
    page.read(conn, &sql, params![page.below, page.above, page.limit], from_row)
}

/// The request of an actor.
pub fn get(conn: &Conn, actor: ActorId) -> Result<Option<NotificationRequest>> {
    let sql = query("n.actor_id = ?1", "newest IS NOT NULL");
    Ok(conn.prepare_cached(&sql)?.query_row([actor], from_row).optional()?)
}

/// The number of requests, and of the notifications in them.
pub fn count(conn: &Conn) -> Result<(i64, i64)> {
    let sql = "SELECT count(DISTINCT actor_id), count(*) FROM notifications WHERE filtered = 1";
    Ok(conn.prepare_cached(sql)?.query_row([], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// Returns `true` if the owner has accepted the notifications of an actor.
pub fn is_permitted(conn: &Conn, actor: ActorId) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT 1 FROM notification_permissions WHERE actor_id = ?1")?.exists([actor])?)
}

/// Puts the filtered notifications of an actor among the others, also those that arrive later.
pub fn accept(conn: &Conn, actor: ActorId, now: Timestamp) -> Result<()> {
    conn.execute("INSERT INTO notification_permissions VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![actor, now])?;
    conn.execute("UPDATE notifications SET filtered = 0 WHERE actor_id = ?1 AND filtered = 1", [actor])?;
    Ok(())
}

/// Removes the filtered notifications of an actor.
pub fn dismiss(conn: &Conn, actor: ActorId) -> Result<()> {
    conn.execute("DELETE FROM notifications WHERE actor_id = ?1 AND filtered = 1", [actor])?;
    Ok(())
}

/// Removes the oldest filtered notifications beyond this many.
pub fn purge(conn: &Conn, keep: i64) -> Result<()> {
    conn.execute(
        "DELETE FROM notifications WHERE filtered = 1 AND id <= \
         (SELECT id FROM notifications WHERE filtered = 1 ORDER BY id DESC LIMIT 1 OFFSET ?1)",
        [keep],
    )?;
    Ok(())
}
