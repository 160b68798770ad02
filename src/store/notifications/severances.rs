//! Follows that ended because the owner suspended a server.

use std::collections::HashMap;

use rusqlite::params;

use crate::error::Result;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::IdList;

/// The follows that ended with one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Severance {
    /// Its id.
    pub id: i64,
    /// The server.
    pub host: String,
    /// How many of its actors followed the owner.
    pub followers: i64,
    /// How many of its actors the owner followed.
    pub following: i64,
    /// When they ended.
    pub created_at: Timestamp,
}

/// Stores ended follows.
pub fn insert(conn: &Conn, s: &Severance) -> Result<()> {
    conn.execute(
        "INSERT INTO severances (id, host, followers, following, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![s.id, s.host, s.followers, s.following, s.created_at],
    )?;
    Ok(())
}

/// Those with these ids.
pub fn among(conn: &Conn, ids: &IdList) -> Result<HashMap<i64, Severance>> {
    let sql = "SELECT id, host, followers, following, created_at FROM severances \
               WHERE id IN (SELECT value FROM json_each(?1))";
    let mut query = conn.prepare_cached(sql)?;
    let rows = query.query_map([ids], |r| {
        let id = r.get(0)?;
        let (host, followers, following) = (r.get(1)?, r.get(2)?, r.get(3)?);
        Ok((id, Severance { id, host, followers, following, created_at: r.get(4)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
