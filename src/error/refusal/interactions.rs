//! Refusals of interactions with a post.

use serde::{Deserialize, Serialize};

/// Why an interaction with a post is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InteractionRefusal {
    /// The post is not open.
    #[error("Only public and unlisted posts can be boosted")]
    BoostNotOpen,
    /// A boost cannot be direct.
    #[error("A boost can be public, unlisted or private, not direct")]
    BoostDirect,
    /// More reactions than this number.
    #[error("No more than {0} reactions to one post are possible")]
    TooManyReactions(i64),
    /// The text is no emoji that can be used.
    #[error("A reaction must be one emoji, one of your custom emoji, or one that the post already has a reaction with")]
    NotAReaction,
    /// The post is direct.
    #[error("Posts that are only visible to mentioned users cannot be pinned")]
    PinDirect,
    /// As many pinned posts as are possible.
    #[error("You have already pinned the maximum number of posts ({0})")]
    TooManyPins(usize),
    /// Someone else has written the post.
    #[error("Someone else's post cannot be pinned")]
    PinOfOther,
    /// The post that is quoted is not found, or not visible.
    #[error("The post you are trying to quote does not appear to exist.")]
    QuotedMissing,
    /// The post that is replied to is not found, or not visible.
    #[error("The post you are trying to reply to does not appear to exist.")]
    ParentMissing,
    /// A direct message quotes someone who does not receive it.
    #[error(
        "A direct message can only quote its recipients, because the quoted author receives a request for approval"
    )]
    QuoteNotRecipient,
    /// The post is not open.
    #[error("Only public and unlisted posts can be quoted")]
    QuoteNotOpen,
    /// The policy of the author.
    #[error("The author does not allow this post to be quoted")]
    QuoteForbidden,
    /// The policy of the author.
    #[error("The author does not allow replies to this post")]
    ReplyForbidden,
    /// The post is not open.
    #[error("Only public and unlisted posts are sent to a translation service")]
    TranslationNotOpen,
    /// The post has the requested language.
    #[error("The post is in that language already")]
    TranslationNotNeeded,
}
