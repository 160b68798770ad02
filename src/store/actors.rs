//! Actors, ours and remote ones.

use rusqlite::{OptionalExtension, Row, params};

use super::host_policies::{Place, Severity};
use super::sql_types::{from_json, optional_json, to_json};
use super::{Conn, keys};
use crate::error::Result;
use crate::protocol::activitystreams::types::{ActorDoc, ActorKind, Emoji, Field};
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;

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
    pub fn place(&self) -> Place {
        (self.host.clone(), self.domain.clone())
    }

    /// Statuses, followers and followed, as its own server last counted them, or as many as are here if that is more.
    pub fn shown_counts(&self) -> [i64; 3] {
        let here = [self.statuses_count, self.followers_count, self.following_count];
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

/// The actor with this ActivityPub id, byte-exact.
///
/// # Errors
/// When the database cannot be read.
pub fn by_uri(conn: &Conn, uri: &str) -> Result<Option<Actor>> {
    one(conn, "uri = ?1", [uri])
}

/// The id alone of [`by_uri`].
///
/// # Errors
/// When the database cannot be read.
pub fn id_by_uri(conn: &Conn, uri: &str) -> Result<Option<ActorId>> {
    Ok(conn.prepare_cached("SELECT id FROM actors WHERE uri = ?1")?.query_row([uri], |r| r.get(0)).optional()?)
}

/// The actor with this handle. `domain` is empty for our own actors.
///
/// # Errors
/// When the database cannot be read.
pub fn by_handle(conn: &Conn, username: &str, domain: &str) -> Result<Option<Actor>> {
    one(
        conn,
        "username = ?1 COLLATE NOCASE AND domain = ?2 AND gone_at IS NULL ORDER BY kind, fetched_at DESC LIMIT 1",
        [username, domain],
    )
}

/// The actor whose page for people this is.
///
/// # Errors
/// When the database cannot be read.
pub fn by_url(conn: &Conn, url: &str) -> Result<Option<Actor>> {
    let host = url::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_default();
    one(conn, "host = ?1 AND url = ?2", [host.as_str(), url])
}

/// Actors whose name or handle contains the words, closest first: those the owner follows, then the rest.
///
/// # Errors
/// When the database cannot be read.
pub fn search(
    conn: &Conn,
    owner: ActorId,
    words: &str,
    following_only: bool,
    limit: u32,
    offset: u32,
) -> Result<Vec<Actor>> {
    let pattern = format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let columns = COLUMNS.split(", ").map(|c| format!("a.{}", c.trim())).collect::<Vec<_>>().join(", ");
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

/// A new local actor: the owner, or the instance actor.
#[derive(Debug, Clone)]
pub struct NewLocal<'a> {
    /// Our id for it.
    pub id: ActorId,
    /// Its ActivityPub id; its inbox and collections hang below it.
    pub uri: &'a str,
    /// What it is.
    pub kind: ActorKind,
    /// Its user name.
    pub username: &'a str,
    /// Its display name.
    pub display_name: &'a str,
    /// Its page for people.
    pub url: &'a str,
    /// Its inbox.
    pub inbox: &'a str,
    /// The server's shared inbox.
    pub shared_inbox: &'a str,
}

/// Inserts a local actor.
///
/// # Errors
/// When the database cannot be written.
pub fn insert_local(conn: &Conn, new: &NewLocal<'_>, now: Timestamp) -> Result<()> {
    let person = new.kind != ActorKind::Application;
    let below = |part: &str| person.then(|| format!("{}/{part}", new.uri));
    conn.execute(
        "INSERT INTO actors (id, uri, local, kind, username, domain, host, url, display_name, inbox, shared_inbox, \
         outbox, followers_uri, following_uri, featured_uri, discoverable, indexable, created_at, updated_at) \
         VALUES (?1, ?2, 1, ?3, ?4, '', '', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, ?14, ?14)",
        params![
            new.id,
            new.uri,
            new.kind,
            new.username,
            new.url,
            new.display_name,
            new.inbox,
            new.shared_inbox,
            format!("{}/outbox", new.uri),
            below("followers"),
            below("following"),
            below("collections/featured"),
            person,
            now,
        ],
    )?;
    Ok(())
}

/// Inserts or refreshes a remote actor from its document, with its keys; never an actor of ours. `handle` is its user name and domain as
/// WebFinger confirmed them, or as the document claims on its own host.
///
/// # Errors
/// When the database cannot be written.
pub fn upsert_remote(
    conn: &Conn,
    id: ActorId,
    doc: &ActorDoc,
    handle: (&str, &str),
    host: &str,
    now: Timestamp,
) -> Result<ActorId> {
    let id = conn
        .prepare_cached(
            "INSERT INTO actors (id, uri, kind, username, domain, host, url, display_name, note, fields, emoji, avatar, \
             header, inbox, shared_inbox, outbox, followers_uri, following_uri, featured_uri, locked, discoverable, \
             indexable, memorial, suspended, moved_to, also_known_as, proxy_of, created_at, updated_at, fetched_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, \
                     ?22, ?23, ?24, ?25, ?26, ?29, ?27, ?28, ?28) \
             ON CONFLICT (uri) DO UPDATE SET kind = ?3, username = ?4, domain = ?5, host = ?6, url = ?7, \
             display_name = ?8, note = ?9, fields = ?10, emoji = ?11, avatar = ?12, header = ?13, inbox = ?14, \
             shared_inbox = ?15, outbox = ?16, followers_uri = ?17, following_uri = ?18, featured_uri = ?19, \
             locked = ?20, discoverable = ?21, indexable = ?22, memorial = ?23, suspended = ?24, moved_to = ?25, \
             also_known_as = ?26, proxy_of = ?29, updated_at = ?28, fetched_at = ?28, gone_at = NULL \
             WHERE local = 0 RETURNING id",
        )?
        .query_row(
            params![
                id,
                doc.id,
                doc.kind,
                handle.0,
                handle.1,
                host,
                doc.url,
                doc.name,
                doc.note,
                to_json(&doc.fields),
                to_json(&doc.emoji),
                doc.icon,
                doc.image,
                doc.inbox,
                doc.shared_inbox,
                doc.outbox,
                doc.followers,
                doc.following,
                doc.featured,
                doc.locked,
                doc.discoverable,
                doc.indexable,
                doc.memorial,
                doc.suspended,
                doc.moved_to,
                to_json(&doc.also_known_as),
                doc.published.unwrap_or(now).min(now),
                now,
                optional_json(doc.proxy_of.as_ref()),
            ],
            |r| r.get(0),
        )?;
    keys::replace(conn, id, &doc.keys, now)?;
    Ok(id)
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

/// Marks an actor gone: its server says so. Nothing is delivered to it any more; a newer document brings it back.
///
/// # Errors
/// When the database cannot be written.
pub fn mark_gone(conn: &Conn, id: ActorId, now: Timestamp) -> Result<()> {
    conn.execute("UPDATE actors SET gone_at = ?2 WHERE id = ?1 AND local = 0", params![id, now])?;
    Ok(())
}

/// True if the owner was led from this actor to another account since then.
///
/// # Errors
/// When the database cannot be read.
pub fn has_moved_since(conn: &Conn, actor: ActorId, since: Timestamp) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM actors WHERE id = ?1 AND moved_at >= ?2)")?
        .query_row(params![actor, since], |r| r.get(0))?)
}

/// Notes that the owner was led from this actor to another account.
///
/// # Errors
/// When the database cannot be written.
pub fn note_move(conn: &Conn, actor: ActorId, now: Timestamp) -> Result<()> {
    conn.prepare_cached("UPDATE actors SET moved_at = ?2 WHERE id = ?1")?.execute(params![actor, now])?;
    Ok(())
}

/// An actor has signed something: it is there, whatever its document said.
///
/// # Errors
/// When the database cannot be written.
pub fn heard(conn: &Conn, id: ActorId) -> Result<()> {
    conn.prepare_cached("UPDATE actors SET gone_at = NULL WHERE id = ?1 AND gone_at IS NOT NULL")?.execute([id])?;
    Ok(())
}

/// Removes a remote actor with everything that hangs on it, and keeps the counters of what is left.
///
/// # Errors
/// When the database cannot be written.
pub fn delete(conn: &Conn, id: ActorId) -> Result<()> {
    // The rows go by themselves; the counters and the index of words do not.
    for sql in [
        "UPDATE statuses SET favourites_count = max(0, favourites_count - 1) \
         WHERE id IN (SELECT status_id FROM favourites WHERE actor_id = ?1)",
        "UPDATE statuses SET boosts_count = max(0, boosts_count - 1) \
         WHERE id IN (SELECT boost_of_id FROM statuses WHERE actor_id = ?1 AND boost_of_id IS NOT NULL)",
        "UPDATE statuses SET replies_count = max(0, replies_count - (SELECT count(*) FROM statuses r \
         WHERE r.in_reply_to_id = statuses.id AND r.actor_id = ?1)) \
         WHERE id IN (SELECT in_reply_to_id FROM statuses WHERE actor_id = ?1 AND in_reply_to_id IS NOT NULL)",
        "DELETE FROM status_search WHERE rowid IN (SELECT id FROM statuses WHERE actor_id = ?1)",
    ] {
        conn.prepare_cached(sql)?.execute([id])?;
    }
    conn.execute("DELETE FROM actors WHERE id = ?1 AND local = 0", [id])?;
    Ok(())
}

/// Leaves an empty row of an actor that was removed, so that what the owner thinks of it stays should it come again.
///
/// # Errors
/// When the database cannot be written.
pub fn insert_gone(conn: &Conn, was: &Actor, now: Timestamp) -> Result<()> {
    conn.execute(
        "INSERT INTO actors (id, uri, kind, username, domain, host, inbox, created_at, updated_at, fetched_at, gone_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7, ?7, ?7, ?7)",
        params![was.id, was.uri, was.kind, was.username, was.domain, was.host, now],
    )?;
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

/// Notes where an actor of ours has moved, and what else it is known as.
///
/// # Errors
/// When the database cannot be written.
pub fn set_moved(conn: &Conn, id: ActorId, to: Option<&str>, aliases: &[String], now: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE actors SET moved_to = ?2, also_known_as = ?3, updated_at = ?4 WHERE id = ?1",
        params![id, to, to_json(&aliases), now],
    )?;
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
