//! Actors of other servers who came by once: what remains of them when nothing here has to do with them any longer.

use rusqlite::params;

use crate::error::Result;
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;

/// Everything that an actor can have to do with here. A delivery carries its inbox with it and needs no actor.
const TIES: [(&str, &str); 24] = [
    ("follows", "follower_id"),
    ("follows", "target_id"),
    ("statuses", "actor_id"),
    ("statuses", "in_reply_to_actor_id"),
    ("statuses", "group_id"),
    ("mentions", "actor_id"),
    ("favourites", "actor_id"),
    ("reactions", "actor_id"),
    ("poll_votes", "actor_id"),
    ("approvals", "actor_id"),
    ("notifications", "actor_id"),
    ("notification_permissions", "actor_id"),
    ("inbox_queue", "signer_id"),
    ("outgoing", "actor_id"),
    ("blocks", "actor_id"),
    ("blocks", "target_id"),
    ("list_accounts", "actor_id"),
    ("mutes", "target_id"),
    ("account_notes", "actor_id"),
    ("endorsements", "actor_id"),
    ("dismissed_suggestions", "actor_id"),
    ("reports", "actor_id"),
    ("reports", "target_id"),
    ("preview_cards", "creator_id"),
];

/// True of an actor `a` who is unknown since before `?2`, in SQL.
fn is_stranger() -> String {
    let ties = TIES.map(|(table, column)| format!(" AND NOT EXISTS (SELECT 1 FROM {table} WHERE {column} = a.id)"));
    let relay = " AND NOT EXISTS (SELECT 1 FROM relays WHERE actor_id = a.id)";
    format!("a.local = 0 AND a.fetched_at < ?2{}{relay}", ties.concat())
}

/// Unknown actors whose document was last fetched before `before`, among the next [`limits::ACTOR_GC_EXAMINED`] actors after
/// one; and the last of these, or nothing when there are no more.
pub fn unreferenced_after(conn: &Conn, actor: ActorId, before: Timestamp) -> Result<(Vec<ActorId>, Option<ActorId>)> {
    let next = "SELECT id FROM actors WHERE id > ?1 ORDER BY id LIMIT ?3";
    let sql = format!("SELECT a.id FROM actors a WHERE a.id IN ({next}) AND {} ORDER BY a.id", is_stranger());
    let strangers = conn
        .prepare_cached(&sql)?
        .query_map(params![actor, before, limits::ACTOR_GC_EXAMINED], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    let last = conn
        .prepare_cached("SELECT max(id) FROM (SELECT id FROM actors WHERE id > ?1 ORDER BY id LIMIT ?2)")?
        .query_row(params![actor, limits::ACTOR_GC_EXAMINED], |r| r.get(0))?;
    Ok((strangers, last))
}

/// Forgets an actor, if it is still unknown.
pub fn delete_unreferenced(conn: &Conn, actor: ActorId, before: Timestamp) -> Result<()> {
    let sql = format!("DELETE FROM actors AS a WHERE a.id = ?1 AND {}", is_stranger());
    conn.prepare_cached(&sql)?.execute(params![actor, before])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reference to an actor is in `TIES`, and references in large tables are searched by an index.
    #[test]
    fn every_reference_to_actors_is_known_and_indexed() {
        let mut conn = rusqlite::Connection::open_in_memory().unwrap();
        crate::store::database::migrations::run(&mut conn).unwrap();
        let sql = "SELECT m.name, f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f \
                   WHERE f.\"table\" = 'actors' AND m.name NOT IN ('actor_keys', 'relays')";
        let mut query = conn.prepare(sql).unwrap();
        let rows = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))).unwrap();
        for (table, column) in rows.map(|row| row.unwrap()) {
            assert!(TIES.contains(&(table.as_str(), column.as_str())), "{table}.{column}");
        }
        let sql = format!("EXPLAIN QUERY PLAN SELECT 1 FROM actors a WHERE a.id = ?1 AND {}", is_stranger());
        let mut query = conn.prepare(&sql).unwrap();
        let steps = query.query_map(params![1, 1], |r| r.get::<_, String>(3)).unwrap();
        for step in steps.map(|step| step.unwrap()).filter(|step| step.contains("SCAN")) {
            assert!(["blocks", "reports", "relays"].iter().any(|short| step.contains(short)), "{step}");
        }
    }
}
