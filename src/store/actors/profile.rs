//! The profile of the owner.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::activitystreams::types::{ActorKind, Emoji, Field, ProfileTabs};
use crate::protocol::ids::ActorId;
use crate::protocol::search::words::search_name;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::database::column_types::to_json;

/// What the owner may change of the own profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Person or Service.
    pub kind: ActorKind,
    /// Display name.
    pub display_name: String,
    /// Biography as HTML.
    pub note: String,
    /// Biography as written.
    pub note_source: String,
    /// Profile fields.
    pub fields: Vec<Field>,
    /// A file below the media directory.
    pub avatar: Option<String>,
    /// Its description.
    pub avatar_alt: String,
    /// A file below the media directory.
    pub header: Option<String>,
    /// Its description.
    pub header_alt: String,
    /// Follows are approved by hand.
    pub locked: bool,
    /// May be shown in directories.
    pub discoverable: bool,
    /// Posts may be searched.
    pub indexable: bool,
    /// The tabs of the profile.
    pub tabs: ProfileTabs,
    /// The domains whose pages may name the owner as their author.
    pub attribution_domains: Vec<String>,
}

/// Stores the owner's profile.
pub fn update_profile(conn: &Conn, id: ActorId, p: &Profile, now: Timestamp) -> Result<()> {
    let username: String =
        conn.prepare_cached("SELECT username FROM actors WHERE id = ?1")?.query_row([id], |r| r.get(0))?;
    conn.execute(
        "UPDATE actors SET kind = ?2, display_name = ?3, note = ?4, note_source = ?5, fields = ?6, avatar = ?7, \
         avatar_alt = ?8, header = ?9, header_alt = ?10, locked = ?11, discoverable = ?12, indexable = ?13, \
         updated_at = ?14, attribution_domains = ?15, show_media = ?16, show_media_replies = ?17, \
         show_featured = ?18, search_name = ?19 WHERE id = ?1",
        params![
            id,
            p.kind,
            p.display_name,
            p.note,
            p.note_source,
            to_json(&p.fields),
            p.avatar,
            p.avatar_alt,
            p.header,
            p.header_alt,
            p.locked,
            p.discoverable,
            p.indexable,
            now,
            to_json(&p.attribution_domains),
            p.tabs.media,
            p.tabs.media_replies,
            p.tabs.featured,
            search_name(&username, "", &p.display_name),
        ],
    )?;
    Ok(())
}

/// Stores the owner's profile fields.
pub fn set_fields(conn: &Conn, id: ActorId, fields: &[Field]) -> Result<()> {
    conn.execute("UPDATE actors SET fields = ?2 WHERE id = ?1", params![id, to_json(&fields)])?;
    Ok(())
}

/// Stores the custom emoji of the owner's profile.
pub fn set_emoji(conn: &Conn, id: ActorId, emoji: &[Emoji]) -> Result<()> {
    conn.prepare_cached("UPDATE actors SET emoji = ?2 WHERE id = ?1")?.execute(params![id, to_json(&emoji)])?;
    Ok(())
}

/// Notes that the document of an actor of this server has changed.
pub fn set_updated(conn: &Conn, id: ActorId, now: Timestamp) -> Result<()> {
    conn.execute("UPDATE actors SET updated_at = ?2 WHERE id = ?1", params![id, now])?;
    Ok(())
}
