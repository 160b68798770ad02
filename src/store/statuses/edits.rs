//! Edits of statuses, and what they were before.

use rusqlite::params;

use super::polls;
use super::status::Status;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{Details, Emoji, InteractionPolicy};
use crate::protocol::ids::{ActorId, MediaId, StatusId};
use crate::protocol::time::Timestamp;
use crate::store::database::column_types::{from_json, from_optional_json, optional_json, to_json};
use crate::store::database::events::{self, StoreEvent};
use crate::store::{Conn, media};

/// What an edit changes.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Its ActivityStreams type: an edit may add a poll to a post, or take it away.
    pub kind: String,
    /// Cleaned HTML.
    pub content: String,
    /// As the owner wrote it, with its media type.
    pub source: Option<(String, String)>,
    /// The title of an article.
    pub title: Option<String>,
    /// The content warning.
    pub summary: String,
    /// Media are hidden at first.
    pub sensitive: bool,
    /// BCP 47 language.
    pub language: Option<String>,
    /// Custom emoji.
    pub emoji: Vec<Emoji>,
    /// Who may do what with it.
    pub policy: Option<InteractionPolicy>,
    /// Dates, length and the like.
    pub details: Option<Details>,
    /// When; none for what was never edited as far as anyone knows.
    pub edited_at: Option<Timestamp>,
}

/// What belonged to a status before an edit.
#[derive(Debug, Clone, Default)]
pub struct PartsBefore {
    /// Its media.
    pub media: Vec<MediaId>,
    /// The options of its poll.
    pub poll: Option<Vec<String>>,
}

/// The parts of a status that is about to be edited.
pub fn parts_before(conn: &Conn, id: StatusId) -> Result<PartsBefore> {
    let poll = polls::get(conn, id)?.map(|poll| poll.options.into_iter().map(|option| option.title).collect());
    Ok(PartsBefore { media: media::of_status(conn, id)?.iter().map(|m| m.id).collect(), poll })
}

/// Changes a status and keeps its former state as history.
pub fn edit(conn: &Conn, before: &Status, parts: &PartsBefore, edit: &Edit) -> Result<()> {
    let descriptions = parts.media.iter().map(|id| Ok(media::get(conn, *id)?.and_then(|m| m.description)));
    let descriptions: Vec<Option<String>> = descriptions.collect::<Result<_>>()?;
    conn.prepare_cached("INSERT INTO status_edits VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING")?
        .execute(params![
            before.id,
            before.edited_at.unwrap_or(before.created_at),
            before.content,
            before.summary,
            before.sensitive,
            to_json(&parts.media.iter().map(|m| m.0).collect::<Vec<_>>()),
            to_json(&before.emoji),
            to_json(&descriptions),
            optional_json(parts.poll.as_ref()),
        ])?;
    replace(conn, before.id, edit)?;
    events::record(StoreEvent::Edited(before.id));
    forget_oldest(conn, before.id)
}

/// Keeps the newest [`limits::STORED_EDITS`] of a status.
fn forget_oldest(conn: &Conn, id: StatusId) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM status_edits WHERE status_id = ?1 AND created_at <= \
         (SELECT created_at FROM status_edits WHERE status_id = ?1 ORDER BY created_at DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![id, limits::STORED_EDITS])?;
    Ok(())
}

/// Changes a status without a trace of what it was.
pub fn replace(conn: &Conn, id: StatusId, edit: &Edit) -> Result<()> {
    conn.prepare_cached(
        "UPDATE statuses SET content = ?2, source = ?3, source_type = ?4, title = ?5, summary = ?6, sensitive = ?7, \
         language = ?8, emoji = ?9, edited_at = ?10, policy = ?11, details = ?12, kind = ?13 WHERE id = ?1",
    )?
    .execute(params![
        id,
        edit.content,
        edit.source.as_ref().map(|s| &s.0),
        edit.source.as_ref().map(|s| &s.1),
        edit.title,
        edit.summary,
        edit.sensitive,
        edit.language,
        to_json(&edit.emoji),
        edit.edited_at,
        optional_json(edit.policy.as_ref()),
        optional_json(edit.details.as_ref()),
        edit.kind,
    ])?;
    Ok(())
}

/// Changes who may do what with a status; that is no edit.
pub fn set_policy(conn: &Conn, id: StatusId, policy: &InteractionPolicy) -> Result<()> {
    conn.prepare_cached("UPDATE statuses SET policy = ?2 WHERE id = ?1")?
        .execute(params![id, optional_json(Some(policy))])?;
    Ok(())
}

/// Notes the community that a status is in.
pub fn set_group(conn: &Conn, id: StatusId, group: ActorId) -> Result<()> {
    conn.prepare_cached("UPDATE statuses SET group_id = ?2 WHERE id = ?1")?.execute(params![id, group])?;
    Ok(())
}

/// A former state of a status.
#[derive(Debug, Clone)]
pub struct PastState {
    /// When it was written.
    pub created_at: Timestamp,
    /// Cleaned HTML.
    pub content: String,
    /// The content warning.
    pub summary: String,
    /// Media were hidden.
    pub sensitive: bool,
    /// Its media.
    pub media: Vec<MediaId>,
    /// The description that each of them had; missing in states from before these were kept.
    pub descriptions: Vec<Option<String>>,
    /// Its custom emoji.
    pub emoji: Vec<Emoji>,
    /// The options of its poll.
    pub poll: Option<Vec<String>>,
}

/// The former states of a status, oldest first, without the present one: the newest that together have at most
/// [`limits::EDIT_HISTORY_BYTES`].
pub fn history(conn: &Conn, id: StatusId) -> Result<Vec<PastState>> {
    let rows = conn
        .prepare_cached(
            "SELECT created_at, content, summary, sensitive, media, emoji, descriptions, poll FROM (SELECT *, \
             sum(octet_length(content) + octet_length(summary) + octet_length(emoji) + octet_length(descriptions)) OVER (ORDER BY created_at DESC) \
             AS bytes FROM status_edits WHERE status_id = ?1) WHERE bytes <= ?2 ORDER BY created_at",
        )?
        .query_map(params![id, limits::EDIT_HISTORY_BYTES as i64], |r| {
            let media: Vec<i64> = from_json(r.get_ref(4)?.as_str()?);
            Ok(PastState {
                created_at: r.get(0)?,
                content: r.get(1)?,
                summary: r.get(2)?,
                sensitive: r.get(3)?,
                media: media.into_iter().map(MediaId).collect(),
                emoji: from_json(r.get_ref(5)?.as_str()?),
                descriptions: from_json(r.get_ref(6)?.as_str()?),
                poll: from_optional_json(r.get_ref(7)?)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
