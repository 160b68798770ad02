//! How actors come: the owner's own when the server is set up, others from their documents.

use rusqlite::params;

use crate::error::Result;
use crate::protocol::activitystreams::types::{ActorDoc, ActorKind};
use crate::protocol::ids::ActorId;
use crate::protocol::search::words::search_name;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::actors::keys;
use crate::store::database::column_types::{optional_json, to_json};

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
pub fn insert_local(conn: &Conn, new: &NewLocal<'_>, now: Timestamp) -> Result<()> {
    let person = new.kind != ActorKind::Application;
    let below = |part: &str| person.then(|| format!("{}/{part}", new.uri));
    conn.execute(
        "INSERT INTO actors (id, uri, local, kind, username, domain, host, url, display_name, inbox, shared_inbox, \
         outbox, followers_uri, following_uri, featured_uri, discoverable, indexable, created_at, updated_at, search_name) \
         VALUES (?1, ?2, 1, ?3, ?4, '', '', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, ?14, ?14, ?15)",
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
            search_name(new.username, "", new.display_name),
        ],
    )?;
    Ok(())
}

/// The statement of [`upsert_remote`]; a row of a local actor is never changed.
const UPSERT: &str = "INSERT INTO actors (id, uri, kind, username, domain, host, url, display_name, note, fields, emoji, avatar, \
     header, inbox, shared_inbox, outbox, followers_uri, following_uri, featured_uri, locked, discoverable, \
     indexable, memorial, suspended, moved_to, also_known_as, proxy_of, created_at, updated_at, fetched_at, attribution_domains, \
     show_media, show_media_replies, show_featured, search_name) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, \
     ?22, ?23, ?24, ?25, ?26, ?29, ?27, ?28, ?28, ?30, ?31, ?32, ?33, ?34) \
     ON CONFLICT (uri) DO UPDATE SET kind = ?3, username = ?4, domain = ?5, host = ?6, url = ?7, \
     display_name = ?8, note = ?9, fields = ?10, emoji = ?11, avatar = ?12, header = ?13, inbox = ?14, \
     shared_inbox = ?15, outbox = ?16, followers_uri = ?17, following_uri = ?18, featured_uri = ?19, \
     locked = ?20, discoverable = ?21, indexable = ?22, memorial = ?23, suspended = ?24, moved_to = ?25, \
     also_known_as = ?26, proxy_of = ?29, attribution_domains = ?30, show_media = ?31, show_media_replies = ?32, show_featured = ?33, \
     search_name = ?34, updated_at = ?28, fetched_at = ?28, gone_at = NULL \
     WHERE local = 0 RETURNING id";

/// Inserts or refreshes a remote actor from its document, with its keys; never an actor of this server. `handle` is its
/// user name and domain as WebFinger confirmed them, or as the document claims on its own host.
pub fn upsert_remote(
    conn: &Conn,
    id: ActorId,
    doc: &ActorDoc,
    handle: (&str, &str),
    host: &str,
    now: Timestamp,
) -> Result<ActorId> {
    let id = conn.prepare_cached(UPSERT)?.query_row(
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
            to_json(&doc.attribution_domains),
            doc.tabs.media,
            doc.tabs.media_replies,
            doc.tabs.featured,
            search_name(handle.0, handle.1, &doc.name),
        ],
        |r| r.get(0),
    )?;
    keys::replace(conn, id, &doc.keys, now)?;
    Ok(id)
}
