//! Statuses, quotes and notifications with everything that is shown with them.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::domain::account::attribution;
use crate::domain::filters::active::FilterMatch;
use crate::domain::interactions::interaction_policy::{self, PolicyDecision};
use crate::error::refusal::InteractionRefusal;
use crate::protocol::activitystreams::types::{Emoji, Interaction, Poll, Reaction};
use crate::protocol::ids::ActorId;
use crate::store::actors::Actor;
use crate::store::filters::FilterContext;
use crate::store::interactions::owner_marks::OwnerMarks;
use crate::store::interactions::reactions::ReactionCount;
use crate::store::media::Media;
use crate::store::notifications::Notification;
use crate::store::notifications::severances::Severance;
use crate::store::preview_cards::PreviewCard;
use crate::store::relationships::reports::Report;
use crate::store::statuses::mentions::StoredMention;
use crate::store::statuses::{ApprovalState, Status};

/// A status with everything that is shown with it. Copies share their content.
#[derive(Debug, Clone)]
pub struct StatusView(Arc<StatusContent>);

impl Deref for StatusView {
    type Target = StatusContent;

    fn deref(&self) -> &StatusContent {
        &self.0
    }
}

impl From<StatusContent> for StatusView {
    fn from(content: StatusContent) -> Self {
        Self(Arc::new(content))
    }
}

/// The content of a [`StatusView`].
#[derive(Debug, Clone)]
pub struct StatusContent {
    /// The row.
    pub status: Status,
    /// The author.
    pub author: Arc<Actor>,
    /// The status that it boosts.
    pub boost_of: Option<StatusView>,
    /// The attachments.
    pub media: Vec<Media>,
    /// The mentions, including silent ones.
    pub mentions: Vec<StoredMention>,
    /// The hashtags.
    pub tags: Vec<String>,
    /// The poll.
    pub poll: Option<Poll>,
    /// The options that the owner chose in the poll.
    pub own_votes: Vec<usize>,
    /// The quote.
    pub quote: Option<QuoteView>,
    /// The interactions that the author does not allow the owner automatically; empty for other viewers.
    pub restrictions: Vec<(Interaction, PolicyDecision)>,
    /// The number of stored quotes of it.
    pub quotes: i64,
    /// The emoji reactions.
    pub reactions: Vec<ReactionCount>,
    /// The community.
    pub group: Option<Arc<Actor>>,
    /// The name and page of the app that posted it.
    pub app: Option<(String, Option<String>)>,
    /// The owner's favourite, boost, bookmark and so on; none for other viewers.
    pub marks: OwnerMarks,
    /// The owner's filters that match it; none for other viewers.
    pub filtered: Vec<FilterMatch>,
    /// The preview of its link.
    pub card: Option<CardView>,
}

/// The preview of a link.
#[derive(Debug, Clone)]
pub struct CardView {
    /// The row.
    pub card: PreviewCard,
    /// The account that the page names as its author, if that permits it.
    pub creator: Option<Arc<Actor>>,
}

impl CardView {
    /// A card with its author from these actors.
    pub fn new(card: PreviewCard, actors: &HashMap<ActorId, Arc<Actor>>) -> Self {
        let creator = card.creator.and_then(|id| actors.get(&id));
        let creator = creator.filter(|account| attribution::permits(account, &card.host)).cloned();
        Self { card, creator }
    }
}

impl StatusView {
    /// The status with the content: the boosted status, or this one.
    pub fn content(&self) -> &StatusView {
        self.boost_of.as_ref().unwrap_or(self)
    }

    /// Whether the owner may quote its content, as [`interaction_policy::quoting`].
    ///
    /// # Errors
    /// The reason why it may not be quoted.
    pub fn quoting(&self) -> Result<PolicyDecision, InteractionRefusal> {
        let post = self.content();
        let stated = post.restrictions.iter().find(|(interaction, _)| *interaction == Interaction::Quote);
        let stated = stated.map_or(PolicyDecision::Automatic, |(_, decision)| *decision);
        interaction_policy::quoting(&post.status, post.author.local, stated)
    }

    /// Returns `true` if a filter leaves it out of lists of this kind. The owner's own posts are always shown.
    pub fn is_hidden(&self, context: FilterContext) -> bool {
        !self.content().author.local && self.filtered.iter().any(|found| found.hides_in(context))
    }

    /// The URL of its web page, else its id.
    pub fn page(&self) -> &str {
        self.status.url.as_deref().unwrap_or(&self.status.uri)
    }

    /// About how many bytes of memory and of a response it takes.
    pub(in crate::domain::queries) fn size(&self) -> usize {
        // Rows with short columns, and a few small lists.
        const ROWS: usize = 2_048;
        let s = &self.status;
        let texts = s.content.len() + s.summary.len() + s.source.as_ref().map_or(0, String::len);
        let of = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let media = |m: &Media| 512 + of(&m.description) + of(&m.remote_url);
        let mention = |m: &StoredMention| 256 + m.uri.len() + of(&m.url);
        let poll = self.poll.as_ref().map_or(0, |poll| poll.options.iter().map(|o| 64 + o.title.len()).sum());
        let inner = [self.quote.as_ref().and_then(|q| q.status.as_ref()), self.boost_of.as_ref()];
        ROWS + texts
            + emoji_size(&s.emoji)
            + actor_size(&self.author)
            + self.media.iter().map(media).sum::<usize>()
            + self.mentions.iter().map(mention).sum::<usize>()
            + poll
            + inner.into_iter().flatten().map(StatusView::size).sum::<usize>()
    }
}

fn actor_size(actor: &Actor) -> usize {
    let fields = actor.fields.iter().map(|field| field.name.len() + field.value.len());
    actor.note.len() + actor.note_source.len() + fields.sum::<usize>() + emoji_size(&actor.emoji)
}

fn emoji_size(emoji: &[Emoji]) -> usize {
    emoji.iter().map(|e| e.shortcode.len() + e.url.len()).sum()
}

/// A quote. Quotes in the quoted post are not loaded.
#[derive(Debug, Clone)]
pub struct QuoteView {
    /// The id of the quoted post.
    pub uri: String,
    /// The approval by the quoted author.
    pub state: ApprovalState,
    /// The id of the approval.
    pub approval: Option<String>,
    /// The quoted post, if it is stored, its author approves, and the viewer may see it.
    pub status: Option<StatusView>,
    /// True if it is not shown because the owner blocks its author.
    pub blocked: bool,
    /// True if it was deleted.
    pub deleted: bool,
}

impl QuoteView {
    /// The URL of the quoted post's web page, else its id.
    pub fn page(&self) -> &str {
        self.status.as_ref().map_or(&self.uri, |s| s.page())
    }
}

/// A notification with everything that is shown with it.
#[derive(Debug, Clone)]
pub struct NotificationView {
    /// The row.
    pub row: Notification,
    /// The actor that caused it.
    pub actor: Arc<Actor>,
    /// The status that it is about.
    pub status: Option<StatusView>,
    /// The emoji reaction that it is about.
    pub reaction: Option<Reaction>,
    /// The report that it is about, with the reported posts of the owner that still exist.
    pub report: Option<(Report, Vec<StatusView>)>,
    /// The reported actor.
    pub target: Option<Arc<Actor>>,
    /// The ended follows that it is about.
    pub severance: Option<Severance>,
}
