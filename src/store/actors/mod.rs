//! Actors, ours and remote ones.

pub mod actor_gc;
mod deletion;
mod insert;
pub mod keys;

use rusqlite::{OptionalExtension, Row, params};

use super::Conn;
use super::database::column_types::{IdList, from_json, to_json};
use super::peers::domain_policies::{ActorHosts, Severity};
use crate::error::Result;
use crate::protocol::activitystreams::types::{ActorKind, Emoji, Field};
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;

use super::visibility::Viewer;

pub use deletion::{delete, has_moved_since, heard, insert_gone, mark_gone, note_move, set_moved};
pub use insert::{NewLocal, insert_local, upsert_remote};

/// An actor as stored.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Our id for it.
    pub id: ActorId,
    /// Its ActivityPub id.
    pub uri: String,
    /// It is the owner or the instance actor.
    pub local: bool,
    /// What it is.
    pub kind: ActorKind,
    /// Its user name.
    pub username: String,
    /// Its handle's domain; empty for our own.
    pub domain: String,
    /// The host of its id; empty for our own.
    pub host: String,
    /// Its page for people, if it gave one.
    pub url: Option<String>,
    /// Its display name; may be empty.
    pub display_name: String,
    /// Its biography as cleaned HTML.
    pub note: String,
    /// The biography as the owner wrote it.
    pub note_source: String,
    /// Profile fields.
    pub fields: Vec<Field>,
    /// Custom emoji of name, biography and fields.
    pub emoji: Vec<Emoji>,
    /// Own: a file below the media directory. Remote: a URL.
    pub avatar: Option<String>,
    /// Description of the avatar.
    pub avatar_alt: String,
    /// As `avatar`, for the header.
    pub header: Option<String>,
    /// Description of the header.
    pub header_alt: String,
    /// Where deliveries to it go.
    pub inbox: String,
    /// Where one delivery serves its whole server.
    pub shared_inbox: Option<String>,
    /// Its outbox.
    pub outbox: Option<String>,
    /// Its followers collection.
    pub followers_uri: Option<String>,
    /// Its following collection.
    pub following_uri: Option<String>,
    /// Its pinned posts.
    pub featured_uri: Option<String>,
    /// It approves follows by hand.
    pub locked: bool,
    /// It may be shown in directories.
    pub discoverable: bool,
    /// Its posts may be searched.
    pub indexable: bool,
    /// Its person has died.
    pub memorial: bool,
    /// Its own server has suspended it.
    pub suspended: bool,
    /// Where it has moved.
    pub moved_to: Option<String>,
    /// Its other ids.
    pub also_known_as: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its profile last changed here.
    pub updated_at: Timestamp,
    /// When its document was last fetched.
    pub fetched_at: Timestamp,
    /// When its server said that it is gone.
    pub gone_at: Option<Timestamp>,
    /// Its statuses that we know.
    pub statuses_count: i64,
    /// Its followers (own: exact; remote: those we know).
    pub followers_count: i64,
    /// Who it follows, likewise.
    pub following_count: i64,
    /// Its newest status here.
    pub last_status_at: Option<Timestamp>,
    /// Statuses, followers and followed as its own server counts them.
    pub remote_counts: [Option<i64>; 3],
    /// What it is a bridge of: address and protocol.
    pub proxy_of: Option<(String, String)>,
    /// How far we let it in.
    pub limited: Severity,
}

impl Actor {
    /// Where it is: the host of its document, and the domain of its handle.
    pub fn place(&self) -> ActorHosts {
        (self.host.clone(), self.domain.clone())
    }

    /// Statuses, followers and followed, as its own server last counted them, or as many as are here if that is more.
    /// Follows of a remote actor that are known here are the owner's own relations, so only the owner sees them counted.
    pub fn shown_counts(&self, to_owner: bool) -> [i64; 3] {
        let relations = self.local || to_owner;
        let here = [
            self.statuses_count,
            if relations { self.followers_count } else { 0 },
            if relations { self.following_count } else { 0 },
        ];
        std::array::from_fn(|n| self.remote_counts[n].unwrap_or(0).max(here[n]))
    }
}

const COLUMNS: &str = "id, uri, local, kind, username, domain, host, url, display_name, note, note_source, fields, \
     emoji, avatar, avatar_alt, header, header_alt, inbox, shared_inbox, outbox, followers_uri, following_uri, \
     featured_uri, locked, discoverable, indexable, memorial, suspended, moved_to, also_known_as, created_at, \
     updated_at, fetched_at, gone_at, statuses_count, followers_count, following_count, last_status_at, remote_statuses, \
     remote_followers, remote_following, proxy_of, limited";

fn from_row(r: &Row<'_>) -> rusqlite::Result<Actor> {
    Ok(Actor {
        id: r.get(0)?,
        uri: r.get(1)?,
        local: r.get(2)?,
        kind: r.get(3)?,
        username: r.get(4)?,
        domain: r.get(5)?,
        host: r.get(6)?,
        url: r.get(7)?,
        display_name: r.get(8)?,
        note: r.get(9)?,
        note_source: r.get(10)?,
        fields: from_json(r.get_ref(11)?.as_str()?),
        emoji: from_json(r.get_ref(12)?.as_str()?),
        avatar: r.get(13)?,
        avatar_alt: r.get(14)?,
        header: r.get(15)?,
        header_alt: r.get(16)?,
        inbox: r.get(17)?,
        shared_inbox: r.get(18)?,
        outbox: r.get(19)?,
        followers_uri: r.get(20)?,
        following_uri: r.get(21)?,
        featured_uri: r.get(22)?,
        locked: r.get(23)?,
        discoverable: r.get(24)?,
        indexable: r.get(25)?,
        memorial: r.get(26)?,
        suspended: r.get(27)?,
        moved_to: r.get(28)?,
        also_known_as: from_json(r.get_ref(29)?.as_str()?),
        created_at: r.get(30)?,
        updated_at: r.get(31)?,
        fetched_at: r.get(32)?,
        gone_at: r.get(33)?,
        statuses_count: r.get(34)?,
        followers_count: r.get(35)?,
        following_count: r.get(36)?,
        last_status_at: r.get(37)?,
        remote_counts: [r.get(38)?, r.get(39)?, r.get(40)?],
        proxy_of: from_json(r.get_ref(41)?.as_str()?),
        limited: r.get(42)?,
    })
}

fn one(conn: &Conn, condition: &str, args: impl rusqlite::Params) -> Result<Option<Actor>> {
    let sql = format!("SELECT {COLUMNS} FROM actors WHERE {condition}");
    Ok(conn.prepare_cached(&sql)?.query_row(args, from_row).optional()?)
}

/// The actor with this id.
///
/// # Errors
/// When the database cannot be read.
pub fn get(conn: &Conn, id: ActorId) -> Result<Option<Actor>> {
    one(conn, "id = ?1", [id])
}

/// Those of these actors that are stored, in no particular order.
///
/// # Errors
/// When the database cannot be read.
pub fn among(conn: &Conn, ids: &IdList) -> Result<Vec<Actor>> {
    let sql = format!("SELECT {COLUMNS} FROM actors WHERE id IN (SELECT value FROM json_each(?1))");
    Ok(conn.prepare_cached(&sql)?.query_map([ids], from_row)?.collect::<Result<_, _>>()?)
}

/// The actor with this ActivityPub id, byte-exact.
///
/// # Errors
/// When the database cannot be read.
pub fn by_uri(conn: &Conn, uri: &str) -> Result<Option<Actor>> {
    one(conn, "uri = ?1", [uri])
}

/// Whether any actor of this host is stored.
///
/// # Errors
/// When the database cannot be read.
pub fn any_on(conn: &Conn, host: &str) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM actors WHERE host = ?1)")?.query_row([host], |r| r.get(0))?)
}

/// The id alone of [`by_uri`].
///
/// # Errors
/// When the database cannot be read.
pub fn id_by_uri(conn: &Conn, uri: &str) -> Result<Option<ActorId>> {
    Ok(conn.prepare_cached("SELECT id FROM actors WHERE uri = ?1")?.query_row([uri], |r| r.get(0)).optional()?)
}

/// The actor with this handle. `domain` is empty for our own actors. A name with `!` before it is that of a community
/// (Lemmy writes them so).
///
/// # Errors
/// When the database cannot be read.
pub fn by_handle(conn: &Conn, username: &str, domain: &str) -> Result<Option<Actor>> {
    if let Some(name) = username.strip_prefix('!') {
        let group = "username = ?1 COLLATE NOCASE AND domain = ?2 AND kind = ?3 AND gone_at IS NULL LIMIT 1";
        return one(conn, group, params![name, domain, ActorKind::Group]);
    }
    one(
        conn,
        "username = ?1 COLLATE NOCASE AND domain = ?2 AND gone_at IS NULL \
         ORDER BY username <> ?1, kind, fetched_at DESC LIMIT 1",
        [username, domain],
    )
}

/// The id of the remote actor whose page for people this is.
///
/// # Errors
/// When the database cannot be read.
pub fn uri_by_page(conn: &Conn, url: &str) -> Result<Option<String>> {
    let sql =
        "SELECT uri FROM actors WHERE url = ?1 AND local = 0 AND url <> uri AND gone_at IS NULL ORDER BY id LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([url], |r| r.get(0)).optional()?)
}

/// Which actors a search is among.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// All that are known here.
    Known,
    /// Those whom the owner follows.
    Followed,
}

/// Actors whose name or handle contains the words, closest first: for the owner those whom the owner follows, then the
/// rest. Everybody else finds the owner and authors of open posts, in an order that says nothing of the owner's follows.
///
/// # Errors
/// When the database cannot be read.
pub fn search(
    conn: &Conn,
    viewer: Viewer,
    words: &str,
    among: Among,
    (limit, offset): (u32, u32),
) -> Result<Vec<Actor>> {
    let following_only = among == Among::Followed;
    let Some(owner) = viewer.owner() else {
        return if following_only { Ok(Vec::new()) } else { search_open(conn, words, (limit, offset)) };
    };
    let (pattern, columns) = (containing(words), columns_of_a());
    let sql = format!(
        "SELECT {columns} FROM actors a LEFT JOIN follows f ON f.follower_id = ?1 AND f.target_id = a.id \
         WHERE (a.username LIKE ?2 ESCAPE '\\' OR a.display_name LIKE ?2 ESCAPE '\\' \
                OR a.username || '@' || a.domain LIKE ?2 ESCAPE '\\') \
         AND a.gone_at IS NULL AND a.suspended = 0 AND a.limited < 2 AND a.kind <> 4 AND (?3 = 0 OR f.accepted = 1) \
         ORDER BY f.id IS NULL, length(a.username), a.id LIMIT ?4 OFFSET ?5"
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![owner, pattern, following_only, limit, offset], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// A LIKE pattern for text that contains the words.
fn containing(words: &str) -> String {
    format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

fn columns_of_a() -> String {
    COLUMNS.split(", ").map(|c| format!("a.{}", c.trim())).collect::<Vec<_>>().join(", ")
}

/// What [`search`] finds for everybody but the owner.
fn search_open(conn: &Conn, words: &str, (limit, offset): (u32, u32)) -> Result<Vec<Actor>> {
    let sql = format!(
        "SELECT {} FROM actors a WHERE (a.username LIKE ?1 ESCAPE '\\' OR a.display_name LIKE ?1 ESCAPE '\\' \
                OR a.username || '@' || a.domain LIKE ?1 ESCAPE '\\') \
         AND a.gone_at IS NULL AND a.suspended = 0 AND a.limited = 0 AND a.kind <> 4 \
         AND (a.local = 1 OR EXISTS (SELECT 1 FROM statuses s WHERE s.actor_id = a.id AND s.visibility <= 1)) \
         ORDER BY length(a.username), a.uri LIMIT ?2 OFFSET ?3",
        columns_of_a()
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![containing(words), limit, offset], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

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
}

/// Stores the owner's profile.
///
/// # Errors
/// When the database cannot be written.
pub fn update_profile(conn: &Conn, id: ActorId, p: &Profile, now: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE actors SET kind = ?2, display_name = ?3, note = ?4, note_source = ?5, fields = ?6, avatar = ?7, \
         avatar_alt = ?8, header = ?9, header_alt = ?10, locked = ?11, discoverable = ?12, indexable = ?13, \
         updated_at = ?14 WHERE id = ?1",
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
            now
        ],
    )?;
    Ok(())
}

/// Notes that the document of an actor of ours has changed.
///
/// # Errors
/// When the database cannot be written.
pub fn set_updated(conn: &Conn, id: ActorId, now: Timestamp) -> Result<()> {
    conn.execute("UPDATE actors SET updated_at = ?2 WHERE id = ?1", params![id, now])?;
    Ok(())
}

/// Notes what an actor's own server counts: statuses, followers, followed. What is not told stays.
///
/// # Errors
/// When the database cannot be written.
pub fn set_remote_counts(conn: &Conn, id: ActorId, counts: [Option<i64>; 3]) -> Result<()> {
    conn.prepare_cached(
        "UPDATE actors SET remote_statuses = ifnull(?2, remote_statuses), remote_followers = ifnull(?3, remote_followers), \
         remote_following = ifnull(?4, remote_following) WHERE id = ?1",
    )?
    .execute(params![id, counts[0], counts[1], counts[2]])?;
    Ok(())
}

/// Adds to an actor's counters.
///
/// # Errors
/// When the database cannot be written.
pub fn add_counts(conn: &Conn, id: ActorId, statuses: i64, followers: i64, following: i64) -> Result<()> {
    conn.prepare_cached(
        "UPDATE actors SET statuses_count = max(0, statuses_count + ?2), followers_count = max(0, followers_count + ?3), \
         following_count = max(0, following_count + ?4) WHERE id = ?1",
    )?
    .execute(params![id, statuses, followers, following])?;
    Ok(())
}

/// Notes the time of an actor's newest status.
///
/// # Errors
/// When the database cannot be written.
pub fn note_status_at(conn: &Conn, id: ActorId, at: Timestamp) -> Result<()> {
    conn.prepare_cached("UPDATE actors SET last_status_at = max(ifnull(last_status_at, 0), ?2) WHERE id = ?1")?
        .execute(params![id, at])?;
    Ok(())
}

/// The ActivityPub ids of the remote actors with this inbox, of their own or shared: those who follow the owner first.
///
/// # Errors
/// When the database cannot be read.
pub fn uris_by_inbox(conn: &Conn, inbox: &str, limit: u32) -> Result<Vec<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT uri FROM actors WHERE (inbox = ?1 OR shared_inbox = ?1) AND local = 0 AND gone_at IS NULL \
             ORDER BY id NOT IN (SELECT follower_id FROM follows), id LIMIT ?2",
        )?
        .query_map(params![inbox, limit], |r| r.get(0))?
        .collect::<Result<_, _>>()?)
}

/// The hosts of the remote actors with this inbox, of their own or shared: mostly one.
///
/// # Errors
/// When the database cannot be read.
pub fn hosts_behind_inbox(conn: &Conn, inbox: &str) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT host FROM actors WHERE (inbox = ?1 OR shared_inbox = ?1) AND local = 0 LIMIT 2";
    Ok(conn.prepare_cached(sql)?.query_map([inbox], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// One inbox of each host that we have dealt with, with the host, those heard last first.
pub fn inboxes_of_hosts(conn: &Conn, most: usize) -> Result<Vec<(String, String)>> {
    let rows = conn
        .prepare_cached(
            "SELECT ifnull(max(a.shared_inbox), max(a.inbox)), a.host FROM hosts h JOIN actors a ON a.host = h.host \
             WHERE (h.last_heard IS NOT NULL OR h.last_delivered IS NOT NULL) AND a.local = 0 AND a.gone_at IS NULL \
             AND a.limited < 2 AND a.inbox <> '' GROUP BY a.host \
             ORDER BY max(ifnull(h.last_heard, 0), ifnull(h.last_delivered, 0)) DESC LIMIT ?1",
        )?
        .query_map([most as i64], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
