//! Media attachments, own and remote.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::database::column_types::IdList;
use super::database::pagination::Page;
use crate::error::Result;
use crate::protocol::activitystreams::types::{Attachment, MediaKind};
use crate::protocol::ids::{MediaId, StatusId, TokenId};
use crate::protocol::time::Timestamp;

/// A media attachment as stored.
#[derive(Debug, Clone)]
pub struct Media {
    /// Our id for it.
    pub id: MediaId,
    /// The status that it belongs to; none while it is only uploaded.
    pub status_id: Option<StatusId>,
    /// The token that uploaded it; none for the web page.
    pub token_id: Option<TokenId>,
    /// What it is.
    pub kind: MediaKind,
    /// Its media type.
    pub media_type: Option<String>,
    /// Own: a file below the media directory.
    pub file: Option<String>,
    /// Own: its preview.
    pub preview: Option<String>,
    /// Remote: where it is.
    pub remote_url: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its blurhash.
    pub blurhash: Option<String>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
    /// Width and height of the preview.
    pub preview_size: Option<(u32, u32)>,
    /// The point to keep in view.
    pub focus: Option<(f32, f32)>,
    /// Own: duration in seconds.
    pub seconds: Option<f64>,
    /// Own: frames in a second.
    pub frame_rate: Option<f64>,
    /// When it was uploaded or received.
    pub created_at: Timestamp,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, status_id, token_id, kind, media_type, file, preview, remote_url, description, blurhash, \
             width, height, preview_width, preview_height, focus_x, focus_y, created_at, seconds, frame_rate \
             FROM media WHERE ",
            $rest
        )
    };
}

fn pair<T>(a: Option<T>, b: Option<T>) -> Option<(T, T)> {
    a.zip(b)
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<Media> {
    Ok(Media {
        id: r.get(0)?,
        status_id: r.get(1)?,
        token_id: r.get(2)?,
        kind: r.get(3)?,
        media_type: r.get(4)?,
        file: r.get(5)?,
        preview: r.get(6)?,
        remote_url: r.get(7)?,
        description: r.get(8)?,
        blurhash: r.get(9)?,
        size: pair(r.get(10)?, r.get(11)?),
        preview_size: pair(r.get(12)?, r.get(13)?),
        focus: pair(r.get(14)?, r.get(15)?),
        created_at: r.get(16)?,
        seconds: r.get(17)?,
        frame_rate: r.get(18)?,
    })
}

/// The attachment with this id.
pub fn get(conn: &Conn, id: MediaId) -> Result<Option<Media>> {
    const SQL: &str = select!("id = ?1");
    Ok(conn.prepare_cached(SQL)?.query_row([id], from_row).optional()?)
}

/// The ones of these attachments that are stored, by their id.
pub fn among<'a>(conn: &Conn, ids: impl Iterator<Item = &'a MediaId>) -> Result<HashMap<MediaId, Media>> {
    const SQL: &str = select!("id IN (SELECT value FROM json_each(?1))");
    let ids = IdList::new(ids.map(|id| id.0));
    let by_id = |r: &Row<'_>| from_row(r).map(|media| (media.id, media));
    Ok(conn.prepare_cached(SQL)?.query_map([ids], by_id)?.collect::<Result<_, _>>()?)
}

/// The attachments of a status, in order.
pub fn of_status(conn: &Conn, status: StatusId) -> Result<Vec<Media>> {
    const SQL: &str = select!("status_id = ?1 ORDER BY position, id");
    Ok(conn.prepare_cached(SQL)?.query_map([status], from_row)?.collect::<Result<_, _>>()?)
}

/// The attachments of these statuses, each list in order.
pub fn of_statuses(conn: &Conn, statuses: &IdList) -> Result<HashMap<StatusId, Vec<Media>>> {
    const SQL: &str = select!(
        "status_id IN (SELECT value FROM json_each(?1)) \
         ORDER BY status_id, position, id"
    );
    let mut found: HashMap<StatusId, Vec<Media>> = HashMap::new();
    for media in conn.prepare_cached(SQL)?.query_map([statuses], from_row)? {
        let media = media?;
        if let Some(status) = media.status_id {
            found.entry(status).or_default().push(media);
        }
    }
    Ok(found)
}

/// Which uploads of the owner are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uploads {
    /// All of them.
    All,
    /// Those without a description.
    Undescribed,
}

/// One page of the owner's uploads, newest first.
pub fn uploads(conn: &Conn, which: Uploads, page: &Page) -> Result<Vec<Media>> {
    const ALL: &str =
        select!("file IS NOT NULL AND remove_at IS NULL AND id < ?1 AND id > ?2 ORDER BY id DESC LIMIT ?3");
    const UNDESCRIBED: &str = select!(
        "file IS NOT NULL AND remove_at IS NULL AND description IS NULL AND id < ?1 AND id > ?2 ORDER BY id DESC LIMIT ?3"
    );
    let sql = if which == Uploads::All { ALL } else { UNDESCRIBED };
    page.read(conn, sql, params![page.below, page.above, page.limit], from_row)
}

/// The number of the owner's uploads without a description.
pub fn count_undescribed(conn: &Conn) -> Result<i64> {
    let sql = "SELECT count(*) FROM media WHERE file IS NOT NULL AND remove_at IS NULL AND description IS NULL";
    Ok(conn.prepare_cached(sql)?.query_row([], |r| r.get(0))?)
}

/// Inserts an uploaded file.
pub fn insert_upload(conn: &Conn, m: &Media) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO media (id, token_id, kind, media_type, file, preview, description, blurhash, width, height, \
         preview_width, preview_height, focus_x, focus_y, created_at, seconds, frame_rate) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?
    .execute(params![
        m.id,
        m.token_id,
        m.kind,
        m.media_type,
        m.file,
        m.preview,
        m.description,
        m.blurhash,
        m.size.map(|s| s.0),
        m.size.map(|s| s.1),
        m.preview_size.map(|s| s.0),
        m.preview_size.map(|s| s.1),
        m.focus.map(|f| f.0),
        m.focus.map(|f| f.1),
        m.created_at,
        m.seconds,
        m.frame_rate,
    ])?;
    Ok(())
}

/// Returns `true` if a remote status has exactly these attachments.
pub fn are_these(media: &[Media], attachments: &[Attachment]) -> bool {
    let is = |(m, a): (&Media, &Attachment)| {
        m.remote_url.as_ref() == Some(&a.url)
            && (m.kind, &m.media_type) == (a.kind, &a.media_type)
            && (&m.description, &m.blurhash) == (&a.description, &a.blurhash)
            && (m.size, m.focus) == (a.width.zip(a.height), a.focus)
    };
    media.len() == attachments.len() && media.iter().zip(attachments).all(is)
}

/// Replaces the attachments of a remote status. If it has these already they keep their ids; else what it had is set
/// free, because a former state of it may still show that.
pub fn replace_remote(
    conn: &Conn,
    status: StatusId,
    attachments: &[Attachment],
    mut next_id: impl FnMut() -> i64,
    now: Timestamp,
) -> Result<()> {
    if are_these(&of_status(conn, status)?, attachments) {
        return Ok(());
    }
    conn.prepare_cached("UPDATE media SET status_id = NULL WHERE status_id = ?1")?.execute([status])?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO media (id, status_id, position, kind, media_type, remote_url, description, blurhash, width, height, \
         focus_x, focus_y, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    for (position, a) in attachments.iter().enumerate() {
        insert.execute(params![
            next_id(),
            status,
            position as i64,
            a.kind,
            a.media_type,
            a.url,
            a.description,
            a.blurhash,
            a.width,
            a.height,
            a.focus.map(|f| f.0),
            a.focus.map(|f| f.1),
            now,
        ])?;
    }
    Ok(())
}

/// Changes what is said about an attachment.
pub fn describe(conn: &Conn, id: MediaId, description: Option<&str>, focus: Option<(f32, f32)>) -> Result<()> {
    conn.prepare_cached("UPDATE media SET description = ?2, focus_x = ?3, focus_y = ?4 WHERE id = ?1")?
        .execute(params![id, description, focus.map(|f| f.0), focus.map(|f| f.1)])?;
    Ok(())
}

/// Sets the preview of an upload.
pub fn set_preview(conn: &Conn, id: MediaId, file: &str, size: (u32, u32), blurhash: &str) -> Result<()> {
    conn.prepare_cached(
        "UPDATE media SET preview = ?2, preview_width = ?3, preview_height = ?4, blurhash = ?5 WHERE id = ?1",
    )?
    .execute(params![id, file, size.0, size.1, blurhash])?;
    Ok(())
}

/// Returns `true` if an upload belonged to a post that was deleted or edited, which may show it again.
pub fn was_attached(conn: &Conn, id: MediaId) -> Result<bool> {
    Ok(conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM media WHERE id = ?1 AND remove_at IS NOT NULL) \
             OR EXISTS (SELECT 1 FROM status_edits, json_each(status_edits.media) WHERE value = ?1)",
        [id],
        |r| r.get(0),
    )?)
}

/// Joins uploads to a status, in this order. The ones that it had and that are not named are set free.
pub fn attach(conn: &Conn, status: StatusId, media: &[MediaId]) -> Result<()> {
    conn.prepare_cached("UPDATE media SET status_id = NULL WHERE status_id = ?1")?.execute([status])?;
    let mut set =
        conn.prepare_cached("UPDATE media SET status_id = ?2, position = ?3, remove_at = NULL WHERE id = ?1")?;
    for (position, id) in media.iter().enumerate() {
        set.execute(params![id, status, position as i64])?;
    }
    Ok(())
}

/// Takes its uploads from a status of this server: from now on they are not served, and at `remove_at` they are removed.
pub fn withdraw(conn: &Conn, status: StatusId, remove_at: Timestamp) -> Result<()> {
    conn.prepare_cached("UPDATE media SET status_id = NULL, remove_at = ?2 WHERE status_id = ?1 AND file IS NOT NULL")?
        .execute(params![status, remove_at])?;
    Ok(())
}

/// As [`withdraw`], for the uploads in a list that no status has.
pub fn withdraw_detached(conn: &Conn, media: &[MediaId], remove_at: Timestamp) -> Result<()> {
    let mut set = conn
        .prepare_cached("UPDATE media SET remove_at = ?2 WHERE id = ?1 AND status_id IS NULL AND file IS NOT NULL")?;
    for id in media {
        set.execute(params![id, remove_at])?;
    }
    Ok(())
}

/// Notes that a file without a row of its own (a profile picture) is to be removed, unless something still needs it.
pub fn discard_file(conn: &Conn, id: MediaId, file: &str, now: Timestamp) -> Result<()> {
    conn.prepare_cached("INSERT INTO media (id, kind, file, created_at, remove_at) VALUES (?1, 4, ?2, ?3, ?3)")?
        .execute(params![id, file, now])?;
    Ok(())
}

/// Withdrawn uploads whose time has come.
pub fn to_remove(conn: &Conn, now: Timestamp) -> Result<Vec<Media>> {
    const SQL: &str = select!("remove_at <= ?1 ORDER BY remove_at LIMIT 100");
    Ok(conn.prepare_cached(SQL)?.query_map([now], from_row)?.collect::<Result<_, _>>()?)
}

/// Returns `true` if a file is served: an upload that is not withdrawn has it, a profile of this server, or a custom emoji.
pub fn is_served(conn: &Conn, file: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM media WHERE file = ?1 AND remove_at IS NULL) \
                   OR EXISTS (SELECT 1 FROM media WHERE preview = ?1 AND remove_at IS NULL) \
                   OR EXISTS (SELECT 1 FROM custom_emoji WHERE file = ?1 OR still = ?1) \
                   OR EXISTS (SELECT 1 FROM actors WHERE local = 1 AND (avatar = ?1 OR header = ?1))";
    Ok(conn.prepare_cached(sql)?.query_row([file], |r| r.get(0))?)
}

/// Removes an attachment's row.
pub fn delete(conn: &Conn, id: MediaId) -> Result<()> {
    conn.prepare_cached("DELETE FROM media WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Returns `true` if some row, some profile or some custom emoji still needs this file.
pub fn is_used(conn: &Conn, file: &str) -> Result<bool> {
    Ok(conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM media WHERE file = ?1) OR EXISTS (SELECT 1 FROM media WHERE preview = ?1) \
             OR EXISTS (SELECT 1 FROM custom_emoji WHERE file = ?1 OR still = ?1) \
             OR EXISTS (SELECT 1 FROM actors WHERE local = 1 AND (avatar = ?1 OR header = ?1))",
        [file],
        |r| r.get(0),
    )?)
}

/// Uploads that were never attached, and remote media that an edit has left without a history, older than this.
pub fn abandoned(conn: &Conn, before: Timestamp) -> Result<Vec<Media>> {
    const SQL: &str = select!(
        "status_id IS NULL AND created_at < ?1 AND remove_at IS NULL \
         AND id NOT IN (SELECT media_id FROM scheduled_media) AND id NOT IN (SELECT media_id FROM draft_media) \
         AND id NOT IN (SELECT value FROM status_edits, json_each(status_edits.media)) LIMIT 100"
    );
    Ok(conn.prepare_cached(SQL)?.query_map([before], from_row)?.collect::<Result<_, _>>()?)
}
