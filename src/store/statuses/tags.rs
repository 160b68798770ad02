//! Hashtags and mentions of statuses.

use std::collections::HashMap;

use rusqlite::{Row, params};

use crate::error::Result;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::Conn;
use crate::store::database::column_types::IdList;
use crate::store::database::pagination::Page;
use crate::store::visibility::{Viewer, shown_to, visible_to};

/// Replaces the hashtags of a status. Tags are lower-case without `#`.
///
/// # Errors
/// When the database cannot be written.
pub fn set_tags(conn: &Conn, status: StatusId, tags: &[String]) -> Result<()> {
    conn.prepare_cached("DELETE FROM status_tags WHERE status_id = ?1")?.execute([status])?;
    let mut insert = conn.prepare_cached("INSERT INTO status_tags VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    for tag in tags {
        insert.execute(params![tag, status])?;
    }
    Ok(())
}

/// The hashtags of these statuses.
///
/// # Errors
/// When the database cannot be read.
pub fn tags_of_statuses(conn: &Conn, statuses: &IdList) -> Result<HashMap<StatusId, Vec<String>>> {
    let sql =
        "SELECT status_id, tag FROM status_tags WHERE status_id IN (SELECT value FROM json_each(?1)) ORDER BY tag";
    let mut found: HashMap<StatusId, Vec<String>> = HashMap::new();
    for row in conn.prepare_cached(sql)?.query_map([statuses], |r| Ok((r.get(0)?, r.get(1)?)))? {
        let (status, tag) = row?;
        found.entry(status).or_default().push(tag);
    }
    Ok(found)
}

/// Statuses with a hashtag that `viewer` may see. Strangers see only public ones of the owner.
///
/// # Errors
/// When the database cannot be read.
pub fn timeline(conn: &Conn, viewer: Viewer, tag: &str, local_only: bool, page: &Page) -> Result<Vec<StatusId>> {
    let sql = format!(
        "SELECT s.id FROM status_tags t JOIN statuses s ON s.id = t.status_id WHERE t.tag = ?1 AND t.status_id < ?2 \
         AND t.status_id > ?3 AND s.visibility = 0 AND (?5 = 0 OR s.local = 1) AND {} AND {} ORDER BY t.status_id {} LIMIT ?4",
        visible_to(viewer, "s"),
        shown_to(viewer, "s"),
        page.order()
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![tag, page.below, page.above, page.limit, local_only], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(page.arrange(rows))
}

/// Hashtags that begin with `prefix` of statuses that `viewer` may see, most used there first, with how often.
///
/// # Errors
/// When the database cannot be read.
pub fn search(conn: &Conn, viewer: Viewer, prefix: &str, (limit, offset): (u32, u32)) -> Result<Vec<(String, i64)>> {
    let end = format!("{prefix}\u{10FFFF}");
    let sql = format!(
        "SELECT t.tag, count(*) AS uses FROM status_tags t JOIN statuses s ON s.id = t.status_id \
         WHERE t.tag >= ?1 AND t.tag < ?2 AND {} AND {} GROUP BY t.tag ORDER BY uses DESC, t.tag LIMIT ?3 OFFSET ?4",
        visible_to(viewer, "s"),
        shown_to(viewer, "s")
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![prefix, end, limit, offset], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

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
///
/// # Errors
/// When the database cannot be written.
pub fn set_mentions(conn: &Conn, status: StatusId, mentions: &[(ActorId, bool)]) -> Result<()> {
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
///
/// # Errors
/// When the database cannot be read.
pub fn mentions_of(conn: &Conn, status: StatusId) -> Result<Vec<StoredMention>> {
    Ok(mentions_of_statuses(conn, &IdList::of_statuses([&status]))?.remove(&status).unwrap_or_default())
}

/// The mentions of these statuses, as [`mentions_of`].
///
/// # Errors
/// When the database cannot be read.
pub fn mentions_of_statuses(conn: &Conn, statuses: &IdList) -> Result<HashMap<StatusId, Vec<StoredMention>>> {
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
