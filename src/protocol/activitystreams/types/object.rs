//! Objects: posts of any kind and their parts.

use super::audience::Audience;
use super::interaction::Interaction;
use crate::protocol::time::Timestamp;

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
    /// Any other type with an author and content.
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
    /// Its title as plain text; a Note has one only where it begins a topic in a community.
    pub title: Option<String>,
    /// What to show as HTML, cleaned: its content, below the title if it has one; for kinds other than Note and Question
    /// abstract and link too.
    pub html: String,
    /// The content warning as plain text (only Note and Question have one).
    pub summary: Option<String>,
    /// Warning and content as plain text, for search.
    pub plain: String,
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
    /// It uses FEP-044f, which needs approval; older forms do not.
    pub needs_approval: bool,
    /// The id of the approval, if there is one.
    pub authorization: Option<String>,
}

/// Who may do one thing with a post: actors or collections of actors.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rule {
    /// Actors and collections that are approved automatically.
    pub automatic: Vec<String>,
    /// Actors and collections whose requests are approved manually.
    pub manual: Vec<String>,
}

/// Who may interact with a post (GoToSocial, FEP-044f). Without a rule, everyone who sees the post may.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct InteractionPolicy {
    /// Who may like it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<Rule>,
    /// Who may reply to it.
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

/// The status of an event that may not take place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventStatus {
    /// Planned but not certain, or postponed.
    Tentative,
    /// Cancelled.
    Cancelled,
}

/// Details of some kinds of object.
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
    /// Set if the event is cancelled or not certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<EventStatus>,
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
    /// The first frame, if the image moves and the frame is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub still: Option<String>,
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
    /// Another type, which is only linked.
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
    /// Its description (alternative text).
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

/// What can be chosen in a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollOption {
    /// Its text as it is shown.
    pub title: String,
    /// Its text as its server writes it, and wants it in votes.
    pub name: String,
    /// How many chose it.
    pub votes: u64,
}

/// A poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// Several options may be chosen.
    pub multiple: bool,
    /// What can be chosen.
    pub options: Vec<PollOption>,
    /// When it ends; `None` never.
    pub ends_at: Option<Timestamp>,
    /// It is closed already.
    pub closed: bool,
    /// Number of voters, if stated.
    pub voters: Option<u64>,
    /// The counts of the options are hidden until it ends (only polls of the owner).
    pub hide_totals: bool,
}

impl Poll {
    /// Returns the number of all votes.
    pub fn votes(&self) -> u64 {
        self.options.iter().fold(0, |sum, option| sum.saturating_add(option.votes))
    }
}
