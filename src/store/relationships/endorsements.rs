//! Followed accounts that the owner features on the profile.

use std::collections::HashSet;

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::{ActorId, FollowId};
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;

/// Features an account; the endorsement ends with the owner's follow of it.
pub fn insert(conn: &Conn, id: i64, actor: ActorId, follow: FollowId) -> Result<()> {
    conn.prepare_cached("INSERT INTO endorsements VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute(params![id, actor, follow])?;
    Ok(())
}

/// Ends the endorsement of an account.
pub fn remove(conn: &Conn, actor: ActorId) -> Result<()> {
    conn.execute("DELETE FROM endorsements WHERE actor_id = ?1", [actor])?;
    Ok(())
}

/// The ones of these accounts that are featured.
pub fn among(conn: &Conn, actors: &IdList) -> Result<HashSet<ActorId>> {
    let sql = "SELECT actor_id FROM endorsements WHERE actor_id IN (SELECT value FROM json_each(?1))";
    Ok(conn.prepare_cached(sql)?.query_map([actors], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// The featured accounts, newest first, with the page cursor.
pub fn list(conn: &Conn, page: &Page) -> Result<Vec<(i64, ActorId)>> {
    let sql = format!(
        "SELECT id, actor_id FROM endorsements WHERE id < ?1 AND id > ?2 ORDER BY id {} LIMIT ?3",
        page.order()
    );
    page.read(conn, &sql, params![page.below, page.above, page.limit], |r| Ok((r.get(0)?, r.get(1)?)))
}
