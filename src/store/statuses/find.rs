//! Reads of single statuses.

use rusqlite::{OptionalExtension, params};

use super::status::{Status, from_row, status_columns};
use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId, first_id_at};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::viewer_sql::ViewerSql;
use crate::store::visibility::{Viewer, visible_to};

/// The status with this id, without a check of the viewer. Surfaces use [`visible`].
pub fn get(conn: &Conn, id: StatusId) -> Result<Option<Status>> {
    const SQL: &str = concat!("SELECT ", status_columns!(), " FROM statuses s WHERE s.id = ?1");
    Ok(conn.prepare_cached(SQL)?.query_row([id], from_row).optional()?)
}

/// The status with this id, if `viewer` may see it.
pub fn visible(conn: &Conn, viewer: Viewer, id: StatusId) -> Result<Option<Status>> {
    static SQL: ViewerSql = ViewerSql::new();
    let sql = SQL.get(viewer, 0, || {
        format!(
            concat!("SELECT ", status_columns!(), " FROM statuses s WHERE s.id = ?1 AND {}"),
            visible_to(viewer, "s")
        )
    });
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// The statuses of a list that `viewer` may see, in no particular order.
pub fn visible_among(conn: &Conn, viewer: Viewer, ids: &IdList) -> Result<Vec<Status>> {
    static SQL: ViewerSql = ViewerSql::new();
    let sql = SQL.get(viewer, 0, || {
        format!(
            concat!(
                "SELECT ",
                status_columns!(),
                " FROM json_each(?1) j CROSS JOIN statuses s ON s.id = j.value WHERE {}"
            ),
            visible_to(viewer, "s")
        )
    });
    Ok(conn.prepare_cached(&sql)?.query_map([ids], from_row)?.collect::<Result<_, _>>()?)
}

/// The status with this ActivityPub id, byte-exact, without a check of the viewer.
pub fn by_uri(conn: &Conn, uri: &str) -> Result<Option<Status>> {
    const SQL: &str = concat!("SELECT ", status_columns!(), " FROM statuses s WHERE s.uri = ?1");
    Ok(conn.prepare_cached(SQL)?.query_row([uri], from_row).optional()?)
}

/// The status with this page for people, without a check of the viewer.
pub fn by_url(conn: &Conn, actor: ActorId, url: &str) -> Result<Option<Status>> {
    const SQL: &str = concat!("SELECT ", status_columns!(), " FROM statuses s WHERE s.actor_id = ?1 AND s.url = ?2");
    Ok(conn.prepare_cached(SQL)?.query_row(params![actor, url], from_row).optional()?)
}

/// The boost of a status by an actor.
pub fn boost_by(conn: &Conn, of: StatusId, actor: ActorId) -> Result<Option<Status>> {
    const SQL: &str =
        concat!("SELECT ", status_columns!(), " FROM statuses s WHERE s.boost_of_id = ?1 AND s.actor_id = ?2");
    Ok(conn.prepare_cached(SQL)?.query_row(params![of, actor], from_row).optional()?)
}

/// The boosts of a post that are newer than one of them, oldest first.
pub fn boosts_after(conn: &Conn, of: StatusId, boost: StatusId, limit: u32) -> Result<Vec<Status>> {
    const SQL: &str = concat!(
        "SELECT ",
        status_columns!(),
        " FROM statuses s WHERE s.boost_of_id = ?1 AND s.id > ?2 ORDER BY s.id LIMIT ?3"
    );
    Ok(conn.prepare_cached(SQL)?.query_map(params![of, boost, limit], from_row)?.collect::<Result<_, _>>()?)
}

/// The boosts by one actor of statuses by another.
pub fn boosts_of_author(conn: &Conn, by: ActorId, author: ActorId) -> Result<Vec<Status>> {
    const SQL: &str = concat!(
        "SELECT ",
        status_columns!(),
        " FROM statuses o JOIN statuses s ON s.boost_of_id = o.id AND s.actor_id = ?1 WHERE o.actor_id = ?2"
    );
    Ok(conn.prepare_cached(SQL)?.query_map([by, author], from_row)?.collect::<Result<_, _>>()?)
}

/// Returns `true` if an actor writes its direct messages as `ChatMessage`.
pub fn has_sent_chat_messages(conn: &Conn, actor: ActorId) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM statuses WHERE actor_id = ?1 AND kind = 'ChatMessage')";
    Ok(conn.prepare_cached(sql)?.query_row([actor], |r| r.get(0))?)
}

/// Returns `true` if any status of this author is stored.
pub fn any_by(conn: &Conn, author: ActorId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM statuses WHERE actor_id = ?1)")?
        .query_row([author], |r| r.get(0))?)
}

/// The statuses of the owner that were made since this time, oldest first.
pub fn own_since(conn: &Conn, since: Timestamp, limit: u32) -> Result<Vec<StatusId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM statuses WHERE local = 1 AND id >= ?1 ORDER BY id LIMIT ?2")?
        .query_map(params![first_id_at(since), limit], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}
