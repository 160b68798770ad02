//! Votes in polls of the owner.

use super::incoming::IncomingPost;
use crate::domain::inbox::outcome::Outcome::{Applied, Ignored, Refused};
use crate::domain::inbox::outcome::{Outcome, Reason};
use crate::domain::posts::{self, VoteOutcome};
use crate::error::Result;

/// Counts a vote: a Note with a name and no content that replies to a poll of the owner.
pub(super) fn receive_vote(post: IncomingPost<'_>, option: &str) -> Result<Outcome> {
    let IncomingPost { conn, domain, author, object, .. } = post;
    Ok(match posts::receive_vote(conn, domain, author, object, option)? {
        VoteOutcome::Counted => Applied,
        VoteOutcome::Repeated => Ignored(Reason::AlreadyStored),
        VoteOutcome::NotOwnPoll => Ignored(Reason::UnknownPoll),
        VoteOutcome::NotVisible => Refused(Reason::NotVisible),
        VoteOutcome::PollOver => Refused(Reason::PollClosed),
        VoteOutcome::NoSuchOption => Refused(Reason::UnknownOption),
        VoteOutcome::AlreadyVoted => Refused(Reason::AlreadyVoted),
    })
}
