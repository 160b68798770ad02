//! Actor documents.

use super::object::Emoji;
use crate::limits;
use crate::protocol::time::Timestamp;

/// The kind of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A person.
    Person,
    /// A bot.
    Service,
    /// A community or forum.
    Group,
    /// An organisation.
    Organization,
    /// A server.
    Application,
}

impl ActorKind {
    /// The type on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Service => "Service",
            Self::Group => "Group",
            Self::Organization => "Organization",
            Self::Application => "Application",
        }
    }

    /// Parses the type.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Person, Self::Service, Self::Group, Self::Organization, Self::Application]
            .into_iter()
            .find(|k| k.as_str() == name)
    }

    /// Returns `true` for what clients show as a bot.
    pub fn is_automated(self) -> bool {
        matches!(self, Self::Service | Self::Application)
    }
}

/// Which of its optional tabs a profile has, as its owner chose (Mastodon 4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileTabs {
    /// Pictures, videos and audio.
    pub media: bool,
    /// Those of replies among them.
    pub media_replies: bool,
    /// What the account features: pinned posts and hashtags.
    pub featured: bool,
}

impl Default for ProfileTabs {
    fn default() -> Self {
        Self { media: true, media_replies: true, featured: true }
    }
}

/// A profile field.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Field {
    /// Its label as plain text.
    pub name: String,
    /// Its value as cleaned HTML.
    pub value: String,
    /// Of the owner: when the linked page was found to link back with `rel="me"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<Timestamp>,
}

/// A public key of an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorKey {
    /// The key's id.
    pub id: String,
    /// Its `owner` or `controller`.
    pub owner: String,
    /// The key itself.
    pub material: KeyMaterial,
}

/// A public key as written in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyMaterial {
    /// `publicKeyPem`.
    Pem(String),
    /// `publicKeyMultibase` (FEP-521a).
    Multibase(String),
}

/// An actor.
#[derive(Debug, Clone, PartialEq)]
pub struct ActorDoc {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: ActorKind,
    /// `preferredUsername`, if it has one (some actors have none).
    pub username: Option<String>,
    /// `user@host` of FEP-2c59.
    pub webfinger: Option<String>,
    /// Display name as plain text.
    pub name: String,
    /// Biography as cleaned HTML.
    pub note: String,
    /// Its page for people (same origin as the id), else absent.
    pub url: Option<String>,
    /// Where deliveries go.
    pub inbox: String,
    /// Where one delivery serves its whole server.
    pub shared_inbox: Option<String>,
    /// Its outbox.
    pub outbox: Option<String>,
    /// Its followers collection.
    pub followers: Option<String>,
    /// Its following collection.
    pub following: Option<String>,
    /// Its pinned posts.
    pub featured: Option<String>,
    /// Avatar URL.
    pub icon: Option<String>,
    /// Header URL.
    pub image: Option<String>,
    /// Profile fields.
    pub fields: Vec<Field>,
    /// Custom emoji of name, biography and fields.
    pub emoji: Vec<Emoji>,
    /// Follows must be approved.
    pub locked: bool,
    /// May be shown in directories.
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
    /// Its former and other ids.
    pub also_known_as: Vec<String>,
    /// When it was created.
    pub published: Option<Timestamp>,
    /// Its keys, only those whose id and owner are on the actor's own origin.
    pub keys: Vec<ActorKey>,
    /// The account elsewhere that it is a bridge of (`proxyOf` of FEP-fffd): its address and its protocol.
    pub proxy_of: Option<(String, String)>,
    /// `attributionDomains`: the domains whose pages may name it as their author.
    pub attribution_domains: Vec<String>,
    /// It states support for RFC 9421 signatures (FEP-844e).
    pub speaks_rfc9421: bool,
}

impl ActorDoc {
    /// Returns the user name, or the end of the id if it has none (FedBox, some bots).
    pub fn user_name(&self) -> String {
        if let Some(name) = &self.username {
            return name.clone();
        }
        let path = self.id.split(['?', '#']).next().unwrap_or(&self.id);
        let end = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        end.trim_start_matches('@').chars().take(limits::ACTOR_USERNAME_CHARS).collect()
    }
}
