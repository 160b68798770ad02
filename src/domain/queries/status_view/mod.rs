//! Rows, made into what a viewer may see: the one source of every entity, page and document of a status.

mod load;

use std::sync::Arc;

use crate::domain::interactions::interaction_policy::PolicyDecision;
use crate::protocol::activitystreams::types::{Interaction, Poll, Reaction};
use crate::store::actors::Actor;
use crate::store::interactions::favourites::OwnerMarks;
use crate::store::interactions::reactions::ReactionCount;
use crate::store::media::Media;
use crate::store::notifications::Notification;
use crate::store::relationships::reports::Report;
use crate::store::statuses::tags::StoredMention;
use crate::store::statuses::{ApprovalState, Status};

pub use load::StatusLoader;

/// A status with all that is shown of it.
#[derive(Debug, Clone)]
pub struct StatusView {
    /// Its row.
    pub status: Status,
    /// Its author.
    pub author: Arc<Actor>,
    /// What it boosts.
    pub boost_of: Option<Box<StatusView>>,
    /// Its media.
    pub media: Vec<Media>,
    /// Whom it names or addresses.
    pub mentions: Vec<StoredMention>,
    /// Its hashtags.
    pub tags: Vec<String>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// The options that the owner chose in it.
    pub own_votes: Vec<usize>,
    /// What it quotes.
    pub quote: Option<QuoteView>,
    /// What its author does not let the owner do unasked, or at all; empty for everybody else.
    pub terms: Vec<(Interaction, PolicyDecision)>,
    /// How many quote it that we know of.
    pub quotes: i64,
    /// The emoji that others reacted with.
    pub reactions: Vec<ReactionCount>,
    /// The community that it is in.
    pub group: Option<Arc<Actor>>,
    /// The app that posted it: name and page.
    pub app: Option<(String, Option<String>)>,
    /// What the owner did with it; nothing for other viewers.
    pub marks: OwnerMarks,
}

impl StatusView {
    /// The status that has the content: itself, or what it boosts.
    pub fn content(&self) -> &StatusView {
        self.boost_of.as_deref().unwrap_or(self)
    }

    /// Its page for people, else its id.
    pub fn page(&self) -> &str {
        self.status.url.as_deref().unwrap_or(&self.status.uri)
    }
}

/// A quote, one level deep: what a quoted post quotes itself is not loaded.
#[derive(Debug, Clone)]
pub struct QuoteView {
    /// The id of what is quoted.
    pub uri: String,
    /// Whether its author consents.
    pub state: ApprovalState,
    /// The id of the consent.
    pub approval: Option<String>,
    /// It, if it is here, may be quoted, and the viewer may see it.
    pub status: Option<Box<StatusView>>,
    /// The owner blocks its author, so it is not shown.
    pub blocked: bool,
    /// It was deleted.
    pub deleted: bool,
}

impl QuoteView {
    /// The page of what is quoted, else its id.
    pub fn page(&self) -> &str {
        self.status.as_ref().map_or(&self.uri, |s| s.page())
    }
}

/// A notification with all that is shown of it.
#[derive(Debug, Clone)]
pub struct NotificationView {
    /// Its row.
    pub row: Notification,
    /// Who did it.
    pub actor: Arc<Actor>,
    /// With which status.
    pub status: Option<StatusView>,
    /// What was reacted with, if that is what is told.
    pub reaction: Option<Reaction>,
    /// The report that is told of, with the posts of the owner that it is about and that are still here.
    pub report: Option<(Report, Vec<StatusView>)>,
    /// Whom it is about.
    pub target: Option<Arc<Actor>>,
}
