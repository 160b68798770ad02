//! Erasing what this server has stored for the owner, after the account was deleted.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::settings;

/// What the deletion of the account removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holdings {
    /// Posts and boosts of the owner.
    pub posts: i64,
    /// Posts of others.
    pub remote_posts: i64,
    /// Uploaded files.
    pub files: i64,
}

/// Counts what is stored.
pub fn holdings(conn: &Conn) -> Result<Holdings> {
    let count = |sql: &str| conn.query_row(sql, [], |r| r.get::<_, i64>(0));
    Ok(Holdings {
        posts: count("SELECT count(*) FROM statuses WHERE local = 1")?,
        remote_posts: count("SELECT count(*) FROM statuses WHERE local = 0")?,
        files: count("SELECT count(*) FROM media WHERE file IS NOT NULL")?,
    })
}

/// Removes the profile of the owner and marks the account as deleted. Its id and keys stay: the deletion is signed with them.
pub fn remove_profile(conn: &Conn, owner: ActorId, now: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE actors SET display_name = '', search_name = '', note = '', note_source = '', fields = '[]', emoji = '[]', avatar = NULL, \
         avatar_alt = '', header = NULL, header_alt = '', also_known_as = '[]', moved_to = NULL, statuses_count = 0, \
         followers_count = 0, following_count = 0, last_status_at = NULL, updated_at = ?2, gone_at = ?2 WHERE id = ?1",
        params![owner, now],
    )?;
    Ok(())
}

/// Tables with rows that the deliveries of the deletion need, or that are removed in several steps.
const KEPT: [&str; 10] = [
    "settings",
    "actors",
    "actor_keys",
    "hosts",
    "host_policies",
    "outgoing",
    "deliveries",
    "jobs",
    "statuses",
    "media",
];

/// The settings that identify the server and its former account.
const KEPT_SETTINGS: [&str; 5] =
    [settings::DOMAIN, settings::HANDLE_DOMAIN, settings::OWNER, settings::INSTANCE_ACTOR, settings::FEDERATION_MODE];

/// Empties every table that no delivery needs. A table that a later version adds is emptied unless it is named here.
pub fn clear_tables(conn: &Conn, now: Timestamp) -> Result<()> {
    let tables: Vec<(String, bool)> = conn
        .prepare(
            "SELECT name, sql LIKE 'CREATE VIRTUAL TABLE%' FROM sqlite_schema WHERE type = 'table' \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        )?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let indexes: Vec<&String> = tables.iter().filter(|(_, is_index)| *is_index).map(|(name, _)| name).collect();
    for (name, is_index) in &tables {
        // The tables in which an index of words is stored belong to it.
        let is_part = indexes.iter().any(|index| name.strip_prefix(index.as_str()).is_some_and(|n| n.starts_with('_')));
        if *is_index {
            conn.execute(&format!("INSERT INTO {name} ({name}) VALUES ('delete-all')"), [])?;
        } else if !is_part && !KEPT.contains(&name.as_str()) {
            conn.execute(&format!("DELETE FROM {name}"), [])?;
        }
    }
    conn.execute("DELETE FROM jobs WHERE kind <> 'erase'", [])?;
    conn.execute("DELETE FROM settings WHERE key NOT IN (?1, ?2, ?3, ?4, ?5)", KEPT_SETTINGS)?;
    conn.execute(
        "UPDATE media SET status_id = NULL, remove_at = ?1 WHERE remove_at IS NULL AND file IS NOT NULL",
        [now],
    )?;
    conn.execute("DELETE FROM media WHERE file IS NULL", [])?;
    Ok(())
}

/// Removes some of the posts, at most this many. Returns `false` if there are none.
pub fn clear_posts(conn: &Conn, most: usize) -> Result<bool> {
    let sql = "DELETE FROM statuses WHERE id IN (SELECT id FROM statuses ORDER BY id LIMIT ?1)";
    Ok(conn.prepare_cached(sql)?.execute([most as i64])? > 0)
}

/// Removes some of the remote actors, at most this many. Returns `false` if there are none. No delivery may wait.
pub fn clear_actors(conn: &Conn, most: usize) -> Result<bool> {
    let sql = "DELETE FROM actors WHERE id IN (SELECT id FROM actors WHERE local = 0 LIMIT ?1)";
    Ok(conn.prepare_cached(sql)?.execute([most as i64])? > 0)
}

/// Removes what is known of other servers. No delivery may wait.
pub fn clear_hosts(conn: &Conn) -> Result<()> {
    conn.execute_batch("DELETE FROM hosts; DELETE FROM host_policies;")?;
    Ok(())
}
