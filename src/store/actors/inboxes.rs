//! Which actors and hosts receive at an inbox.

use rusqlite::params;

use crate::error::Result;
use crate::store::Conn;

/// The ActivityPub ids of the remote actors with this inbox, of their own or shared: actors that follow the owner first.
pub fn uris_by_inbox(conn: &Conn, inbox: &str, limit: u32) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT uri FROM actors WHERE (inbox = ?1 OR shared_inbox = ?1) AND local = 0 AND gone_at IS NULL \
             ORDER BY id NOT IN (SELECT follower_id FROM follows), id LIMIT ?2",
        )?
        .query_map(params![inbox, limit], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// The hosts of the remote actors with this inbox, of their own or shared: mostly one.
pub fn hosts_behind_inbox(conn: &Conn, inbox: &str) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT host FROM actors WHERE (inbox = ?1 OR shared_inbox = ?1) AND local = 0 LIMIT 2";
    Ok(conn.prepare_cached(sql)?.query_map([inbox], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// One inbox of each host that we have dealt with, with the host, those heard last first.
pub fn inboxes_of_hosts(conn: &Conn, most: usize) -> Result<Vec<(String, String)>> {
    let rows = conn
        .prepare_cached(
            "SELECT ifnull(max(a.shared_inbox), max(a.inbox)), a.host FROM hosts h JOIN actors a ON a.host = h.host \
             WHERE (h.last_heard IS NOT NULL OR h.last_delivered IS NOT NULL) AND a.local = 0 AND a.gone_at IS NULL \
             AND a.limited < 2 AND a.inbox <> '' GROUP BY a.host \
             ORDER BY max(ifnull(h.last_heard, 0), ifnull(h.last_delivered, 0)) DESC LIMIT ?1",
        )?
        .query_map([most as i64], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
