//! What this server does not want of others, and, in allow-list mode, whom it wants.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::{by_index, integer_columns};
use crate::store::database::pagination::Page;

/// How far a host is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Severity {
    /// Wholly.
    #[default]
    Allow = 0,
    /// Its posts reach followers, and are in no public place.
    Silence = 1,
    /// Not at all.
    Suspend = 2,
}

impl Severity {
    /// All of them, in the order of their numbers.
    const ALL: [Self; 3] = [Self::Allow, Self::Silence, Self::Suspend];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Silence => "silence",
            Self::Suspend => "suspend",
        }
    }
}

integer_columns! {
    Severity: |s| *s as i64, |n| by_index(&Severity::ALL, n);
}

/// What was decided on a host and everything below it.
#[derive(Debug, Clone)]
pub struct HostPolicy {
    /// The host.
    pub host: String,
    /// How far it is let in.
    pub severity: Severity,
    /// Its media are not taken.
    pub reject_media: bool,
    /// Why.
    pub comment: String,
    /// Since when.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "host, severity, reject_media, comment, created_at";

fn from_row(r: &Row<'_>) -> rusqlite::Result<HostPolicy> {
    Ok(HostPolicy {
        host: r.get(0)?,
        severity: r.get(1)?,
        reject_media: r.get(2)?,
        comment: r.get(3)?,
        created_at: r.get(4)?,
    })
}

/// What was decided on exactly this host.
pub fn get(conn: &Conn, host: &str) -> Result<Option<HostPolicy>> {
    let sql = format!("SELECT {COLUMNS} FROM host_policies WHERE host = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([host], from_row).optional()?)
}

/// Everything that was decided.
pub fn list(conn: &Conn) -> Result<Vec<HostPolicy>> {
    let sql = format!("SELECT {COLUMNS} FROM host_policies ORDER BY host");
    Ok(conn.prepare_cached(&sql)?.query_map([], from_row)?.collect::<Result<_, _>>()?)
}

/// The suspended hosts, the last decided ones first, with the page cursor. Hosts that were decided at the same time are on the
/// same page.
pub fn suspended(conn: &Conn, page: &Page) -> Result<Vec<(i64, String)>> {
    let order = page.order();
    let edge = if page.from_oldest { "created_at <= (SELECT max(at)" } else { "created_at >= (SELECT min(at)" };
    let sql = format!(
        "SELECT created_at, host FROM host_policies WHERE severity = 2 AND created_at < ?1 AND created_at > ?2 AND {edge} \
         FROM (SELECT created_at AS at FROM host_policies WHERE severity = 2 AND created_at < ?1 AND created_at > ?2 \
         ORDER BY created_at {order} LIMIT ?3)) ORDER BY created_at {order}, host {order}"
    );
    page.read(conn, &sql, params![page.below, page.above, page.limit], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Decides on a host, or again.
pub fn set(conn: &Conn, p: &HostPolicy) -> Result<()> {
    conn.execute(
        "INSERT INTO host_policies VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (host) DO UPDATE SET severity = ?2, reject_media = ?3, comment = ?4",
        params![p.host, p.severity, p.reject_media, p.comment, p.created_at],
    )?;
    Ok(())
}

/// Forgets what was decided. Returns `false` if nothing was.
pub fn remove(conn: &Conn, host: &str) -> Result<bool> {
    Ok(conn.execute("DELETE FROM host_policies WHERE host = ?1", [host])? == 1)
}

/// Where actors are: the host of their documents, and the domain of their handles, which may be another.
pub type ActorHosts = (String, String);

/// The places of all remote actors that are known.
pub fn places_of_actors(conn: &Conn) -> Result<Vec<ActorHosts>> {
    Ok(conn
        .prepare_cached("SELECT DISTINCT host, domain FROM actors WHERE local = 0")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

/// Notes on every actor of a place how far it is let in. Returns how many changed.
pub fn limit_actors(conn: &Conn, (host, domain): &ActorHosts, severity: Severity) -> Result<usize> {
    Ok(conn
        .prepare_cached(
            "UPDATE actors SET limited = ?3 WHERE host = ?1 AND domain = ?2 AND local = 0 AND limited <> ?3",
        )?
        .execute(params![host, domain, severity])?)
}

/// The actors of a place that the owner follows or is followed by, or that has requested it or was requested.
pub fn followed_or_following(conn: &Conn, (host, domain): &ActorHosts) -> Result<Vec<ActorId>> {
    Ok(conn
        .prepare_cached(
            "SELECT a.id FROM actors a WHERE a.host = ?1 AND a.domain = ?2 AND a.local = 0 \
             AND (EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = a.id) \
             OR EXISTS (SELECT 1 FROM follows f WHERE f.target_id = a.id))",
        )?
        .query_map([host, domain], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Removes what the actors of a place have in the timelines and notifications.
pub fn clear_from_view(conn: &Conn, (host, domain): &ActorHosts) -> Result<()> {
    let of = "SELECT id FROM actors WHERE host = ?1 AND domain = ?2 AND local = 0";
    conn.execute(
        &format!(
            "DELETE FROM timelines WHERE status_id IN (SELECT s.id FROM statuses s WHERE s.actor_id IN ({of}) \
             UNION ALL SELECT b.id FROM statuses s JOIN statuses b ON b.boost_of_id = s.id WHERE s.actor_id IN ({of}))"
        ),
        [host, domain],
    )?;
    conn.execute(&format!("DELETE FROM notifications WHERE actor_id IN ({of})"), [host, domain])?;
    Ok(())
}

/// Removes the media of a place: attachments, pictures of actors, custom emoji; those of former versions too.
pub fn remove_media(conn: &Conn, (host, domain): &ActorHosts) -> Result<()> {
    let of = "SELECT id FROM actors WHERE host = ?1 AND domain = ?2 AND local = 0";
    let posts = format!("SELECT id FROM statuses WHERE actor_id IN ({of})");
    conn.execute(
        &format!(
            "DELETE FROM media WHERE status_id IN ({posts}) OR id IN \
             (SELECT value FROM status_edits e, json_each(e.media) WHERE e.status_id IN ({posts}))"
        ),
        [host, domain],
    )?;
    conn.execute(
        &format!("UPDATE status_edits SET media = '[]', emoji = '[]' WHERE status_id IN ({posts})"),
        [host, domain],
    )?;
    conn.execute(&format!("UPDATE statuses SET emoji = '[]' WHERE actor_id IN ({of})"), [host, domain])?;
    conn.execute(&format!("UPDATE reactions SET url = NULL WHERE actor_id IN ({of})"), [host, domain])?;
    conn.execute(
        "UPDATE actors SET avatar = NULL, header = NULL, emoji = '[]' WHERE host = ?1 AND domain = ?2 AND local = 0",
        [host, domain],
    )?;
    Ok(())
}
