//! What an ActivityStreams document says, in types: the one vocabulary between the wire and the domain.
//!
//! `read` makes these from any peer's JSON with every limit applied, so that nothing behind this point has to
//! know a peer's quirks. Ids are byte-exact strings as sent (never normalised). HTML here is already cleaned.

use crate::protocol::time::Timestamp;

/// Who a document is addressed to, as ids. The public collection is already spelled in full.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// Primary addressees.
    pub to: Vec<String>,
    /// Secondary addressees (`cc`, and `audience` and received `bto`/`bcc`).
    pub cc: Vec<String>,
}

/// The public collection of ActivityPub section 5.6.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// The kinds of activity that Dassie acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActivityKind {
    /// A new object.
    Create,
    /// A changed object or actor.
    Update,
    /// A removed object or actor.
    Delete,
    /// A wish to follow.
    Follow,
    /// Consent: to a follow, or to something else.
    Accept,
    /// The opposite of consent.
    Reject,
    /// An earlier activity taken back.
    Undo,
    /// A favourite, or an emoji reaction.
    Like,
    /// A boost; around an activity, a group's relay of it (FEP-1b12).
    Announce,
    /// A block of the receiver.
    Block,
    /// A report.
    Flag,
    /// An item added to a collection (a pin, when the target is `featured`).
    Add,
    /// An item removed from a collection.
    Remove,
    /// The actor has moved.
    Move,
    /// A wish to be allowed to quote, like, answer or boost (FEP-044f, GoToSocial).
    Request(Interaction),
    /// Any other type; answered 202 and left alone.
    Other(String),
}

/// What an interaction policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interaction {
    /// A favourite or reaction.
    Like,
    /// An answer.
    Reply,
    /// A boost.
    Announce,
    /// A quote.
    Quote,
}

impl Interaction {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Like, Self::Reply, Self::Announce, Self::Quote];

    /// The name that the types of its request and its authorisation begin with: `QuoteRequest`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Like => "Like",
            Self::Reply => "Reply",
            Self::Announce => "Announce",
            Self::Quote => "Quote",
        }
    }

    /// Reads the type of a request.
    pub fn of_request(name: &str) -> Option<Self> {
        let kind = name.strip_suffix("Request")?;
        Self::ALL.into_iter().find(|i| i.as_str() == kind)
    }
}

/// An object position of an activity: an id, or a document that stands in the activity itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Only the id.
    Id(String),
    /// A whole document. Whoever reads it decides whether its origin makes it trustworthy.
    Embedded(serde_json::Value),
}

impl Item {
    /// The id of what stands here, as written.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Embedded(value) => super::id_of(value),
        }
    }
}

/// An activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Its id, where it has one (GoToSocial's Delete and Mastodon's Add have none).
    pub id: Option<String>,
    /// What it does.
    pub kind: ActivityKind,
    /// Who does it.
    pub actor: String,
    /// What it is done to; nearly always one item.
    pub objects: Vec<Item>,
    /// The collection or actor that it is done towards (Add, Remove, Move).
    pub target: Option<String>,
    /// What comes of it (`result` of an Accept).
    pub result: Option<String>,
    /// The quoting, answering or liking thing of a request.
    pub instrument: Option<Item>,
    /// Who it is for.
    pub audience: Audience,
    /// When.
    pub published: Option<Timestamp>,
    /// The comment of a Flag.
    pub content: Option<String>,
    /// What a Like reacts with, if it is an emoji reaction.
    pub reaction: Option<Reaction>,
}

/// An emoji reaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji itself, or `:name:` of a custom one.
    pub text: String,
    /// The picture of a custom one.
    pub url: Option<String>,
}

/// The kinds of object that become a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// A short post.
    Note,
    /// A poll.
    Question,
    /// A long post with a title.
    Article,
    /// A link post (Lemmy) or titled post (Friendica).
    Page,
    /// A video (PeerTube).
    Video,
    /// A recording (Funkwhale, Castopod).
    Audio,
    /// A picture.
    Image,
    /// An event (Mobilizon, Gancio).
    Event,
    /// Anything else that has an author and something to read.
    Other,
}

/// A post in any of its kinds.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: ObjectKind,
    /// Its type as written, `Note`.
    pub type_name: String,
    /// Its author's id (the first that is an actor, when there are several).
    pub attributed_to: String,
    /// Its title as plain text; a Note has none.
    pub title: Option<String>,
    /// What to show as HTML, cleaned: for a Note its content, for the other kinds title, abstract and link too.
    pub html: String,
    /// The content warning as plain text (only Note and Question have one).
    pub summary: Option<String>,
    /// Its media are hidden at first.
    pub sensitive: bool,
    /// BCP 47 language, lower-case.
    pub language: Option<String>,
    /// Its page for people, if http(s) and on the id's own origin; else absent.
    pub url: Option<String>,
    /// What it replies to.
    pub in_reply_to: Option<String>,
    /// Its `context`, else its `conversation`.
    pub conversation: Option<String>,
    /// Who it is for.
    pub audience: Audience,
    /// Marked as a private message by its server (Pleroma's `directMessage`, ChatMessage).
    pub direct_message: bool,
    /// When it was written.
    pub published: Option<Timestamp>,
    /// When it was last edited.
    pub updated: Option<Timestamp>,
    /// Who it mentions.
    pub mentions: Vec<Mention>,
    /// Its hashtags, lower-case without `#`, no repeats.
    pub hashtags: Vec<String>,
    /// Its custom emoji.
    pub emoji: Vec<Emoji>,
    /// Its media.
    pub attachments: Vec<Attachment>,
    /// Its poll, if it is one.
    pub poll: Option<Poll>,
    /// The name of a poll vote (`name` of a Note without content).
    pub vote: Option<String>,
    /// What it quotes.
    pub quote: Option<Quote>,
    /// Who may do what with it, if its author says so.
    pub policy: Option<InteractionPolicy>,
    /// Dates, length and the like, of kinds that have them.
    pub details: Option<Details>,
    /// The community that it was posted to (`audience`), if it names one.
    pub group: Option<String>,
    /// The id of its collection of replies.
    pub replies: Option<String>,
    /// How many favourites its own server counts.
    pub likes: Option<u64>,
    /// How many boosts its own server counts.
    pub shares: Option<u64>,
}

/// A quote as the quoting post states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The id of what is quoted.
    pub uri: String,
    /// It was written in the dialect that asks for consent (FEP-044f); the older ones carry none.
    pub asks_consent: bool,
    /// The id of the consent, if there is one already.
    pub authorization: Option<String>,
}

/// Who may do one thing with a post: actors or collections of actors.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rule {
    /// Whoever is among these may do it.
    pub automatic: Vec<String>,
    /// Whoever is among these may ask.
    pub manual: Vec<String>,
}

/// What the author of a post lets others do with it. An absent rule is no rule: anybody who sees it may.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct InteractionPolicy {
    /// Who may like it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<Rule>,
    /// Who may answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Rule>,
    /// Who may boost it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announce: Option<Rule>,
    /// Who may quote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Rule>,
}

impl InteractionPolicy {
    /// The rule for one interaction.
    pub fn rule(&self, interaction: Interaction) -> Option<&Rule> {
        match interaction {
            Interaction::Like => self.like.as_ref(),
            Interaction::Reply => self.reply.as_ref(),
            Interaction::Announce => self.announce.as_ref(),
            Interaction::Quote => self.quote.as_ref(),
        }
    }
}

/// What some kinds of object say besides their text.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Details {
    /// When an event begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How long a recording is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Stars of a review, up to five.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<f32>,
}

/// A mention in a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The id of the actor.
    pub href: String,
    /// `@user@host`, if given.
    pub name: Option<String>,
}

/// A custom emoji.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Emoji {
    /// The name between the colons.
    pub shortcode: String,
    /// The image.
    pub url: String,
}

/// What kind of media an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// A still picture.
    Image,
    /// A silent loop.
    Gifv,
    /// A video.
    Video,
    /// A recording.
    Audio,
    /// Something that only its own server can show.
    Unknown,
}

impl MediaKind {
    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Gifv => "gifv",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Unknown => "unknown",
        }
    }

    /// From a media type: `image/png` is [`MediaKind::Image`].
    pub fn of_media_type(media_type: &str) -> Self {
        match media_type.split('/').next() {
            Some("image") => Self::Image,
            Some("video") => Self::Video,
            Some("audio") => Self::Audio,
            _ => Self::Unknown,
        }
    }
}

/// A media attachment of a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// What it is.
    pub kind: MediaKind,
    /// Its media type, if known.
    pub media_type: Option<String>,
    /// Where it is.
    pub url: String,
    /// Its description for those who do not see it.
    pub description: Option<String>,
    /// Its blurhash, if valid.
    pub blurhash: Option<String>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// The point to keep in view: x from left, y from bottom, each -1 to 1.
    pub focus: Option<(f32, f32)>,
}

/// A poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// Several options may be chosen.
    pub multiple: bool,
    /// Option texts with their counts.
    pub options: Vec<(String, u64)>,
    /// When it ends; `None` never.
    pub ends_at: Option<Timestamp>,
    /// It is closed already.
    pub closed: bool,
    /// How many people voted, if told.
    pub voters: Option<u64>,
}

/// What kind of actor somebody is.
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

    /// Reads the type of the wire.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Person, Self::Service, Self::Group, Self::Organization, Self::Application]
            .into_iter()
            .find(|k| k.as_str() == name)
    }
}

/// A profile field.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Field {
    /// Its label as plain text.
    pub name: String,
    /// Its value as cleaned HTML.
    pub value: String,
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

/// A public key as it stands in a document.
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
    /// `preferredUsername`, if it has one (some pasture actors have none).
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
    /// Says that it verifies RFC 9421 signatures (FEP-844e).
    pub speaks_rfc9421: bool,
}

/// A collection or one page of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// Its id.
    pub id: Option<String>,
    /// How many items its server counts.
    pub total: Option<u64>,
    /// Items that stand in it.
    pub items: Vec<Item>,
    /// Its first page: an id, or the page itself.
    pub first: Option<Item>,
    /// Its next page.
    pub next: Option<String>,
}
