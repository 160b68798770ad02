//! Search for actors by name.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::actor::{Actor, actor_columns, from_row};
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::protocol::search::words;
use crate::store::Conn;
use crate::store::database::column_types::to_json;
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
pub fn search(conn: &Conn, viewer: Viewer, words: &str, among: Among, page: (u32, u32)) -> Result<Vec<Actor>> {
    let Some(names) = Names::of(words) else { return Ok(Vec::new()) };
    let found = match (viewer.owner(), among) {
        (Some(owner), _) => found_by_owner(conn, owner, &names, among, page)?,
        (None, Among::Known) => found_by_everyone(conn, &names, page)?,
        (None, Among::Followed) => return Ok(Vec::new()),
    };
    // Rows of actors are large, so only those of the page are read.
    let columns = actor_columns!();
    let sql = format!("SELECT {columns} FROM json_each(?1) j CROSS JOIN actors a ON a.id = j.value ORDER BY j.key");
    Ok(conn.prepare_cached(&sql)?.query_map([to_json(&found)], from_row)?.collect::<Result<_, _>>()?)
}

fn found_by_owner(
    conn: &Conn,
    owner: ActorId,
    names: &Names,
    among: Among,
    (limit, offset): (u32, u32),
) -> Result<Vec<ActorId>> {
    let only = if among == Among::Followed { "AND f.accepted = 1" } else { "" };
    let sql = format!(
        "SELECT n.id FROM actors n LEFT JOIN follows f ON f.follower_id = ?1 AND f.target_id = n.id \
         WHERE {} AND n.limited < 2 {only} \
         ORDER BY f.id IS NULL, {CLOSENESS}, {NAME_LENGTH}, n.id LIMIT ?2 OFFSET ?3",
        names.condition()
    );
    ids(conn, &sql, names.parameters([owner.0, limit.into(), offset.into()]))
}

/// The authors of open posts among the closest names: whether an actor is one is not in the index of names.
fn found_by_everyone(conn: &Conn, names: &Names, (limit, offset): (u32, u32)) -> Result<Vec<ActorId>> {
    let sql = format!(
        "SELECT a.id FROM (SELECT n.id AS id, n.search_name AS name, {CLOSENESS} AS closeness, {NAME_LENGTH} AS length \
         FROM actors n WHERE {} AND n.limited = 0 ORDER BY closeness, length, name LIMIT ?1) m \
         CROSS JOIN actors a ON a.id = m.id \
         WHERE a.local = 1 OR EXISTS (SELECT 1 FROM statuses s WHERE s.actor_id = a.id AND s.visibility <= 1) \
         ORDER BY m.closeness, m.length, m.name LIMIT ?2 OFFSET ?3",
        names.condition()
    );
    ids(conn, &sql, names.parameters([limits::SEARCH_NAMES_FOR_EVERYONE, limit.into(), offset.into()]))
}

fn ids(conn: &Conn, sql: &str, parameters: impl Iterator<Item = Value>) -> Result<Vec<ActorId>> {
    Ok(conn.prepare_cached(sql)?.query_map(params_from_iter(parameters), |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// The order of actors `n` by how much of their user name the first word (?4) is.
const CLOSENESS: &str = "CASE instr(n.search_name, ?4) WHEN 1 THEN instr(n.search_name, ?4 || '@') <> 1 ELSE 2 END";

/// The length of the user name of an actor `n`.
const NAME_LENGTH: &str = "instr(n.search_name, '@')";

/// The words that names contain, folded.
struct Names {
    /// The user name that the first word may be.
    first: String,
    words: Vec<String>,
}

impl Names {
    /// The first [`limits::SEARCH_NAMES`] words; `None` if there is none.
    fn of(words: &str) -> Option<Self> {
        let words: Vec<String> = words.split_whitespace().take(limits::SEARCH_NAMES).map(words::fold).collect();
        let first = words.first()?.split('@').next()?.to_owned();
        Some(Self { first, words })
    }

    /// The condition that an actor `n` can be found. It is read from the index `actors_names` alone.
    fn condition(&self) -> String {
        let words = (0..self.words.len()).map(|n| format!("instr(n.search_name, ?{}) > 0", n + 5));
        let words = words.collect::<Vec<_>>().join(" AND ");
        format!("{words} AND n.gone_at IS NULL AND n.suspended = 0 AND n.kind <> 4")
    }

    /// The values of all parameters: these three, and those of [`CLOSENESS`] and [`Names::condition`].
    fn parameters(&self, first: [i64; 3]) -> impl Iterator<Item = Value> {
        let texts = std::iter::once(&self.first).chain(&self.words);
        first.map(Value::Integer).into_iter().chain(texts.map(|text| Value::Text(text.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of actors are large: reading them all took most of the time of a search.
    #[test]
    fn names_are_read_from_their_index_only() {
        let mut conn = rusqlite::Connection::open_in_memory().unwrap();
        crate::store::database::migrations::run(&mut conn).unwrap();
        let names = Names::of("Élodie van").unwrap();
        assert_eq!((names.first.as_str(), names.words.len()), ("elodie", 2));
        let sql = format!("EXPLAIN QUERY PLAN SELECT n.id FROM actors n WHERE {} AND n.limited < 2", names.condition());
        let plan: String = conn.prepare(&sql).unwrap().query_row(["", "", "", "", "a", "b"], |r| r.get(3)).unwrap();
        assert_eq!(plan, "SCAN n USING COVERING INDEX actors_names");
    }
}
