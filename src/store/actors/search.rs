//! Search for actors by name.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::actor::{Actor, actor_columns, from_row};
use crate::error::Result;
use crate::limits;
use crate::protocol::search::words;
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

/// Actors whose handle and display name together contain all words, closest first: for the owner actors that the owner follows,
/// then those with this name, those whose name begins so, and the rest. Everyone else finds the owner and authors of open posts,
/// in an order that says nothing of the owner's follows.
pub fn search(
    conn: &Conn,
    viewer: Viewer,
    words: &str,
    among: Among,
    (limit, offset): (u32, u32),
) -> Result<Vec<Actor>> {
    let Some(names) = Names::of(words) else { return Ok(Vec::new()) };
    let condition = names.condition();
    let Some(owner) = viewer.owner() else {
        return if among == Among::Followed { Ok(Vec::new()) } else { search_open(conn, &names, (limit, offset)) };
    };
    let only = if among == Among::Followed { "AND f.accepted = 1" } else { "" };
    let columns = actor_columns!();
    let sql = format!(
        "SELECT {columns} FROM actors n CROSS JOIN actors a ON a.id = n.id \
         LEFT JOIN follows f ON f.follower_id = ?1 AND f.target_id = n.id \
         WHERE {condition} AND n.limited < 2 {only} \
         ORDER BY f.id IS NULL, {CLOSENESS}, length(n.username), n.id LIMIT ?2 OFFSET ?3"
    );
    let params = [owner.0, limit.into(), offset.into()].map(Value::Integer).into_iter().chain(names.values());
    Ok(conn.prepare_cached(&sql)?.query_map(params_from_iter(params), from_row)?.collect::<Result<_, _>>()?)
}

/// The order of actors `n` by how much of their name the first word (?4) is.
const CLOSENESS: &str =
    "CASE WHEN n.username = ?4 COLLATE NOCASE THEN 0 WHEN n.username LIKE ?4 || '%' THEN 1 ELSE 2 END";

/// The words that names contain.
struct Names {
    first: String,
    /// A LIKE pattern for each word as typed, and folded.
    patterns: Vec<(String, String)>,
}

impl Names {
    /// The first [`limits::SEARCH_NAMES`] words; `None` if there is none.
    fn of(words: &str) -> Option<Self> {
        let words: Vec<&str> = words.split_whitespace().take(limits::SEARCH_NAMES).collect();
        let first = words.first()?.split('@').next()?.to_owned();
        let patterns = words.iter().map(|word| (containing(word), containing(&words::fold(word)))).collect();
        Some(Self { first, patterns })
    }

    /// The condition that an actor `n` can be found. It is read from the index `actors_names` alone, because rows of actors are
    /// large. LIKE itself ignores the case of ASCII; only other names are folded, because that is slow.
    fn condition(&self) -> String {
        let word = |n: usize| {
            let (typed, folded) = (n * 2 + 5, n * 2 + 6);
            format!(
                "(n.username || '@' || n.domain LIKE ?{typed} ESCAPE '\\' OR n.display_name LIKE ?{folded} ESCAPE '\\' \
                 OR (length(n.display_name) < octet_length(n.display_name) \
                     AND folded(n.display_name) LIKE ?{folded} ESCAPE '\\'))"
            )
        };
        let words: Vec<String> = (0..self.patterns.len()).map(word).collect();
        format!("{} AND n.gone_at IS NULL AND n.suspended = 0 AND n.kind <> 4", words.join(" AND "))
    }

    /// The values of the parameters from ?4 on.
    fn values(&self) -> impl Iterator<Item = Value> {
        let patterns = self.patterns.iter().flat_map(|(typed, folded)| [typed, folded]);
        std::iter::once(&self.first).chain(patterns).map(|text| Value::Text(text.clone()))
    }
}

/// A LIKE pattern for text that contains a word.
fn containing(word: &str) -> String {
    format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// What [`search`] finds for everyone but the owner.
fn search_open(conn: &Conn, names: &Names, (limit, offset): (u32, u32)) -> Result<Vec<Actor>> {
    let (columns, condition) = (actor_columns!(), names.condition());
    let sql = format!(
        "SELECT {columns} FROM actors n CROSS JOIN actors a ON a.id = n.id WHERE {condition} AND n.limited = ?1 \
         AND (a.local = 1 OR EXISTS (SELECT 1 FROM statuses s WHERE s.actor_id = a.id AND s.visibility <= 1)) \
         ORDER BY {CLOSENESS}, length(n.username), a.uri LIMIT ?2 OFFSET ?3"
    );
    let params = [0, limit.into(), offset.into()].map(Value::Integer).into_iter().chain(names.values());
    Ok(conn.prepare_cached(&sql)?.query_map(params_from_iter(params), from_row)?.collect::<Result<_, _>>()?)
}
