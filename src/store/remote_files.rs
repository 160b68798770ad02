//! Files of other servers in the cache.

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::database::column_types::to_json;
use crate::error::Result;
use crate::protocol::time::Timestamp;

/// A file in the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFileRow {
    /// The digest of its URL: its name in the cache.
    pub key: String,
    /// Where it is from.
    pub url: String,
    /// What it belongs to, as in its address on this server.
    pub subject: String,
    /// Its media type, by its content.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// The digest of its content.
    pub digest: String,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// When it was last shown, to a few minutes.
    pub shown_at: Timestamp,
    /// The owner was shown it, not only visitors.
    pub for_owner: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT key, url, subject, media_type, bytes, digest, fetched_at, shown_at, for_owner FROM remote_files ",
            $rest
        )
    };
}

fn size_in(r: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(r.get::<_, i64>(column)?.unsigned_abs())
}

fn key_and_size(r: &Row<'_>) -> rusqlite::Result<(String, u64)> {
    Ok((r.get(0)?, size_in(r, 1)?))
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<RemoteFileRow> {
    Ok(RemoteFileRow {
        key: r.get(0)?,
        url: r.get(1)?,
        subject: r.get(2)?,
        media_type: r.get(3)?,
        bytes: size_in(r, 4)?,
        digest: r.get(5)?,
        fetched_at: r.get(6)?,
        shown_at: r.get(7)?,
        for_owner: r.get(8)?,
    })
}

/// The file with this key.
pub fn get(conn: &Conn, key: &str) -> Result<Option<RemoteFileRow>> {
    const SQL: &str = select!("WHERE key = ?1");
    Ok(conn.prepare_cached(SQL)?.query_row([key], from_row).optional()?)
}

/// The next files in the order of their keys.
pub fn after(conn: &Conn, key: &str, limit: u32) -> Result<Vec<RemoteFileRow>> {
    const SQL: &str = select!("WHERE key > ?1 ORDER BY key LIMIT ?2");
    Ok(conn.prepare_cached(SQL)?.query_map(params![key, limit], from_row)?.collect::<Result<_, _>>()?)
}

/// The keys among these that have no row.
pub fn unknown(conn: &Conn, keys: &[String]) -> Result<Vec<String>> {
    let sql =
        "SELECT j.value FROM json_each(?1) j WHERE NOT EXISTS (SELECT 1 FROM remote_files f WHERE f.key = j.value)";
    Ok(conn.prepare_cached(sql)?.query_map([to_json(&keys)], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// Stores the row of a file, in place of an earlier one.
pub fn put(conn: &Conn, f: &RemoteFileRow) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO remote_files VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (key) DO UPDATE SET \
         subject = ?3, media_type = ?4, bytes = ?5, digest = ?6, fetched_at = ?7, shown_at = max(shown_at, ?8), \
         for_owner = max(for_owner, ?9)",
    )?
    .execute(params![
        f.key,
        f.url,
        f.subject,
        f.media_type,
        f.bytes as i64,
        f.digest,
        f.fetched_at,
        f.shown_at,
        f.for_owner
    ])?;
    Ok(())
}

/// Removes the rows with these keys.
pub fn remove(conn: &Conn, keys: &[String]) -> Result<()> {
    conn.prepare_cached("DELETE FROM remote_files WHERE key IN (SELECT value FROM json_each(?1))")?
        .execute([to_json(&keys)])?;
    Ok(())
}

/// Records when files were last shown, and whether to the owner.
pub fn record_shown(conn: &Conn, shown: &[(String, Timestamp, bool)]) -> Result<()> {
    let mut update = conn.prepare_cached(
        "UPDATE remote_files SET shown_at = max(shown_at, ?2), for_owner = max(for_owner, ?3) WHERE key = ?1",
    )?;
    for (key, at, owner) in shown {
        update.execute(params![key, at, owner])?;
    }
    Ok(())
}

/// The size of the cache.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CacheSize {
    /// Files.
    pub files: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Bytes of those that only visitors were shown.
    pub visitor_bytes: u64,
}

/// The size of the cache, from an index that contains the sizes.
pub fn size(conn: &Conn) -> Result<CacheSize> {
    let sql = "SELECT for_owner, count(*), ifnull(sum(bytes), 0) FROM remote_files GROUP BY for_owner";
    let mut size = CacheSize::default();
    let mut rows = conn.prepare_cached(sql)?;
    for row in rows.query_map([], |r| Ok((r.get::<_, bool>(0)?, size_in(r, 1)?, size_in(r, 2)?)))? {
        let (for_owner, files, bytes) = row?;
        size.files += files;
        size.bytes += bytes;
        size.visitor_bytes += if for_owner { 0 } else { bytes };
    }
    Ok(size)
}

/// The files that were not shown for the longest time, with their sizes.
pub fn least_recently_shown(conn: &Conn, limit: u32) -> Result<Vec<(String, u64)>> {
    let sql = "SELECT key, bytes FROM remote_files ORDER BY shown_at LIMIT ?1";
    Ok(conn.prepare_cached(sql)?.query_map([limit], key_and_size)?.collect::<Result<_, _>>()?)
}

/// As [`least_recently_shown`], of the files that only visitors were shown.
pub fn least_recently_shown_to_visitors(conn: &Conn, limit: u32) -> Result<Vec<(String, u64)>> {
    let sql = "SELECT key, bytes FROM remote_files WHERE for_owner = 0 ORDER BY shown_at LIMIT ?1";
    Ok(conn.prepare_cached(sql)?.query_map([limit], key_and_size)?.collect::<Result<_, _>>()?)
}

/// Files that were last shown before a time, with their sizes.
pub fn not_shown_since(conn: &Conn, before: Timestamp, limit: u32) -> Result<Vec<(String, u64)>> {
    let sql = "SELECT key, bytes FROM remote_files WHERE shown_at < ?1 ORDER BY shown_at LIMIT ?2";
    Ok(conn.prepare_cached(sql)?.query_map(params![before, limit], key_and_size)?.collect::<Result<_, _>>()?)
}
