//! Refusals of posts, their attachments and their times.

use serde::{Deserialize, Serialize};

use crate::protocol::visibility::Visibility;

/// Why a post, draft or scheduled post is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PostRefusal {
    /// Nothing of the text is visible.
    #[error("Text can't be blank: nothing in it would be shown")]
    Invisible,
    /// The text is too long.
    #[error("Text character limit of {maximum} exceeded: it has {length}, with the content warning")]
    TooLong {
        /// The most characters.
        maximum: usize,
        /// The characters.
        length: usize,
    },
    /// More attachments than this number.
    #[error("Cannot attach more than {0} files")]
    TooManyFiles(usize),
    /// More pictures than this number.
    #[error("Cannot attach more than {0} pictures")]
    TooManyPictures(usize),
    /// A poll and attachments.
    #[error("A poll cannot have media; post them as two posts")]
    PollWithMedia,
    /// The upload with this id cannot be attached.
    #[error("Media {0} was not found, or belongs to another post already")]
    MediaMissing(i64),
    /// The upload with this id is not one of the post.
    #[error("Media {0} is not attached to this post")]
    MediaNotAttached(i64),
    /// A post has the upload.
    #[error("Media attachment is currently used by a post")]
    MediaInUse,
    /// The focus of a picture.
    #[error("Focus must be two numbers from -1 to 1, like 0.0,0.5")]
    Focus,
    /// More mentions than this number.
    #[error("Cannot mention more than {0} people")]
    TooManyMentions(usize),
    /// The only recipient, with this handle, does not exist.
    #[error("@{0} was not found, so nobody would get this direct message")]
    NoRecipient(String),
    /// A reply would be visible to more people than the post.
    #[error(
        "A reply to a post that is {} cannot be {}: choose {}", in_words(*parent), in_words(*requested), narrower(*parent)
    )]
    ReplyTooWide {
        /// The visibility of the post.
        parent: Visibility,
        /// The visibility of the reply.
        requested: Visibility,
    },
    /// The draft is too long.
    #[error("The text is too long to be kept as a draft")]
    DraftTooLong,
    /// As many drafts as are stored.
    #[error("You have {0} drafts, which is the maximum: delete some")]
    TooManyDrafts(i64),
    /// There is nothing to keep as a draft.
    #[error("There is nothing to save yet")]
    NothingToSave,
    /// The time cannot be read.
    #[error("The time must be like 2026-11-20T23:19")]
    TimeForm,
    /// It is due in fewer minutes than this number.
    #[error("Scheduled at must be at least {0} minutes in the future")]
    DueTooSoon(u64),
    /// It is due in more than ten years.
    #[error("Scheduled at must be within ten years")]
    DueTooLate,
    /// More scheduled posts than this number.
    #[error("You have exceeded the limit of {0} scheduled posts")]
    TooManyScheduled(i64),
    /// More scheduled posts on a day than this number.
    #[error("You have exceeded the limit of {0} scheduled posts for that day")]
    TooManyScheduledThatDay(i64),
    /// What the post refers to is gone.
    #[error("A post or picture that this one refers to has been deleted")]
    ReferenceGone,
}

fn in_words(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Private => "for followers only",
        Visibility::Direct => "direct",
    }
}

/// What a reply to a post may be.
fn narrower(parent: Visibility) -> &'static str {
    if parent == Visibility::Private { "followers only or direct" } else { "direct" }
}
