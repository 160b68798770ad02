//! Statuses: what they are, and writing, finding and removing them.

mod arrivals;
mod edits;
mod insert;
mod pins;
pub mod polls;
pub mod tags;
mod threads;
pub mod tombstones;

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::actors;
use super::database::column_types::{IdList, from_json};
use super::database::pagination::Page;
use super::visibility::{Viewer, shown_to, visible_to};
use crate::error::Result;
use crate::protocol::activitystreams::types::{Details, Emoji, InteractionPolicy};
use crate::protocol::ids::{ActorId, AppId, StatusId};
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;

pub use arrivals::{
    author_sent, await_author, is_awaited, is_known, known_as, set_state_at, set_visibility, state_at, uri_by_page,
};
pub use edits::{Edit, PastState, edit, history, replace, set_policy};
pub use insert::{NewStatus, free_id, insert};
pub use pins::{count_pinned, pinned, set_group_pins, set_pinned, set_pins};
pub use threads::{
    Place, ancestors, answers_by_followed, count_open_replies, descendants, is_rated, note_parent_gone, open_replies,
};

/// A status as stored. A boost is a status with `boost_of` and nothing else to show.
#[derive(Debug, Clone)]
pub struct Status {
    /// Our id for it.
    pub id: StatusId,
    /// Its ActivityPub id; of a boost, the id of its Announce.
    pub uri: String,
    /// Its page for people.
    pub url: Option<String>,
    /// The owner wrote it.
    pub local: bool,
    /// Its author.
    pub actor_id: ActorId,
    /// What it boosts.
    pub boost_of: Option<StatusId>,
    /// What it replies to, whether we have that or not.
    pub in_reply_to_uri: Option<String>,
    /// What it replies to, if we have it.
    pub in_reply_to: Option<StatusId>,
    /// Whom it replies to, if known.
    pub in_reply_to_actor: Option<ActorId>,
    /// The first status of its thread that we know.
    pub thread: StatusId,
    /// Its `context` or `conversation`.
    pub conversation: Option<String>,
    /// Its ActivityStreams type.
    pub kind: String,
    /// Who it is for.
    pub visibility: Visibility,
    /// Cleaned HTML.
    pub content: String,
    /// As the owner wrote it.
    pub source: Option<String>,
    /// The media type of `source`.
    pub source_type: Option<String>,
    /// The title of an article.
    pub title: Option<String>,
    /// The content warning; empty for none.
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
    /// When it was pinned.
    pub pinned_at: Option<Timestamp>,
    /// Its remote collection of replies.
    pub replies_uri: Option<String>,
    /// Replies that we know.
    pub replies_count: i64,
    /// Boosts that we know, or that its server counts.
    pub boosts_count: i64,
    /// Favourites, likewise.
    pub favourites_count: i64,
    /// What it quotes.
    pub quote: Option<Quoted>,
    /// What the author that it answers says to this answer of ours, if anything was asked or said.
    pub reply_state: Option<ApprovalState>,
    /// The id of that consent.
    pub reply_approval: Option<String>,
    /// Who may do what with it, if its author says so.
    pub policy: Option<InteractionPolicy>,
    /// Dates, length and the like, of kinds that have them.
    pub details: Option<Details>,
    /// The community that it is in.
    pub group: Option<ActorId>,
    /// What it replies to is not stored, because it was deleted or its server does not have it.
    pub parent_gone: bool,
}

/// A quote as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// The id of what is quoted.
    pub uri: String,
    /// It, if it is here.
    pub status: Option<StatusId>,
    /// Whether its author consents.
    pub state: ApprovalState,
    /// The id of the consent.
    pub approval: Option<String>,
}

/// Whether the author of a quoted post consents to the quote, or that of an answered one to the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalState {
    /// Not answered yet, or not proven.
    Pending = 1,
    /// Yes; or nobody had to be asked.
    Accepted = 2,
    /// No.
    Rejected = 3,
    /// No longer.
    Revoked = 4,
}

impl ApprovalState {
    /// All of them, in the order of their numbers.
    pub(super) const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Rejected, Self::Revoked];

    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Revoked => "revoked",
        }
    }
}

const COLUMNS: &str = "s.id, s.uri, s.url, s.local, s.actor_id, s.boost_of_id, s.in_reply_to_uri, s.in_reply_to_id, \
     s.in_reply_to_actor_id, s.thread_id, s.conversation, s.kind, s.visibility, s.content, s.source, s.source_type, \
     s.title, s.summary, s.sensitive, s.language, s.emoji, s.app_id, s.created_at, s.edited_at, s.pinned_at, \
     s.replies_uri, s.replies_count, s.boosts_count, s.favourites_count, s.quote_uri, s.quote_id, s.quote_state, \
     s.quote_approval, s.reply_approval, s.policy, s.details, s.group_id, \
     s.reply_state, s.parent_gone";

fn from_row(r: &Row<'_>) -> rusqlite::Result<Status> {
    Ok(Status {
        id: r.get(0)?,
        uri: r.get(1)?,
        url: r.get(2)?,
        local: r.get(3)?,
        actor_id: r.get(4)?,
        boost_of: r.get(5)?,
        in_reply_to_uri: r.get(6)?,
        in_reply_to: r.get(7)?,
        in_reply_to_actor: r.get(8)?,
        thread: r.get(9)?,
        conversation: r.get(10)?,
        kind: r.get(11)?,
        visibility: r.get(12)?,
        content: r.get(13)?,
        source: r.get(14)?,
        source_type: r.get(15)?,
        title: r.get(16)?,
        summary: r.get(17)?,
        sensitive: r.get(18)?,
        language: r.get(19)?,
        emoji: from_json(r.get_ref(20)?.as_str()?),
        app_id: r.get(21)?,
        created_at: r.get(22)?,
        edited_at: r.get(23)?,
        pinned_at: r.get(24)?,
        replies_uri: r.get(25)?,
        replies_count: r.get(26)?,
        boosts_count: r.get(27)?,
        favourites_count: r.get(28)?,
        quote: match r.get(29)? {
            Some(uri) => Some(Quoted { uri, status: r.get(30)?, state: r.get(31)?, approval: r.get(32)? }),
            None => None,
        },
        reply_state: r.get(37)?,
        reply_approval: r.get(33)?,
        policy: from_json(r.get_ref(34)?.as_str()?),
        details: from_json(r.get_ref(35)?.as_str()?),
        group: r.get(36)?,
        parent_gone: r.get(38)?,
    })
}

/// The status with this id, whoever asks. Surfaces use [`visible`].
///
/// # Errors
/// When the database cannot be read.
pub fn get(conn: &Conn, id: StatusId) -> Result<Option<Status>> {
    let sql = format!("SELECT {COLUMNS} FROM statuses s WHERE s.id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// The status with this id, if `viewer` may see it.
///
/// # Errors
/// When the database cannot be read.
pub fn visible(conn: &Conn, viewer: Viewer, id: StatusId) -> Result<Option<Status>> {
    let sql = format!("SELECT {COLUMNS} FROM statuses s WHERE s.id = ?1 AND {}", visible_to(viewer, "s"));
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// Those of these statuses that `viewer` may see, in no particular order.
///
/// # Errors
/// When the database cannot be read.
pub fn visible_among(conn: &Conn, viewer: Viewer, ids: &IdList) -> Result<Vec<Status>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM json_each(?1) j CROSS JOIN statuses s ON s.id = j.value WHERE {}",
        visible_to(viewer, "s")
    );
    Ok(conn.prepare_cached(&sql)?.query_map([ids], from_row)?.collect::<Result<_, _>>()?)
}

/// The status with this ActivityPub id, byte-exact, whoever asks.
///
/// # Errors
/// When the database cannot be read.
pub fn by_uri(conn: &Conn, uri: &str) -> Result<Option<Status>> {
    let sql = format!("SELECT {COLUMNS} FROM statuses s WHERE s.uri = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([uri], from_row).optional()?)
}

/// The status with this page for people, whoever asks.
///
/// # Errors
/// When the database cannot be read.
pub fn by_url(conn: &Conn, actor: ActorId, url: &str) -> Result<Option<Status>> {
    let sql = format!("SELECT {COLUMNS} FROM statuses s WHERE s.actor_id = ?1 AND s.url = ?2");
    Ok(conn.prepare_cached(&sql)?.query_row(params![actor, url], from_row).optional()?)
}

/// The boost of a status by an actor.
///
/// # Errors
/// When the database cannot be read.
pub fn boost_by(conn: &Conn, of: StatusId, actor: ActorId) -> Result<Option<Status>> {
    let sql = format!("SELECT {COLUMNS} FROM statuses s WHERE s.boost_of_id = ?1 AND s.actor_id = ?2");
    Ok(conn.prepare_cached(&sql)?.query_row(params![of, actor], from_row).optional()?)
}

/// Removes a status with its boosts, favourites, notifications and timeline rows, and keeps the counters.
///
/// # Errors
/// When the database cannot be written.
pub fn delete(conn: &Conn, status: &Status) -> Result<()> {
    if status.visibility.is_open() {
        if let Some(parent) = status.in_reply_to {
            add_counts(conn, parent, -1, 0, 0)?;
        }
        match status.boost_of {
            Some(of) => add_counts(conn, of, 0, -1, 0)?,
            None => actors::add_counts(conn, status.actor_id, -1, 0, 0)?,
        }
    }
    super::search::remove(conn, status.id)?;
    conn.prepare_cached("UPDATE statuses SET parent_gone = 1 WHERE in_reply_to_id = ?1")?.execute([status.id])?;
    conn.prepare_cached("DELETE FROM statuses WHERE id = ?1")?.execute([status.id])?;
    Ok(())
}

/// Adds to the counters of a status.
///
/// # Errors
/// When the database cannot be written.
pub fn add_counts(conn: &Conn, id: StatusId, replies: i64, boosts: i64, favourites: i64) -> Result<()> {
    conn.prepare_cached(
        "UPDATE statuses SET replies_count = max(0, replies_count + ?2), boosts_count = max(0, boosts_count + ?3), \
         favourites_count = max(0, favourites_count + ?4) WHERE id = ?1",
    )?
    .execute(params![id, replies, boosts, favourites])?;
    Ok(())
}

/// Takes over the counts that a remote status's own server tells.
///
/// # Errors
/// When the database cannot be written.
pub fn set_counts(conn: &Conn, id: StatusId, boosts: Option<i64>, favourites: Option<i64>) -> Result<()> {
    conn.prepare_cached(
        "UPDATE statuses SET boosts_count = ifnull(?2, boosts_count), favourites_count = ifnull(?3, favourites_count) WHERE id = ?1",
    )?
    .execute(params![id, boosts, favourites])?;
    Ok(())
}

/// Notes the community that a status is in.
///
/// # Errors
/// When the database cannot be written.
pub fn set_group(conn: &Conn, id: StatusId, group: ActorId) -> Result<()> {
    conn.prepare_cached("UPDATE statuses SET group_id = ?2 WHERE id = ?1")?.execute(params![id, group])?;
    Ok(())
}

/// What of an account's statuses is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct AccountFilter {
    /// Leave out replies to others (replies to oneself stay).
    pub without_replies: bool,
    /// Leave out boosts.
    pub without_boosts: bool,
    /// Only statuses with media.
    pub only_media: bool,
    /// Only statuses that anybody may read, whoever asks: for outbox and feeds.
    pub only_open: bool,
}

/// True if an actor writes its direct messages as `ChatMessage`.
///
/// # Errors
/// When the database cannot be read.
pub fn has_sent_chat_messages(conn: &Conn, actor: ActorId) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM statuses WHERE actor_id = ?1 AND kind = 'ChatMessage')";
    Ok(conn.prepare_cached(sql)?.query_row([actor], |r| r.get(0))?)
}

/// Whose statuses a list holds.
#[derive(Debug, Clone, Copy)]
pub enum AccountSource {
    /// Those that somebody wrote or boosted.
    By(ActorId),
    /// Those that were posted into a community.
    In(ActorId),
}

/// The statuses of an account, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_account(
    conn: &Conn,
    viewer: Viewer,
    source: AccountSource,
    filter: AccountFilter,
    tag: Option<&str>,
    page: &Page,
) -> Result<Vec<StatusId>> {
    let (column, actor, thread) = match source {
        AccountSource::By(actor) => {
            ("actor_id", actor, "(s.in_reply_to_uri IS NULL OR s.in_reply_to_actor_id = s.actor_id)")
        }
        AccountSource::In(group) => ("group_id", group, "s.in_reply_to_uri IS NULL"),
    };
    let mut conditions = vec![visible_to(viewer, "s")];
    if matches!(source, AccountSource::In(_)) {
        conditions.push(shown_to(viewer, "s"));
    }
    if filter.without_replies {
        conditions.push(thread.into());
    }
    if filter.without_boosts {
        conditions.push("s.boost_of_id IS NULL".into());
    }
    if filter.only_media {
        conditions.push("EXISTS (SELECT 1 FROM media WHERE media.status_id = s.id)".into());
    }
    if filter.only_open {
        conditions.push("s.visibility <= 1".into());
    }
    if tag.is_some() {
        conditions.push("EXISTS (SELECT 1 FROM status_tags t WHERE t.tag = ?5 AND t.status_id = s.id)".into());
    } else {
        conditions.push("?5 IS NULL".into());
    }
    let sql = format!(
        "SELECT s.id FROM statuses s WHERE s.{column} = ?1 AND s.id < ?2 AND s.id > ?3 AND {} ORDER BY s.id {} LIMIT ?4",
        conditions.join(" AND "),
        page.order()
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![actor, page.below, page.above, page.limit, tag], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(page.arrange(rows))
}

/// How many statuses of an account `viewer` may see in its outbox.
///
/// # Errors
/// When the database cannot be read.
pub fn count_open(conn: &Conn, actor: ActorId) -> Result<i64> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM statuses WHERE actor_id = ?1 AND visibility <= 1")?
        .query_row([actor], |r| r.get(0))?)
}

/// How many open statuses the owner has written: what everybody may know.
///
/// # Errors
/// When the database cannot be read.
pub fn count_open_local(conn: &Conn) -> Result<i64> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM statuses WHERE local = 1 AND boost_of_id IS NULL AND visibility <= 1")?
        .query_row([], |r| r.get(0))?)
}

/// The boosts by one actor of statuses by another.
///
/// # Errors
/// When the database cannot be read.
pub fn boosts_of_author(conn: &Conn, by: ActorId, author: ActorId) -> Result<Vec<Status>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM statuses o JOIN statuses s ON s.boost_of_id = o.id AND s.actor_id = ?1 WHERE o.actor_id = ?2"
    );
    Ok(conn.prepare_cached(&sql)?.query_map([by, author], from_row)?.collect::<Result<_, _>>()?)
}

/// How many statuses the owner has written.
///
/// # Errors
/// When the database cannot be read.
pub fn count_local(conn: &Conn) -> Result<i64> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM statuses WHERE local = 1 AND boost_of_id IS NULL")?
        .query_row([], |r| r.get(0))?)
}

/// Everybody who boosted, favourited, answered, quoted or reacted to a status.
///
/// # Errors
/// When the database cannot be read.
pub fn interested(conn: &Conn, id: StatusId) -> Result<Vec<ActorId>> {
    Ok(conn
        .prepare_cached(
            "SELECT actor_id FROM statuses WHERE boost_of_id = ?1 UNION SELECT actor_id FROM favourites WHERE status_id = ?1 \
             UNION SELECT actor_id FROM statuses WHERE in_reply_to_id = ?1 \
             UNION SELECT actor_id FROM statuses WHERE quote_id = ?1 UNION SELECT actor_id FROM reactions WHERE status_id = ?1",
        )?
        .query_map([id], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}
