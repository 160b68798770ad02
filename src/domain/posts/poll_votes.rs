//! Votes: by the owner in polls of others, and by others in polls of the owner; and what follows when a poll ends.

use std::sync::Arc;

use super::polls::is_over;
use crate::domain::outbox::queue;
use crate::domain::signal::Worker;
use crate::domain::urls::OwnAction;
use crate::domain::{Domain, Owner, notifications};
use crate::error::refusal::PollRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Object, Poll};
use crate::protocol::activitystreams::write;
use crate::protocol::ids::StatusId;
use crate::protocol::time::Timestamp;
use crate::store::actors::Actor;
use crate::store::queues::jobs;
use crate::store::statuses::{self, Status, polls};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, search};

/// Votes as the owner in a poll of another actor.
///
/// # Errors
/// [`Error::NotFound`] if the owner may not see such a poll; [`Error::Invalid`] if it is over, is the owner's own, already
/// has a vote of the owner, or does not have these options.
pub fn vote(domain: &Arc<Domain>, id: StatusId, choices: Vec<usize>) -> Result<()> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let status = statuses::visible(tx, Viewer::Owner(owner.id), id)?.ok_or(Error::NotFound)?;
        let poll = polls::get(tx, id)?.ok_or(Error::NotFound)?;
        check_may_vote(tx, &status, &poll, &owner, tx.now())?;
        check_choices(&poll, &choices)?;
        let author = actors::get(tx, status.actor_id)?.ok_or(Error::NotFound)?;
        for position in choices {
            let uri = OwnAction::Vote.of(&owner.uri, tx.next_id());
            polls::vote(tx, id, owner.id, position, Some(&uri))?;
            let option = poll.options.get(position).ok_or(Error::NotFound)?;
            let document = write::vote(&uri, &owner.uri, &option.name, &status.uri, &author.uri);
            queue::send_to(tx, owner.id, &author, document)?;
        }
        search::refresh(tx, id)?;
        tx.wake(Worker::Delivery);
        match poll.ends_at {
            Some(end) => tx.queue_job(&jobs::Task::PollEnd(id), end),
            None => Ok(()),
        }
    })
}

fn check_may_vote(conn: &Conn, status: &Status, poll: &Poll, owner: &Owner, now: Timestamp) -> Result<()> {
    if status.actor_id == owner.id {
        return Err(Error::invalid(PollRefusal::OwnPoll));
    }
    if is_over(poll, now) {
        return Err(Error::invalid(PollRefusal::Ended));
    }
    if !polls::votes_of(conn, status.id, owner.id)?.is_empty() {
        return Err(Error::invalid(PollRefusal::VotedAlready));
    }
    Ok(())
}

fn check_choices(poll: &Poll, choices: &[usize]) -> Result<()> {
    let repeats = choices.iter().enumerate().any(|(i, c)| choices[..i].contains(c));
    if choices.is_empty() || repeats || choices.iter().any(|c| *c >= poll.options.len()) {
        return Err(Error::invalid(PollRefusal::NoSuchOption));
    }
    if choices.len() > 1 && !poll.multiple {
        return Err(Error::invalid(PollRefusal::OnlyOneOption));
    }
    Ok(())
}

/// The result of a received vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VoteOutcome {
    /// The vote was counted.
    Counted,
    /// The vote was counted before.
    Repeated,
    /// The vote is not for a poll of the owner.
    NotOwnPoll,
    /// The voter may not see the poll.
    NotVisible,
    /// The poll is over.
    PollOver,
    /// The poll does not have this option.
    NoSuchOption,
    /// The voter has chosen another option of a poll with one choice.
    AlreadyVoted,
}

/// Counts a received vote in a poll of the owner: a Note with a name and without content, in reply to the poll.
pub(crate) fn receive_vote(
    conn: &Conn,
    domain: &Domain,
    voter: &Actor,
    object: &Object,
    name: &str,
) -> Result<VoteOutcome> {
    let owner = domain.owner()?;
    let parent = match &object.in_reply_to {
        Some(uri) => statuses::by_uri(conn, uri)?.filter(|s| s.actor_id == owner.id && s.boost_of.is_none()),
        None => None,
    };
    let Some(status) = parent else { return Ok(VoteOutcome::NotOwnPoll) };
    let Some(poll) = polls::get(conn, status.id)? else { return Ok(VoteOutcome::NotOwnPoll) };
    if statuses::visible(conn, Viewer::Peer(voter.id), status.id)?.is_none() {
        return Ok(VoteOutcome::NotVisible);
    }
    if is_over(&poll, domain.now()) {
        return Ok(VoteOutcome::PollOver);
    }
    let Some(position) = poll.options.iter().position(|option| option.title == *name) else {
        return Ok(VoteOutcome::NoSuchOption);
    };
    if !poll.multiple && !polls::votes_of(conn, status.id, voter.id)?.is_empty() {
        return Ok(VoteOutcome::AlreadyVoted);
    }
    if !polls::vote(conn, status.id, voter.id, position, Some(&object.id))? {
        return Ok(VoteOutcome::Repeated);
    }
    // One Update covers all votes of an interval. A vote that arrives while it is sent is covered by the next.
    let due = domain.now().plus(limits::POLL_UPDATE_INTERVAL);
    jobs::enqueue_again(conn, &jobs::Task::PollCounts(status.id), jobs::Cause::Owner, due)?;
    Ok(VoteOutcome::Counted)
}

/// Sends an Update with the current counts of a poll of the owner.
pub fn send_counts(domain: &Arc<Domain>, id: StatusId) -> Result<()> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        match statuses::get(tx, id)? {
            Some(status) if status.actor_id == owner.id => {
                tx.wake(Worker::Delivery);
                queue::send_update(tx, &owner, id)
            }
            _ => Ok(()),
        }
    })
}

/// The result of a due end of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollEnd {
    /// The poll was extended to this time.
    NotYet(Timestamp),
    /// The poll is over.
    Over,
    /// The poll is over, and its final counts are in the remote post with this id.
    Fetch(String),
}

/// Ends a poll that is due, and notifies the owner. A poll of the owner is closed, and its Update is sent.
pub fn end_poll(domain: &Arc<Domain>, id: StatusId) -> Result<PollEnd> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let (Some(status), Some(poll)) = (statuses::get(tx, id)?, polls::get(tx, id)?) else {
            return Ok(PollEnd::Over);
        };
        if let Some(end) = poll.ends_at.filter(|end| !poll.closed && *end > tx.now()) {
            return Ok(PollEnd::NotYet(end));
        }
        let own = status.actor_id == owner.id;
        if own {
            polls::close(tx, id)?;
            tx.wake(Worker::Delivery);
            queue::send_update(tx, &owner, id)?;
        }
        notifications::notify_of_poll(tx, tx.domain(), &status)?;
        Ok(if own { PollEnd::Over } else { PollEnd::Fetch(status.uri) })
    })
}
