//! Link previews, and the posts that show them.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::database::column_types::IdList;
use super::database::pagination::Page;
use super::database::settings;
use super::search;
use super::timelines::PublicScope;
use super::visibility::{Viewer, shown_to, visible_to};
use crate::error::Result;
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::time::Timestamp;
use crate::protocol::web_page::{CardKind, CardPicture, PageMetadata};

/// A preview of a page that was fetched.
#[derive(Debug, Clone)]
pub struct PreviewCard {
    /// The link without its fragment.
    pub url: String,
    /// The host of the page, after redirects.
    pub host: String,
    /// What the page states. `creator` and `oembed` are not stored.
    pub page: PageMetadata,
    /// The account that the page names as its author.
    pub creator: Option<ActorId>,
}

macro_rules! card_columns {
    () => {
        "c.id, c.url, c.host, c.kind, c.title, c.description, c.author_name, c.author_url, c.provider_name, c.provider_url, \
         c.image, c.image_description, c.width, c.height, c.language, c.published_at, c.creator_id"
    };
}

fn from_row(r: &Row<'_>) -> rusqlite::Result<PreviewCard> {
    let size = r.get::<_, Option<u32>>(12)?.zip(r.get(13)?);
    let description = r.get(11)?;
    let picture = r.get::<_, Option<String>>(10)?.map(|url| CardPicture { url, description, size });
    let kind = match r.get::<_, i64>(3)? {
        1 => CardKind::Photo,
        2 => CardKind::Video,
        3 => CardKind::Rich,
        _ => CardKind::Link,
    };
    Ok(PreviewCard {
        url: r.get(1)?,
        host: r.get(2)?,
        creator: r.get(16)?,
        page: PageMetadata {
            kind,
            title: r.get(4)?,
            description: r.get(5)?,
            author_name: r.get(6)?,
            author_url: r.get(7)?,
            creator: None,
            provider_name: r.get(8)?,
            provider_url: r.get(9)?,
            picture,
            language: r.get(14)?,
            published_at: r.get(15)?,
            oembed: None,
        },
    })
}

/// Returns `true` unless the owner has switched off previews.
pub fn are_enabled(conn: &Conn) -> Result<bool> {
    Ok(settings::get(conn, settings::LINK_PREVIEWS)?.as_deref() != Some("false"))
}

/// Switches previews on or off.
pub fn set_enabled(conn: &Conn, on: bool) -> Result<()> {
    match on {
        true => settings::remove(conn, settings::LINK_PREVIEWS),
        false => settings::set(conn, settings::LINK_PREVIEWS, "false"),
    }
}

/// Adds a link if it is unknown. Returns its row and whether it is to be fetched: never within [`limits::CARD_AGE`] of its last
/// fetch, or [`limits::CARD_RETRY_AGE`] if that found nothing.
pub fn add(conn: &Conn, url: &str, now: Timestamp) -> Result<(i64, bool)> {
    let known: Option<(i64, Option<Timestamp>, bool)> = conn
        .prepare_cached("SELECT id, fetched_at, title = '' FROM preview_cards WHERE url = ?1")?
        .query_row([url], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    if let Some((id, fetched_at, is_empty)) = known {
        let age = if is_empty { limits::CARD_RETRY_AGE } else { limits::CARD_AGE };
        let is_due = fetched_at.is_none_or(|at| at < now.minus(age));
        if is_due {
            conn.prepare_cached("UPDATE preview_cards SET requested_at = ?2 WHERE id = ?1")?
                .execute(params![id, now])?;
        }
        return Ok((id, is_due));
    }
    let id = conn
        .prepare_cached("INSERT INTO preview_cards (url, requested_at) VALUES (?1, ?2) RETURNING id")?
        .query_row(params![url, now], |r| r.get(0))?;
    Ok((id, true))
}

/// Stores a fetched page.
pub fn set(conn: &Conn, card: &PreviewCard, now: Timestamp) -> Result<()> {
    let PreviewCard { url, host, page, creator } = card;
    let picture = page.picture.as_ref();
    conn.prepare_cached(
        "UPDATE preview_cards SET fetched_at = ?2, host = ?3, kind = ?4, title = ?5, description = ?6, author_name = ?7, \
         author_url = ?8, provider_name = ?9, provider_url = ?10, image = ?11, image_description = ?12, width = ?13, \
         height = ?14, language = ?15, published_at = ?16, creator_id = ?17 WHERE url = ?1",
    )?
    .execute(params![
        url,
        now,
        host,
        page.kind as i64,
        page.title,
        page.description,
        page.author_name,
        page.author_url,
        page.provider_name,
        page.provider_url,
        picture.map(|p| &p.url),
        picture.map_or("", |p| p.description.as_str()),
        picture.and_then(|p| p.size).map(|s| s.0),
        picture.and_then(|p| p.size).map(|s| s.1),
        page.language,
        page.published_at,
        creator,
    ])?;
    match page.kind {
        CardKind::Video | CardKind::Rich => search::refresh_with_card(conn, url),
        CardKind::Link | CardKind::Photo => Ok(()),
    }
}

/// Records that a fetch failed. An earlier preview is kept.
pub fn set_failed(conn: &Conn, url: &str, now: Timestamp) -> Result<()> {
    conn.prepare_cached("UPDATE preview_cards SET fetched_at = ?2 WHERE url = ?1")?.execute(params![url, now])?;
    Ok(())
}

/// Sets the card of a status.
pub fn attach(conn: &Conn, status: StatusId, card: i64) -> Result<()> {
    conn.prepare_cached("INSERT INTO status_cards VALUES (?1, ?2) ON CONFLICT (status_id) DO UPDATE SET card_id = ?2")?
        .execute(params![status, card])?;
    search::refresh(conn, status)
}

/// Removes the card of a status.
pub fn detach(conn: &Conn, status: StatusId) -> Result<()> {
    conn.prepare_cached("DELETE FROM status_cards WHERE status_id = ?1")?.execute([status])?;
    Ok(())
}

/// The link whose card a status has, fetched or not.
pub fn link_of(conn: &Conn, status: StatusId) -> Result<Option<String>> {
    let sql = "SELECT c.url FROM status_cards s JOIN preview_cards c ON c.id = s.card_id WHERE s.status_id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([status], |r| r.get(0)).optional()?)
}

/// The cards of these statuses that were fetched.
pub fn of_statuses(conn: &Conn, statuses: &IdList) -> Result<HashMap<StatusId, PreviewCard>> {
    const SQL: &str = concat!(
        "SELECT ",
        card_columns!(),
        ", s.status_id FROM json_each(?1) j CROSS JOIN status_cards s ON s.status_id = j.value \
         JOIN preview_cards c ON c.id = s.card_id WHERE c.title <> ''"
    );
    let rows = conn
        .prepare_cached(SQL)?
        .query_map([statuses], |r| Ok((r.get(17)?, from_row(r)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Returns `true` if a link has a fetched card.
pub fn exists(conn: &Conn, url: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM preview_cards WHERE url = ?1 AND title <> '')";
    Ok(conn.prepare_cached(sql)?.query_row([url], |r| r.get(0))?)
}

/// One page of the public statuses with the card of a link.
pub fn timeline(conn: &Conn, viewer: Viewer, url: &str, scope: PublicScope, page: &Page) -> Result<Vec<StatusId>> {
    let sql = format!(
        "SELECT x.status_id FROM preview_cards c JOIN status_cards x ON x.card_id = c.id \
         JOIN statuses s ON s.id = x.status_id WHERE c.url = ?1 AND x.status_id < ?2 AND x.status_id > ?3 \
         AND s.visibility = 0 {} AND {} AND {} ORDER BY x.status_id {} LIMIT ?4",
        scope.condition(),
        visible_to(viewer, "s"),
        shown_to(viewer, "s"),
        page.order()
    );
    page.read(conn, &sql, params![url, page.below, page.above, page.limit], |r| r.get(0))
}

/// The fetched ones of these cards.
pub fn among(conn: &Conn, ids: &IdList) -> Result<HashMap<i64, PreviewCard>> {
    const SQL: &str = concat!(
        "SELECT ",
        card_columns!(),
        " FROM json_each(?1) j CROSS JOIN preview_cards c ON c.id = j.value WHERE c.title <> ''"
    );
    Ok(conn.prepare_cached(SQL)?.query_map([ids], |r| Ok((r.get(0)?, from_row(r)?)))?.collect::<Result<_, _>>()?)
}

/// Removes cards that no post has and whose last fetch was requested before a time; at most [`limits::CARDS_REMOVED`]. Later ones
/// stay, because their link must not be fetched again so soon.
pub fn purge(conn: &Conn, before: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM preview_cards WHERE id IN (SELECT c.id FROM preview_cards c WHERE c.requested_at < ?1 \
         AND NOT EXISTS (SELECT 1 FROM status_cards WHERE card_id = c.id) ORDER BY c.requested_at LIMIT ?2)",
    )?
    .execute(params![before, limits::CARDS_REMOVED as i64])?;
    Ok(())
}
