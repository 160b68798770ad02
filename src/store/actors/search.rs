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
        "SELECT {columns} FROM actors n CROSS JOIN actors a ON a.id = n.id \
         LEFT JOIN follows f ON f.follower_id = ?1 AND f.target_id = n.id \
         WHERE {} AND n.limited < 2 AND (?3 = 0 OR f.accepted = 1) \
         ORDER BY f.id IS NULL, length(a.username), a.id LIMIT ?4 OFFSET ?5",
        has_name("?2"),
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

/// The condition that an actor `n` can be found, by a pattern for its handle or display name. It is read from the index
/// `actors_names` alone, because rows of actors are large.
fn has_name(pattern: &str) -> String {
    format!(
        "(n.username || '@' || n.domain LIKE {pattern} ESCAPE '\\' OR n.display_name LIKE {pattern} ESCAPE '\\') \
         AND n.gone_at IS NULL AND n.suspended = 0 AND n.kind <> 4"
    )
}

/// What [`search`] finds for everyone but the owner.
fn search_open(conn: &Conn, words: &str, (limit, offset): (u32, u32)) -> Result<Vec<Actor>> {
    let sql = format!(
        "SELECT {} FROM actors n CROSS JOIN actors a ON a.id = n.id WHERE {} AND n.limited = 0 \
         AND (a.local = 1 OR EXISTS (SELECT 1 FROM statuses s WHERE s.actor_id = a.id AND s.visibility <= 1)) \
         ORDER BY length(a.username), a.uri LIMIT ?2 OFFSET ?3",
        actor_columns!(),
        has_name("?1"),
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![containing(words), limit, offset], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
