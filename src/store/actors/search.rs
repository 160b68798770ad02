//! Search for actors by name.

use rusqlite::params;

use super::actor::{Actor, actor_columns, from_row};
use crate::error::Result;
use crate::store::Conn;
use crate::store::visibility::Viewer;

/// Which actors a search is among.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// All that are known here.
    Known,
    /// Actors that the owner follows.
    Followed,
}

/// Actors whose name or handle contains the words, closest first: for the owner actors that the owner follows, then the
/// rest. Everyone else finds the owner and authors of open posts, in an order that says nothing of the owner's follows.
pub fn search(
    conn: &Conn,
    viewer: Viewer,
    words: &str,
    among: Among,
    (limit, offset): (u32, u32),
) -> Result<Vec<Actor>> {
    let following_only = among == Among::Followed;
    let Some(owner) = viewer.owner() else {
        return if following_only { Ok(Vec::new()) } else { search_open(conn, words, (limit, offset)) };
    };
    let (pattern, columns) = (containing(words), actor_columns!());
    let sql = format!(
        "SELECT {columns} FROM actors a LEFT JOIN follows f ON f.follower_id = ?1 AND f.target_id = a.id \
         WHERE (a.username LIKE ?2 ESCAPE '\\' OR a.display_name LIKE ?2 ESCAPE '\\' \
                OR a.username || '@' || a.domain LIKE ?2 ESCAPE '\\') \
         AND a.gone_at IS NULL AND a.suspended = 0 AND a.limited < 2 AND a.kind <> 4 AND (?3 = 0 OR f.accepted = 1) \
         ORDER BY f.id IS NULL, length(a.username), a.id LIMIT ?4 OFFSET ?5"
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![owner, pattern, following_only, limit, offset], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// A LIKE pattern for text that contains the words.
fn containing(words: &str) -> String {
    format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// What [`search`] finds for everyone but the owner.
fn search_open(conn: &Conn, words: &str, (limit, offset): (u32, u32)) -> Result<Vec<Actor>> {
    let sql = format!(
        "SELECT {} FROM actors a WHERE (a.username LIKE ?1 ESCAPE '\\' OR a.display_name LIKE ?1 ESCAPE '\\' \
                OR a.username || '@' || a.domain LIKE ?1 ESCAPE '\\') \
         AND a.gone_at IS NULL AND a.suspended = 0 AND a.limited = 0 AND a.kind <> 4 \
         AND (a.local = 1 OR EXISTS (SELECT 1 FROM statuses s WHERE s.actor_id = a.id AND s.visibility <= 1)) \
         ORDER BY length(a.username), a.uri LIMIT ?2 OFFSET ?3",
        actor_columns!()
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![containing(words), limit, offset], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
