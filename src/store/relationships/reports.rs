//! Reports about actors and posts, the ones that came in and the ones that the owner sent.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::database::column_types::{from_json, to_json};
use crate::store::{Conn, quota};

/// A report.
#[derive(Debug, Clone)]
pub struct Report {
    /// Its row.
    pub id: i64,
    /// The id of its Flag, if it has one.
    pub uri: Option<String>,
    /// The reporter. Mastodon sends with the actor of the whole server.
    pub actor: ActorId,
    /// The reported actor.
    pub target: Option<ActorId>,
    /// About which posts, by their ids.
    pub objects: Vec<String>,
    /// Why.
    pub comment: String,
    /// When.
    pub created_at: Timestamp,
    /// When the owner closed it.
    pub closed_at: Option<Timestamp>,
    /// What kind of offence: `spam`, `legal`, `violation` or `other`.
    pub category: String,
    /// The rules of this server that the reported account breaks, by their ids.
    pub rules: Vec<u32>,
}

const SELECT: &str = "SELECT r.id, r.uri, r.actor_id, r.target_id, r.objects, r.comment, r.created_at, r.closed_at, \
     r.category, r.rules \
     FROM reports r JOIN actors a ON a.id = r.actor_id";

fn from_row(r: &Row<'_>) -> rusqlite::Result<Report> {
    Ok(Report {
        id: r.get(0)?,
        uri: r.get(1)?,
        actor: r.get(2)?,
        target: r.get(3)?,
        objects: from_json(r.get_ref(4)?.as_str()?),
        comment: r.get(5)?,
        created_at: r.get(6)?,
        closed_at: r.get(7)?,
        category: r.get(8)?,
        rules: from_json(r.get_ref(9)?.as_str()?),
    })
}

/// Stores a report. Returns `false` if it is stored already.
pub fn insert(conn: &Conn, r: &Report) -> Result<bool> {
    let added = conn.execute(
        "INSERT INTO reports VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
        params![
            r.id,
            r.uri,
            r.actor,
            r.target,
            to_json(&r.objects),
            r.comment,
            r.created_at,
            r.closed_at,
            r.category,
            to_json(&r.rules)
        ],
    )?;
    Ok(added == 1)
}

/// How many open reports came from the hosts that count under this name ([`quota::key`]).
pub fn count_open_from(conn: &Conn, name: &str) -> Result<i64> {
    let sql = "SELECT a.host, count(*) FROM reports r CROSS JOIN actors a ON a.id = r.actor_id \
               WHERE a.local = 0 AND r.closed_at IS NULL GROUP BY a.host";
    let mut query = conn.prepare_cached(sql)?;
    let mut rows = query.query([])?;
    let mut open = 0;
    while let Some(row) = rows.next()? {
        if quota::key(conn, &row.get::<_, String>(0)?)? == name {
            open += row.get::<_, i64>(1)?;
        }
    }
    Ok(open)
}

/// The report with this id.
pub fn get(conn: &Conn, id: i64) -> Result<Option<Report>> {
    let sql = format!("{SELECT} WHERE r.id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// Reports that came in, newest first.
pub fn incoming(conn: &Conn, limit: u32) -> Result<Vec<Report>> {
    let sql = format!("{SELECT} WHERE a.local = 0 ORDER BY r.id DESC LIMIT ?1");
    Ok(conn.prepare_cached(&sql)?.query_map([limit], from_row)?.collect::<Result<_, _>>()?)
}
