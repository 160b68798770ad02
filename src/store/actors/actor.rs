//! The row of an actor.

use rusqlite::Row;

use crate::protocol::activitystreams::types::{ActorKind, Emoji, Field, ProfileTabs};
use crate::protocol::ids::ActorId;
use crate::protocol::time::Timestamp;
use crate::store::database::column_types::{from_json, from_optional_json};
use crate::store::peers::domain_policies::{ActorHosts, Severity};

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
    /// The tabs of its profile.
    pub tabs: ProfileTabs,
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
    /// Who it follows, in the same way.
    pub following_count: i64,
    /// Its newest status here.
    pub last_status_at: Option<Timestamp>,
    /// Statuses, followers and followed as its own server counts them.
    pub remote_counts: [Option<i64>; 3],
    /// What it is a bridge of: address and protocol.
    pub proxy_of: Option<(String, String)>,
    /// How far we let it in.
    pub limited: Severity,
    /// The domains whose pages may name it as their author.
    pub attribution_domains: Vec<String>,
}

impl Actor {
    /// Its display name, or its user name if that is blank.
    pub fn shown_name(&self) -> &str {
        match self.display_name.trim() {
            "" => &self.username,
            name => name,
        }
    }

    /// Where it is: the host of its document, and the domain of its handle.
    pub fn place(&self) -> ActorHosts {
        (self.host.clone(), self.domain.clone())
    }

    /// Statuses, followers and followed, as its own server last counted them, or as many as are stored if that is more.
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

/// The columns that [`from_row`] reads, of the table under the name `a`.
macro_rules! actor_columns {
    () => {
        "a.id, a.uri, a.local, a.kind, a.username, a.domain, a.host, a.url, a.display_name, a.note, a.note_source, a.fields, \
         a.emoji, a.avatar, a.avatar_alt, a.header, a.header_alt, a.inbox, a.shared_inbox, a.outbox, a.followers_uri, a.following_uri, \
         a.featured_uri, a.locked, a.discoverable, a.indexable, a.memorial, a.suspended, a.moved_to, a.also_known_as, a.created_at, \
         a.updated_at, a.fetched_at, a.gone_at, a.statuses_count, a.followers_count, a.following_count, a.last_status_at, a.remote_statuses, \
         a.remote_followers, a.remote_following, a.proxy_of, a.limited, a.attribution_domains, \
         a.show_media, a.show_media_replies, a.show_featured"
    };
}
pub(super) use actor_columns;

/// Reads [`actor_columns`].
pub(super) fn from_row(r: &Row<'_>) -> rusqlite::Result<Actor> {
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
        proxy_of: from_optional_json(r.get_ref(41)?)?,
        limited: r.get(42)?,
        attribution_domains: from_json(r.get_ref(43)?.as_str()?),
        tabs: ProfileTabs { media: r.get(44)?, media_replies: r.get(45)?, featured: r.get(46)? },
    })
}
