//! Hashtags of statuses.

use std::collections::HashMap;

use rusqlite::params;

use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{StatusId, first_id_at};
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::{IdList, to_json};
use crate::store::database::pagination::Page;
use crate::store::timelines::PublicScope;
use crate::store::visibility::{Viewer, shown_to, visible_to};

/// Replaces the hashtags of a status. Tags are lower-case without `#`.
pub fn replace(conn: &Conn, status: StatusId, tags: &[String]) -> Result<()> {
    conn.prepare_cached("DELETE FROM status_tags WHERE status_id = ?1")?.execute([status])?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO status_tags (tag, status_id, actor_id) SELECT ?1, id, actor_id FROM statuses WHERE id = ?2 \
         ON CONFLICT DO NOTHING",
    )?;
    for tag in tags {
        insert.execute(params![tag, status])?;
    }
    Ok(())
}

/// The hashtags of these statuses.
pub fn of_statuses(conn: &Conn, statuses: &IdList) -> Result<HashMap<StatusId, Vec<String>>> {
    let sql =
        "SELECT status_id, tag FROM status_tags WHERE status_id IN (SELECT value FROM json_each(?1)) ORDER BY tag";
    let mut found: HashMap<StatusId, Vec<String>> = HashMap::new();
    for row in conn.prepare_cached(sql)?.query_map([statuses], |r| Ok((r.get(0)?, r.get(1)?)))? {
        let (status, tag) = row?;
        found.entry(status).or_default().push(tag);
    }
    Ok(found)
}

/// Which statuses the timeline of a hashtag shows. Tags are lower-case without `#`.
#[derive(Debug, Clone)]
pub struct HashtagQuery {
    /// A status has one of these hashtags.
    pub any: Vec<String>,
    /// And all of these.
    pub all: Vec<String>,
    /// And none of these.
    pub none: Vec<String>,
    /// The servers that the statuses are from.
    pub scope: PublicScope,
    /// Only statuses with media.
    pub only_media: bool,
}

impl HashtagQuery {
    /// The statuses with one hashtag.
    pub fn one(tag: &str, scope: PublicScope) -> Self {
        Self { any: vec![tag.to_owned()], all: Vec::new(), none: Vec::new(), scope, only_media: false }
    }
}

/// Public statuses with a hashtag that `viewer` may see.
pub fn timeline(conn: &Conn, viewer: Viewer, query: &HashtagQuery, page: &Page) -> Result<Vec<StatusId>> {
    // With one hashtag, the index has the statuses in order.
    let any = match query.any.len() {
        1 => "t.tag = ?1",
        _ => "t.tag IN (SELECT value FROM json_each(?1))",
    };
    let scope = query.scope.condition();
    let media = if query.only_media { "AND s.has_media = 1" } else { "" };
    let sql = format!(
        "SELECT DISTINCT t.status_id FROM status_tags t JOIN statuses s ON s.id = t.status_id WHERE {any} \
         AND t.status_id < ?2 AND t.status_id > ?3 AND s.visibility = 0 {scope} {media} \
         AND NOT EXISTS (SELECT 1 FROM json_each(?5) j WHERE NOT EXISTS \
           (SELECT 1 FROM status_tags w WHERE w.tag = j.value AND w.status_id = s.id)) \
         AND NOT EXISTS (SELECT 1 FROM json_each(?6) j JOIN status_tags w ON w.tag = j.value AND w.status_id = s.id) \
         AND {} AND {} ORDER BY t.status_id {} LIMIT ?4",
        visible_to(viewer, "s"),
        shown_to(viewer, "s"),
        page.order()
    );
    let any = match &query.any[..] {
        [tag] => tag.clone(),
        tags => to_json(&tags),
    };
    let (all, none) = (to_json(&query.all), to_json(&query.none));
    page.read(conn, &sql, params![any, page.below, page.above, page.limit, all, none], |r| r.get(0))
}

/// The uses of these hashtags in public posts since a time, by tag and day (days since 1970): posts, and their authors.
/// Everyone but the owner sees only those of the owner.
pub fn uses_by_day(
    conn: &Conn,
    viewer: Viewer,
    tags: &[String],
    since: Timestamp,
) -> Result<HashMap<(String, i64), (i64, i64)>> {
    let sql = "SELECT t.tag, s.created_at / 86400000, count(*), count(DISTINCT s.actor_id) FROM json_each(?1) j \
               CROSS JOIN status_tags t ON t.tag = j.value AND t.status_id >= ?2 JOIN statuses s ON s.id = t.status_id \
               WHERE s.visibility = 0 AND (?3 OR s.local = 1) GROUP BY 1, 2";
    let first = first_id_at(since);
    let mut uses = HashMap::new();
    let read = |r: &rusqlite::Row<'_>| Ok(((r.get(0)?, r.get(1)?), (r.get(2)?, r.get(3)?)));
    for row in conn.prepare_cached(sql)?.query_map(params![to_json(&tags), first, viewer.is_owner()], read)? {
        let (key, counts) = row?;
        uses.insert(key, counts);
    }
    Ok(uses)
}

/// Hashtags that begin with `prefix` of statuses that `viewer` may see, most used there first. Of the uses, in the order of the
/// tags, the first [`limits::HASHTAG_USES_SEARCHED`] count.
pub fn search(conn: &Conn, viewer: Viewer, prefix: &str, (limit, offset): (u32, u32)) -> Result<Vec<String>> {
    let end = format!("{prefix}\u{10FFFF}");
    let sql = format!(
        "SELECT t.tag FROM (SELECT tag, status_id FROM status_tags WHERE tag >= ?1 AND tag < ?2 LIMIT ?5) t \
         JOIN statuses s ON s.id = t.status_id WHERE {} AND {} \
         GROUP BY t.tag ORDER BY count(*) DESC, t.tag LIMIT ?3 OFFSET ?4",
        visible_to(viewer, "s"),
        shown_to(viewer, "s")
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![prefix, end, limit, offset, limits::HASHTAG_USES_SEARCHED], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
