//! The row of a status.

use rusqlite::Row;

use crate::protocol::activitystreams::types::{Details, Emoji, InteractionPolicy};
use crate::protocol::ids::{ActorId, AppId, StatusId};
use crate::protocol::time::Timestamp;
use crate::protocol::visibility::Visibility;
use crate::store::database::column_types::{from_json, from_optional_json};
use crate::store::interactions::approval_state::ApprovalState;

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
    /// The author that it replies to, if known.
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
    /// Favourites, in the same way.
    pub favourites_count: i64,
    /// What it quotes.
    pub quote: Option<Quoted>,
    /// What the author of the parent decided about this local reply, if approval was requested or given.
    pub reply_state: Option<ApprovalState>,
    /// The id of that approval.
    pub reply_approval: Option<String>,
    /// Who may do what with it, if its author says so.
    pub policy: Option<InteractionPolicy>,
    /// Dates, length and the like, of kinds that have them.
    pub details: Option<Details>,
    /// The community that it is in.
    pub group: Option<ActorId>,
    /// What it replies to is not stored, because it was deleted or its server does not have it.
    pub parent_gone: bool,
}

/// A quote as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// The id of what is quoted.
    pub uri: String,
    /// It, if it is stored.
    pub status: Option<StatusId>,
    /// Whether its author consents.
    pub state: ApprovalState,
    /// The id of the approval.
    pub approval: Option<String>,
}

/// The columns that [`from_row`] reads, of the table under the name `s`.
macro_rules! status_columns {
    () => {
        "s.id, s.uri, s.url, s.local, s.actor_id, s.boost_of_id, s.in_reply_to_uri, s.in_reply_to_id, \
         s.in_reply_to_actor_id, s.thread_id, s.conversation, s.kind, s.visibility, s.content, s.source, s.source_type, \
         s.title, s.summary, s.sensitive, s.language, s.emoji, s.app_id, s.created_at, s.edited_at, s.pinned_at, \
         s.replies_uri, s.replies_count, s.boosts_count, s.favourites_count, s.quote_uri, s.quote_id, s.quote_state, \
         s.quote_approval, s.reply_approval, s.policy, s.details, s.group_id, \
         s.reply_state, s.parent_gone"
    };
}
pub(super) use status_columns;

/// Reads [`status_columns`].
pub(super) fn from_row(r: &Row<'_>) -> rusqlite::Result<Status> {
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
        policy: from_optional_json(r.get_ref(34)?)?,
        details: from_optional_json(r.get_ref(35)?)?,
        group: r.get(36)?,
        parent_gone: r.get(38)?,
    })
}
