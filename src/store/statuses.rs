//! Statuses and their edits.

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::actors::{self, Actor};
use super::page::Page;
use super::sql_types::{from_json, optional_json, to_json};
use super::visible::{Viewer, visible_to};
use crate::error::Result;
use crate::protocol::activitystreams::types::{Details, Emoji, InteractionPolicy};
use crate::protocol::ids::{ActorId, AppId, MediaId, SEQUENCE_BITS, StatusId, first_id_at};
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;

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
    pub reply_state: Option<QuoteState>,
    /// The id of that consent.
    pub reply_approval: Option<String>,
    /// Who may do what with it, if its author says so.
    pub policy: Option<InteractionPolicy>,
    /// Dates, length and the like, of kinds that have them.
    pub details: Option<Details>,
    /// The community that it is in.
    pub group: Option<ActorId>,
}

/// A quote as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// The id of what is quoted.
    pub uri: String,
    /// It, if it is here.
    pub status: Option<StatusId>,
    /// Whether its author consents.
    pub state: QuoteState,
    /// The id of the consent.
    pub approval: Option<String>,
}

/// Whether the author of a quoted post consents to the quote, or that of an answered one to the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteState {
    /// Not answered yet, or not proven.
    Pending = 1,
    /// Yes; or nobody had to be asked.
    Accepted = 2,
    /// No.
    Rejected = 3,
    /// No longer.
    Revoked = 4,
}

impl QuoteState {
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
     s.reply_state";

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
    /// What it quotes; `status` is found by `uri` when it is here.
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

/// Inserts a status, joins it to its thread, and keeps the counters of parent, boosted status and author.
///
/// Answers the stored status; `None` when one with this ActivityPub id (or this boost) is there already.
///
/// # Errors
/// When the database cannot be written.
pub fn insert(conn: &Conn, new: &NewStatus) -> Result<Option<Status>> {
    let parent = match &new.in_reply_to_uri {
        Some(uri) => by_uri(conn, uri)?,
        None => None,
    };
    let thread = parent.as_ref().map_or(new.id, |p| p.thread);
    let conversation = new.conversation.clone().or_else(|| parent.as_ref().and_then(|p| p.conversation.clone()));
    let inserted = conn
        .prepare_cached(
            "INSERT INTO statuses (id, uri, url, local, actor_id, boost_of_id, in_reply_to_uri, in_reply_to_id, \
             in_reply_to_actor_id, thread_id, conversation, kind, visibility, content, source, source_type, title, \
             summary, sensitive, language, emoji, app_id, created_at, edited_at, replies_uri, boosts_count, \
             favourites_count, quote_uri, quote_id, quote_state, quote_approval, policy, details, group_id) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, \
             ?22, ?23, ?24, ?25, ?26, ?27, ?28, (SELECT id FROM statuses WHERE uri = ?28 AND boost_of_id IS NULL), \
             ?29, ?30, ?31, ?32, ?33) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            new.id,
            new.uri,
            new.url,
            new.local,
            new.actor_id,
            new.boost_of,
            new.in_reply_to_uri,
            parent.as_ref().map(|p| p.id),
            parent.as_ref().map(|p| p.actor_id),
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
            new.quote.as_ref().map_or(0, |q| q.state as i64),
            new.quote.as_ref().and_then(|q| q.approval.as_ref()),
            optional_json(new.policy.as_ref()),
            optional_json(new.details.as_ref()),
            new.group.or_else(|| parent.as_ref().and_then(|p| p.group)),
        ])?;
    if inserted == 0 {
        return Ok(None);
    }
    if let Some(parent) = &parent {
        add_counts(conn, parent.id, 1, 0, 0)?;
    }
    if let Some(of) = new.boost_of {
        add_counts(conn, of, 0, 1, 0)?;
    } else {
        actors::add_counts(conn, new.actor_id, 1, 0, 0)?;
        actors::note_status_at(conn, new.actor_id, new.created_at)?;
        adopt_replies(conn, new.id, new.actor_id, &new.uri, thread)?;
        super::quotes::adopt(conn, new.id, &new.uri)?;
    }
    get(conn, new.id)
}

/// Replies that arrived before their parent find it.
fn adopt_replies(conn: &Conn, id: StatusId, actor: ActorId, uri: &str, thread: StatusId) -> Result<()> {
    let orphans: Vec<StatusId> = conn
        .prepare_cached("SELECT thread_id FROM statuses WHERE in_reply_to_uri = ?1 AND in_reply_to_id IS NULL")?
        .query_map([uri], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    if orphans.is_empty() {
        return Ok(());
    }
    conn.prepare_cached(
        "UPDATE statuses SET in_reply_to_id = ?1, in_reply_to_actor_id = ?2 WHERE in_reply_to_uri = ?3 AND in_reply_to_id IS NULL",
    )?
    .execute(params![id, actor, uri])?;
    let mut join = conn.prepare_cached("UPDATE statuses SET thread_id = ?1 WHERE thread_id = ?2")?;
    for orphan in &orphans {
        join.execute(params![thread, orphan])?;
    }
    add_counts(conn, id, orphans.len() as i64, 0, 0)
}

/// The first free id at or after the time that a remote status was published, so that it sorts where it belongs.
///
/// # Errors
/// When the database cannot be read.
pub fn free_id(conn: &Conn, published: Timestamp) -> Result<StatusId> {
    // Go's zero time lies long before 1970, where all posts share the first millisecond.
    let first = first_id_at(published);
    let end = first + (1 << SEQUENCE_BITS);
    let last: Option<i64> = conn
        .prepare_cached("SELECT max(id) FROM statuses WHERE id >= ?1 AND id < ?2")?
        .query_row([first, end], |r| r.get(0))?;
    Ok(StatusId(last.map_or(first, |id| id + 1)))
}

/// What an edit changes.
#[derive(Debug, Clone)]
pub struct Edit {
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
    /// When; none for what was never edited as far as anybody knows.
    pub edited_at: Option<Timestamp>,
}

/// Changes a status and keeps its former state as history.
///
/// # Errors
/// When the database cannot be written.
pub fn edit(conn: &Conn, before: &Status, media_before: &[MediaId], edit: &Edit) -> Result<()> {
    conn.prepare_cached("INSERT INTO status_edits VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING")?.execute(
        params![
            before.id,
            before.edited_at.unwrap_or(before.created_at),
            before.content,
            before.summary,
            before.sensitive,
            to_json(&media_before.iter().map(|m| m.0).collect::<Vec<_>>()),
        ],
    )?;
    replace(conn, before.id, edit)
}

/// Changes a status without a trace of what it was.
///
/// # Errors
/// When the database cannot be written.
pub fn replace(conn: &Conn, id: StatusId, edit: &Edit) -> Result<()> {
    conn.prepare_cached(
        "UPDATE statuses SET content = ?2, source = ?3, source_type = ?4, title = ?5, summary = ?6, sensitive = ?7, \
         language = ?8, emoji = ?9, edited_at = ?10, policy = ?11, details = ?12 WHERE id = ?1",
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
    ])?;
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
}

/// The former states of a status, oldest first, without the present one.
///
/// # Errors
/// When the database cannot be read.
pub fn history(conn: &Conn, id: StatusId) -> Result<Vec<PastState>> {
    let rows = conn
        .prepare_cached(
            "SELECT created_at, content, summary, sensitive, media FROM status_edits WHERE status_id = ?1 ORDER BY created_at",
        )?
        .query_map([id], |r| {
            let media: Vec<i64> = from_json(r.get_ref(4)?.as_str()?);
            Ok(PastState {
                created_at: r.get(0)?,
                content: r.get(1)?,
                summary: r.get(2)?,
                sensitive: r.get(3)?,
                media: media.into_iter().map(MediaId).collect(),
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Removes a status with its boosts, favourites, notifications and timeline rows, and keeps the counters.
///
/// # Errors
/// When the database cannot be written.
pub fn delete(conn: &Conn, status: &Status) -> Result<()> {
    if let Some(parent) = status.in_reply_to {
        add_counts(conn, parent, -1, 0, 0)?;
    }
    match status.boost_of {
        Some(of) => add_counts(conn, of, 0, -1, 0)?,
        None => actors::add_counts(conn, status.actor_id, -1, 0, 0)?,
    }
    super::search::remove(conn, status.id)?;
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

/// Pins or unpins.
///
/// # Errors
/// When the database cannot be written.
pub fn set_pinned(conn: &Conn, id: StatusId, at: Option<Timestamp>) -> Result<()> {
    conn.execute("UPDATE statuses SET pinned_at = ?2 WHERE id = ?1", params![id, at])?;
    Ok(())
}

/// The pinned statuses of an actor that `viewer` may see, newest pin first.
///
/// # Errors
/// When the database cannot be read.
pub fn pinned(conn: &Conn, viewer: Viewer, actor: ActorId) -> Result<Vec<StatusId>> {
    let sql = format!(
        "SELECT s.id FROM statuses s WHERE s.actor_id = ?1 AND s.pinned_at IS NOT NULL AND {} ORDER BY s.pinned_at DESC",
        visible_to(viewer, "s")
    );
    Ok(conn.prepare_cached(&sql)?.query_map([actor], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// Pins exactly these statuses of an actor, the first on top.
///
/// # Errors
/// When the database cannot be written.
pub fn set_pins(conn: &Conn, actor: ActorId, pinned: &[StatusId], now: Timestamp) -> Result<()> {
    conn.execute("UPDATE statuses SET pinned_at = NULL WHERE actor_id = ?1 AND pinned_at IS NOT NULL", [actor])?;
    for (n, id) in pinned.iter().enumerate() {
        let at = now.minus(std::time::Duration::from_millis(n as u64));
        conn.execute("UPDATE statuses SET pinned_at = ?2 WHERE id = ?1 AND actor_id = ?3", params![id, at, actor])?;
    }
    Ok(())
}

/// How many statuses an actor has pinned.
///
/// # Errors
/// When the database cannot be read.
pub fn count_pinned(conn: &Conn, actor: ActorId) -> Result<usize> {
    let count: i64 = conn
        .prepare_cached("SELECT count(*) FROM statuses WHERE actor_id = ?1 AND pinned_at IS NOT NULL")?
        .query_row([actor], |r| r.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
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

/// The statuses of an account, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_account(
    conn: &Conn,
    viewer: Viewer,
    actor: ActorId,
    filter: AccountFilter,
    tag: Option<&str>,
    page: &Page,
) -> Result<Vec<StatusId>> {
    let mut conditions = vec![visible_to(viewer, "s")];
    if filter.without_replies {
        conditions.push("(s.in_reply_to_uri IS NULL OR s.in_reply_to_actor_id = s.actor_id)".into());
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
        "SELECT s.id FROM statuses s WHERE s.actor_id = ?1 AND s.id < ?2 AND s.id > ?3 AND {} ORDER BY s.id {} LIMIT ?4",
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

/// The chain of statuses above one, oldest first, at most `limit` of them, as far as `viewer` may see.
///
/// # Errors
/// When the database cannot be read.
pub fn ancestors(conn: &Conn, viewer: Viewer, id: StatusId, limit: u32) -> Result<Vec<StatusId>> {
    let sql = format!(
        "WITH RECURSIVE up (id, parent, depth) AS ( \
           SELECT id, in_reply_to_id, 0 FROM statuses WHERE id = ?1 \
           UNION ALL SELECT p.id, p.in_reply_to_id, up.depth + 1 FROM statuses p JOIN up ON p.id = up.parent \
           WHERE up.depth < ?2) \
         SELECT up.id FROM up JOIN statuses s ON s.id = up.id WHERE up.depth > 0 AND {} ORDER BY up.depth DESC",
        visible_to(viewer, "s")
    );
    Ok(conn.prepare_cached(&sql)?.query_map(params![id, limit], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// A status below another in a thread.
#[derive(Debug, Clone, Copy)]
pub struct Descendant {
    /// It.
    pub id: StatusId,
    /// What it replies to.
    pub parent: StatusId,
}

/// The replies below a status that `viewer` may see, oldest first, not yet in thread order.
///
/// # Errors
/// When the database cannot be read.
pub fn descendants(conn: &Conn, viewer: Viewer, id: StatusId, limit: u32) -> Result<Vec<Descendant>> {
    let sql = format!(
        "WITH RECURSIVE down (id, parent, depth) AS ( \
           SELECT id, in_reply_to_id, 1 FROM statuses WHERE in_reply_to_id = ?1 \
           UNION ALL SELECT c.id, c.in_reply_to_id, down.depth + 1 FROM statuses c JOIN down ON c.in_reply_to_id = down.id \
           WHERE down.depth < 100 LIMIT ?2) \
         SELECT down.id, down.parent FROM down JOIN statuses s ON s.id = down.id WHERE {} ORDER BY down.id",
        visible_to(viewer, "s")
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![id, limit], |r| Ok(Descendant { id: r.get(0)?, parent: r.get(1)? }))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Open replies to a status, oldest first or newest first: what its `replies` collection shows.
///
/// # Errors
/// When the database cannot be read.
pub fn open_replies(conn: &Conn, id: StatusId, page: &Page) -> Result<Vec<(StatusId, String)>> {
    let sql = format!(
        "SELECT s.id, s.uri FROM statuses s WHERE s.in_reply_to_id = ?1 AND s.visibility <= 1 AND s.id < ?2 AND s.id > ?3 \
         AND {} ORDER BY s.id {} LIMIT ?4",
        visible_to(Viewer::Anonymous, "s"),
        page.order()
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![id, page.below, page.above, page.limit], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(page.arrange(rows))
}

/// How many rows [`open_replies`] has in all.
///
/// # Errors
/// When the database cannot be read.
pub fn count_open_replies(conn: &Conn, id: StatusId) -> Result<i64> {
    let sql = format!(
        "SELECT count(*) FROM statuses s WHERE s.in_reply_to_id = ?1 AND {}",
        visible_to(Viewer::Anonymous, "s")
    );
    Ok(conn.prepare_cached(&sql)?.query_row([id], |r| r.get(0))?)
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
