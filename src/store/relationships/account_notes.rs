//! The owner's private notes about accounts.

use std::collections::HashMap;

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::store::Conn;
use crate::store::database::column_types::IdList;

/// Stores the note about an account; a blank one removes it.
pub fn set(conn: &Conn, actor: ActorId, comment: &str) -> Result<()> {
    if comment.trim().is_empty() {
        conn.execute("DELETE FROM account_notes WHERE actor_id = ?1", [actor])?;
        return Ok(());
    }
    conn.execute(
        "INSERT INTO account_notes VALUES (?1, ?2) ON CONFLICT (actor_id) DO UPDATE SET comment = ?2",
        params![actor, comment],
    )?;
    Ok(())
}

/// The notes about these accounts.
pub fn among(conn: &Conn, actors: &IdList) -> Result<HashMap<ActorId, String>> {
    let sql = "SELECT actor_id, comment FROM account_notes WHERE actor_id IN (SELECT value FROM json_each(?1))";
    Ok(conn.prepare_cached(sql)?.query_map([actors], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
}
