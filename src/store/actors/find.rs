//! Reads of single actors.

use rusqlite::{OptionalExtension, params};

use super::actor::{Actor, actor_columns, from_row};
use crate::error::Result;
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::ids::ActorId;
use crate::store::Conn;
use crate::store::database::column_types::IdList;

macro_rules! select {
    ($condition:literal) => {
        concat!("SELECT ", actor_columns!(), " FROM actors a WHERE ", $condition)
    };
}

fn one(conn: &Conn, sql: &str, args: impl rusqlite::Params) -> Result<Option<Actor>> {
    Ok(conn.prepare_cached(sql)?.query_row(args, from_row).optional()?)
}

/// The actor with this id.
pub fn get(conn: &Conn, id: ActorId) -> Result<Option<Actor>> {
    one(conn, select!("a.id = ?1"), [id])
}

/// The ones of these actors that are stored, in no particular order.
pub fn among(conn: &Conn, ids: &IdList) -> Result<Vec<Actor>> {
    const SQL: &str = select!("a.id IN (SELECT value FROM json_each(?1))");
    Ok(conn.prepare_cached(SQL)?.query_map([ids], from_row)?.collect::<Result<_, _>>()?)
}

/// The actor with this ActivityPub id, byte-exact.
pub fn by_uri(conn: &Conn, uri: &str) -> Result<Option<Actor>> {
    one(conn, select!("a.uri = ?1"), [uri])
}

/// Returns `true` if any actor of this host is stored.
pub fn any_on(conn: &Conn, host: &str) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM actors WHERE host = ?1)")?.query_row([host], |r| r.get(0))?)
}

/// The id alone of [`by_uri`].
pub fn id_by_uri(conn: &Conn, uri: &str) -> Result<Option<ActorId>> {
    Ok(conn.prepare_cached("SELECT id FROM actors WHERE uri = ?1")?.query_row([uri], |r| r.get(0)).optional()?)
}

/// The actor with this handle. `domain` is empty for our own actors. A name with `!` before it is that of a community
/// (Lemmy writes them so).
pub fn by_handle(conn: &Conn, username: &str, domain: &str) -> Result<Option<Actor>> {
    if let Some(name) = username.strip_prefix('!') {
        let group =
            select!("a.username = ?1 COLLATE NOCASE AND a.domain = ?2 AND a.kind = ?3 AND a.gone_at IS NULL LIMIT 1");
        return one(conn, group, params![name, domain, ActorKind::Group]);
    }
    one(
        conn,
        select!(
            "a.username = ?1 COLLATE NOCASE AND a.domain = ?2 AND a.gone_at IS NULL \
             ORDER BY a.username <> ?1, a.kind, a.fetched_at DESC LIMIT 1"
        ),
        [username, domain],
    )
}

/// The id of the remote actor whose page for people this is.
pub fn uri_by_page(conn: &Conn, url: &str) -> Result<Option<String>> {
    let sql =
        "SELECT uri FROM actors WHERE url = ?1 AND local = 0 AND url <> uri AND gone_at IS NULL ORDER BY id LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([url], |r| r.get(0)).optional()?)
}
