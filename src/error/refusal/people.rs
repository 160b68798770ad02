//! Refusals of what concerns other accounts, and hashtags.

use serde::{Deserialize, Serialize};

/// Why a follow, block, mute or list is refused, or an account is not found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PeopleRefusal {
    /// The owner.
    #[error("You can't follow yourself")]
    FollowSelf,
    /// The owner.
    #[error("You can't block yourself")]
    BlockSelf,
    /// The owner.
    #[error("You can't mute yourself")]
    MuteSelf,
    /// One blocks the other.
    #[error("This action is not allowed")]
    Blocked,
    /// A mute is longer than this number of seconds.
    #[error("duration must be at most {0} seconds; 0 mutes without an end")]
    MuteTooLong(u64),
    /// The account is not followed.
    #[error("You must be following the account that you want to endorse")]
    EndorseNotFollowed,
    /// As many lists as are possible.
    #[error("You have reached the maximum number of lists ({0})")]
    TooManyLists(i64),
    /// More accounts than this number.
    #[error("A list cannot have more than {0} accounts")]
    ListFull(i64),
    /// The account is in the list.
    #[error("Account has already been taken")]
    InListAlready,
    /// The text names no account.
    #[error("`{0}` is neither a handle (user@host) nor a URL")]
    NotAnAccount(String),
    /// The URL is that of a post.
    #[error("This is the URL of a post, not of an account")]
    PostNotAccount,
}

/// Why a hashtag cannot be followed or featured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum HashtagRefusal {
    /// It is not a hashtag.
    #[error("Tag is not a valid hashtag")]
    Malformed,
    /// It is featured.
    #[error("Name is already taken")]
    FeaturedAlready,
    /// As many featured hashtags as are possible.
    #[error("You have already featured the maximum number of hashtags ({0})")]
    TooManyFeatured(usize),
    /// As many followed hashtags as are possible.
    #[error("You have reached the maximum number of followed hashtags ({0})")]
    TooManyFollowed(i64),
}
