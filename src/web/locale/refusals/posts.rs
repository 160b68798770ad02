//! Posts and polls.

use crate::error::refusal::{PollRefusal, PostRefusal};
use crate::protocol::visibility::Visibility;
use crate::web::locale::Message;

pub(super) fn post(refusal: &PostRefusal) -> Message {
    match refusal {
        PostRefusal::Invisible => Message::new("error-text-invisible"),
        PostRefusal::TooLong { maximum, length } => {
            Message::new("error-text-long").with("maximum", *maximum).with("length", *length)
        }
        PostRefusal::TooManyFiles(maximum) => Message::new("error-files").with("maximum", *maximum),
        PostRefusal::TooManyPictures(maximum) => Message::new("error-pictures").with("maximum", *maximum),
        PostRefusal::PollWithMedia => Message::new("error-poll-media"),
        // The owner does not know the ids of files.
        PostRefusal::MediaMissing(_) => Message::new("error-media-missing"),
        PostRefusal::MediaNotAttached(_) => Message::new("error-media-not-attached"),
        PostRefusal::MediaInUse => Message::new("error-media-in-use"),
        PostRefusal::Focus => Message::new("error-focus"),
        PostRefusal::TooManyMentions(maximum) => Message::new("error-mentions").with("maximum", *maximum),
        PostRefusal::NoRecipient(handle) => Message::new("error-no-recipient").with("handle", handle.as_str()),
        PostRefusal::ReplyTooWide { parent: Visibility::Direct, .. } => Message::new("error-reply-to-direct"),
        PostRefusal::ReplyTooWide { .. } => Message::new("error-reply-to-private"),
        PostRefusal::DraftTooLong => Message::new("error-draft-long"),
        PostRefusal::TooManyDrafts(maximum) => Message::new("error-drafts").with("maximum", *maximum),
        PostRefusal::NothingToSave => Message::new("error-nothing-to-save"),
        PostRefusal::TimeForm => Message::new("error-time-form"),
        PostRefusal::DueTooSoon(minutes) => Message::new("error-schedule-near").with("minutes", *minutes),
        PostRefusal::DueTooLate => Message::new("error-schedule-far"),
        PostRefusal::TooManyScheduled(maximum) => Message::new("error-scheduled").with("maximum", *maximum),
        PostRefusal::TooManyScheduledThatDay(maximum) => Message::new("error-scheduled-day").with("maximum", *maximum),
        PostRefusal::ReferenceGone => Message::new("error-post-gone"),
    }
}

pub(super) fn poll(refusal: &PollRefusal) -> Message {
    match refusal {
        PollRefusal::OwnPoll => Message::new("error-vote-own"),
        PollRefusal::Ended => Message::new("error-vote-ended"),
        PollRefusal::VotedAlready => Message::new("error-vote-again"),
        PollRefusal::NoSuchOption => Message::new("error-vote-option"),
        PollRefusal::OnlyOneOption => Message::new("error-vote-one"),
        PollRefusal::TooFewOptions => Message::new("error-poll-options"),
        PollRefusal::TooManyOptions(maximum) => Message::new("error-poll-many").with("maximum", *maximum),
        PollRefusal::OptionLength(maximum) => Message::new("error-poll-option-long").with("maximum", *maximum),
        PollRefusal::EqualOptions => Message::new("error-poll-equal"),
        PollRefusal::Duration { minimum, maximum } => {
            Message::new("error-poll-duration").with("minimum", *minimum).with("maximum", *maximum)
        }
    }
}
