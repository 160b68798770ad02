//! Mentions of actors in statuses.

use std::collections::HashMap;

use rusqlite::{Row, params};

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::Conn;
use crate::store::database::column_types::IdList;

/// An actor that a status is for by name.
#[derive(Debug, Clone)]
pub struct StoredMention {
    /// Our id for it.
    pub actor_id: ActorId,
    /// Its ActivityPub id.
    pub uri: String,
    /// Its page for people.
    pub url: Option<String>,
    /// Its user name.
    pub username: String,
    /// Its handle's domain; empty for the owner.
    pub domain: String,
    /// It is addressed, but not named in the text.
    pub silent: bool,
}

/// Replaces the mentions of a status: actors, and whether each is only addressed.
pub fn replace(conn: &Conn, status: StatusId, mentions: &[(ActorId, bool)]) -> Result<()> {
    conn.prepare_cached("DELETE FROM mentions WHERE status_id = ?1")?.execute([status])?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO mentions VALUES (?1, ?2, ?3) ON CONFLICT (status_id, actor_id) DO UPDATE SET silent = min(silent, ?3)",
    )?;
    for (actor, silent) in mentions {
        insert.execute(params![status, actor, silent])?;
    }
    Ok(())
}

/// The mentions of a status, those named in the text first.
pub fn of_status(conn: &Conn, status: StatusId) -> Result<Vec<StoredMention>> {
    Ok(of_statuses(conn, &IdList::of_statuses([&status]))?.remove(&status).unwrap_or_default())
}

/// The mentions of these statuses, as [`of_status`].
pub fn of_statuses(conn: &Conn, statuses: &IdList) -> Result<HashMap<StatusId, Vec<StoredMention>>> {
    let sql = "SELECT a.id, a.uri, a.url, a.username, a.domain, m.silent, m.status_id FROM json_each(?1) j \
               CROSS JOIN mentions m ON m.status_id = j.value JOIN actors a ON a.id = m.actor_id ORDER BY m.silent, a.id";
    let read = |r: &Row<'_>| {
        let mention = StoredMention {
            actor_id: r.get(0)?,
            uri: r.get(1)?,
            url: r.get(2)?,
            username: r.get(3)?,
            domain: r.get(4)?,
            silent: r.get(5)?,
        };
        Ok((r.get(6)?, mention))
    };
    let mut found: HashMap<StatusId, Vec<StoredMention>> = HashMap::new();
    for row in conn.prepare_cached(sql)?.query_map([statuses], read)? {
        let (status, mention) = row?;
        found.entry(status).or_default().push(mention);
    }
    Ok(found)
}
