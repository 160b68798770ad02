//! The owner's custom emoji.

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::database::column_types::to_json;
use crate::error::Result;
use crate::protocol::time::Timestamp;

/// A custom emoji of the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomEmoji {
    /// Its number, which its ActivityPub id contains.
    pub id: i64,
    /// The name between the colons.
    pub shortcode: String,
    /// Its group in emoji pickers.
    pub category: Option<String>,
    /// The file below the media directory.
    pub file: String,
    /// The file of the first frame; the same file if the picture does not move.
    pub still: String,
    /// The URL of the file.
    pub url: String,
    /// The URL of the first frame.
    pub still_url: String,
    /// The media type of the file.
    pub media_type: String,
    /// Emoji pickers offer it.
    pub listed: bool,
    /// When its picture or its name last changed.
    pub updated_at: Timestamp,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, shortcode, category, file, still, url, still_url, media_type, listed, updated_at FROM custom_emoji ",
            $rest
        )
    };
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<CustomEmoji> {
    Ok(CustomEmoji {
        id: r.get(0)?,
        shortcode: r.get(1)?,
        category: r.get(2)?,
        file: r.get(3)?,
        still: r.get(4)?,
        url: r.get(5)?,
        still_url: r.get(6)?,
        media_type: r.get(7)?,
        listed: r.get(8)?,
        updated_at: r.get(9)?,
    })
}

/// Stores an emoji, in place of one with the same number.
pub fn put(conn: &Conn, e: &CustomEmoji) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO custom_emoji VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO UPDATE SET \
         shortcode = ?2, category = ?3, file = ?4, still = ?5, url = ?6, still_url = ?7, media_type = ?8, listed = ?9, \
         updated_at = ?10",
    )?
    .execute(params![
        e.id,
        e.shortcode,
        e.category,
        e.file,
        e.still,
        e.url,
        e.still_url,
        e.media_type,
        e.listed,
        e.updated_at
    ])?;
    Ok(())
}

/// Removes an emoji.
pub fn remove(conn: &Conn, id: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM custom_emoji WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// The emoji with this number.
pub fn get(conn: &Conn, id: i64) -> Result<Option<CustomEmoji>> {
    const SQL: &str = select!("WHERE id = ?1");
    Ok(conn.prepare_cached(SQL)?.query_row([id], from_row).optional()?)
}

/// The emoji with this name.
pub fn by_name(conn: &Conn, shortcode: &str) -> Result<Option<CustomEmoji>> {
    const SQL: &str = select!("WHERE shortcode = ?1");
    Ok(conn.prepare_cached(SQL)?.query_row([shortcode], from_row).optional()?)
}

/// The emoji with these names, as far as there are such.
pub fn among(conn: &Conn, names: &[&str]) -> Result<Vec<CustomEmoji>> {
    const SQL: &str = select!("WHERE shortcode IN (SELECT value FROM json_each(?1))");
    Ok(conn.prepare_cached(SQL)?.query_map([to_json(&names)], from_row)?.collect::<Result<_, _>>()?)
}

/// All emoji in the order of their names.
pub fn all(conn: &Conn) -> Result<Vec<CustomEmoji>> {
    const SQL: &str = select!("ORDER BY shortcode");
    Ok(conn.prepare_cached(SQL)?.query_map([], from_row)?.collect::<Result<_, _>>()?)
}

/// The number of emoji.
pub fn count(conn: &Conn) -> Result<u32> {
    Ok(conn.prepare_cached("SELECT count(*) FROM custom_emoji")?.query_row([], |r| r.get(0))?)
}

/// Gives the reactions with a picture another one, or none.
pub fn change_reactions(conn: &Conn, url: &str, to: Option<&str>) -> Result<()> {
    conn.prepare_cached("UPDATE reactions SET url = ?2 WHERE url = ?1")?.execute(params![url, to])?;
    Ok(())
}
