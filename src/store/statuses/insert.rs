//! New statuses, and where they belong in threads that were here before them.

use rusqlite::params;

use super::arrivals::uri_by_page;
use super::counts::add_counts;
use super::find::{by_uri, get};
use super::status::{Quoted, Status};
use super::threads::adopt_replies;
use crate::error::Result;
use crate::protocol::activitystreams::types::{Details, Emoji, InteractionPolicy};
use crate::protocol::ids::{ActorId, AppId, SEQUENCE_BITS, StatusId, first_id_at};
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;
use crate::store::Conn;
use crate::store::actors::{self, Actor};
use crate::store::database::column_types::{optional_json, to_json};
use crate::store::database::events::{self, StoreEvent};
use crate::store::interactions::quotes;

/// A status to insert.
#[derive(Debug, Clone)]
pub struct NewStatus {
    /// Our id; for a remote status see [`free_id`].
    pub id: StatusId,
    /// Its ActivityPub id.
    pub uri: String,
    /// Its page for people.
    pub url: Option<String>,
    /// The owner wrote it.
    pub local: bool,
    /// Its author.
    pub actor_id: ActorId,
    /// What it boosts.
    pub boost_of: Option<StatusId>,
    /// What it replies to.
    pub in_reply_to_uri: Option<String>,
    /// Its `context` or `conversation`; a reply without one takes its parent's.
    pub conversation: Option<String>,
    /// Its ActivityStreams type.
    pub kind: String,
    /// Who it is for.
    pub visibility: Visibility,
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
    /// The app that posted it.
    pub app_id: Option<AppId>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Its remote collection of replies.
    pub replies_uri: Option<String>,
    /// Boosts and favourites that its server counts.
    pub counts: (i64, i64),
    /// What it quotes; `status` is found by `uri` when it is stored.
    pub quote: Option<Quoted>,
    /// Who may do what with it.
    pub policy: Option<InteractionPolicy>,
    /// Dates, length and the like.
    pub details: Option<Details>,
    /// The community that it is in.
    pub group: Option<ActorId>,
}

impl NewStatus {
    /// A boost: a status with nothing of its own to show.
    pub fn boost(id: StatusId, uri: String, by: &Actor, of: StatusId, visibility: Visibility, at: Timestamp) -> Self {
        Self {
            id,
            uri,
            url: None,
            local: by.local,
            actor_id: by.id,
            boost_of: Some(of),
            in_reply_to_uri: None,
            conversation: None,
            kind: "Announce".into(),
            visibility,
            content: String::new(),
            source: None,
            title: None,
            summary: String::new(),
            sensitive: false,
            language: None,
            emoji: Vec::new(),
            app_id: None,
            created_at: at,
            edited_at: None,
            replies_uri: None,
            counts: (0, 0),
            quote: None,
            policy: None,
            details: None,
            group: None,
        }
    }
}

/// The statement of [`insert_row`]; a quote is resolved to a stored status, and a parent that was deleted is marked as gone.
const INSERT: &str = "INSERT INTO statuses (id, uri, url, local, actor_id, boost_of_id, in_reply_to_uri, in_reply_to_id, \
     in_reply_to_actor_id, thread_id, conversation, kind, visibility, content, source, source_type, title, \
     summary, sensitive, language, emoji, app_id, created_at, edited_at, replies_uri, boosts_count, \
     favourites_count, quote_uri, quote_id, quote_state, quote_approval, policy, details, group_id, \
     parent_gone, stored_at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, \
     ?22, ?23, ?24, ?25, ?26, ?27, ?28, (SELECT id FROM statuses WHERE uri = ?28 AND boost_of_id IS NULL), \
     ?29, ?30, ?31, ?32, ?33, \
     ?8 IS NULL AND EXISTS (SELECT 1 FROM tombstones WHERE uri = ?7), \
     CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT DO NOTHING";

/// Inserts a status, joins it to its thread, and keeps the counters of parent, boosted status and author.
///
/// Returns the stored status, or `None` if one with this ActivityPub id (or this boost) exists.
pub fn insert(conn: &Conn, new: &NewStatus) -> Result<Option<Status>> {
    let parent = match &new.in_reply_to_uri {
        Some(uri) => parent(conn, uri)?,
        None => None,
    };
    if !insert_row(conn, new, parent.as_ref())? {
        return Ok(None);
    }
    join(conn, new, parent.as_ref())?;
    events::record(StoreEvent::Stored(new.id));
    get(conn, new.id)
}

/// The status with this id, or with a page at this URL if it was just stored under another id.
fn parent(conn: &Conn, uri: &str) -> Result<Option<Status>> {
    if let Some(parent) = by_uri(conn, uri)? {
        return Ok(Some(parent));
    }
    Ok(uri_by_page(conn, uri)?.map(|uri| by_uri(conn, &uri)).transpose()?.flatten())
}

/// Returns `false` if the status exists.
fn insert_row(conn: &Conn, new: &NewStatus, parent: Option<&Status>) -> Result<bool> {
    let thread = parent.map_or(new.id, |p| p.thread);
    let conversation = new.conversation.clone().or_else(|| parent.and_then(|p| p.conversation.clone()));
    let inserted = conn.prepare_cached(INSERT)?.execute(params![
        new.id,
        new.uri,
        new.url,
        new.local,
        new.actor_id,
        new.boost_of,
        new.in_reply_to_uri,
        parent.map(|p| p.id),
        parent.map(|p| p.actor_id),
        thread,
        conversation,
        new.kind,
        new.visibility,
        new.content,
        new.source.as_ref().map(|s| &s.0),
        new.source.as_ref().map(|s| &s.1),
        new.title,
        new.summary,
        new.sensitive,
        new.language,
        to_json(&new.emoji),
        new.app_id,
        new.created_at,
        new.edited_at,
        new.replies_uri,
        new.counts.0,
        new.counts.1,
        new.quote.as_ref().map(|q| &q.uri),
        new.quote.as_ref().map(|q| q.state),
        new.quote.as_ref().and_then(|q| q.approval.as_ref()),
        optional_json(new.policy.as_ref()),
        optional_json(new.details.as_ref()),
        new.group.or_else(|| parent.and_then(|p| p.group)),
    ])?;
    Ok(inserted > 0)
}

/// What else changes when a status is there: the counters around it, and the ones that waited for it.
fn join(conn: &Conn, new: &NewStatus, parent: Option<&Status>) -> Result<()> {
    // A counter is shown to everyone, so it counts only what everyone may see.
    let open = new.visibility.is_open();
    if let (Some(parent), true) = (parent, open) {
        add_counts(conn, parent.id, 1, 0, 0)?;
    }
    if let Some(of) = new.boost_of {
        return add_counts(conn, of, 0, i64::from(open), 0);
    }
    if open {
        actors::add_counts(conn, new.actor_id, 1, 0, 0)?;
        actors::note_status_at(conn, new.actor_id, new.created_at)?;
    }
    let Some(status) = get(conn, new.id)? else { return Ok(()) };
    for address in std::iter::once(&new.uri).chain(new.url.iter().filter(|url| **url != new.uri && !new.local)) {
        adopt_replies(conn, &status, address)?;
        quotes::adopt(conn, new.id, address)?;
    }
    Ok(())
}

/// Returns `true` if a status has this id.
pub fn is_taken(conn: &Conn, id: StatusId) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM statuses WHERE id = ?1)")?.query_row([id], |r| r.get(0))?)
}

/// The first free id at or after the time that a remote status was published, so that it sorts where it belongs.
pub fn free_id(conn: &Conn, published: Timestamp) -> Result<StatusId> {
    // Go's zero time lies long before 1970, where all posts share the first millisecond.
    let first = first_id_at(published);
    let end = first + (1 << SEQUENCE_BITS);
    let last: Option<i64> = conn
        .prepare_cached("SELECT max(id) FROM statuses WHERE id >= ?1 AND id < ?2")?
        .query_row([first, end], |r| r.get(0))?;
    Ok(StatusId(last.map_or(first, |id| id + 1)))
}
