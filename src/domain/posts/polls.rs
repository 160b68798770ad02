//! Polls: those of the owner count votes that come in, those of others get the owner's.

use std::sync::Arc;

use crate::domain::inbox::Outcome;
use crate::domain::outbox::queue;
use crate::domain::urls::OwnAction;
use crate::domain::{Domain, notifications};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Object, Poll, PollOption};
use crate::protocol::activitystreams::write;
use crate::protocol::ids::StatusId;
use crate::protocol::text::clean_name;
use crate::protocol::time::Timestamp;
use crate::store::actors::Actor;
use crate::store::queues::jobs;
use crate::store::statuses::Status;
use crate::store::statuses::{self, polls};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors};

/// A poll that the owner is about to post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftPoll {
    /// Option texts.
    pub options: Vec<String>,
    /// How long it runs, in seconds.
    pub seconds: u64,
    /// Several options may be chosen.
    pub multiple: bool,
    /// The counts of the options are hidden until it ends.
    pub hide_totals: bool,
}

/// What an edit does with the poll of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollChange {
    /// Takes it away.
    Remove,
    /// The post has this poll from now on.
    Set(DraftPoll),
}

/// Checks a poll that the owner wants to post.
///
/// # Errors
/// [`Error::Invalid`] naming the rule that it breaks.
pub fn check(poll: &DraftPoll) -> Result<()> {
    if poll.options.len() < 2 {
        return Err(Error::invalid("A poll must have more than one option"));
    }
    if poll.options.len() > limits::POST_POLL_OPTIONS {
        return Err(Error::invalid(format!("A poll can have no more than {} options", limits::POST_POLL_OPTIONS)));
    }
    for (i, option) in poll.options.iter().enumerate() {
        if cleaned(option).is_empty() || option.chars().count() > limits::POLL_OPTION_CHARS {
            let most = limits::POLL_OPTION_CHARS;
            return Err(Error::invalid(format!("Each option of a poll must have 1 to {most} characters")));
        }
        if poll.options[..i].iter().any(|other| cleaned(other) == cleaned(option)) {
            return Err(Error::invalid("The options of a poll must differ"));
        }
    }
    if !limits::POLL_SECONDS.contains(&poll.seconds) {
        let (least, most) = (limits::POLL_SECONDS.start(), limits::POLL_SECONDS.end());
        return Err(Error::invalid(format!("A poll must run for {least} to {most} seconds")));
    }
    Ok(())
}

/// An option as it is stored: as votes for it are read.
fn cleaned(text: &str) -> String {
    clean_name(text, limits::POLL_OPTION_CHARS)
}

/// Stores a poll of the owner with its post, and notes when it ends.
///
/// # Errors
/// When the database cannot be written.
pub fn attach(conn: &Conn, status: StatusId, draft: &DraftPoll, now: Timestamp) -> Result<()> {
    let poll = new_poll(draft, now);
    polls::set(conn, status, &poll)?;
    jobs::reschedule(conn, &jobs::Task::PollEnd(status), poll.ends_at.unwrap_or(now))
}

/// A poll without votes.
fn new_poll(draft: &DraftPoll, now: Timestamp) -> Poll {
    let ends_at = now.plus(std::time::Duration::from_secs(draft.seconds));
    let option = |text: &String| PollOption { title: cleaned(text), name: cleaned(text), votes: 0 };
    Poll {
        multiple: draft.multiple,
        options: draft.options.iter().map(option).collect(),
        ends_at: Some(ends_at),
        closed: false,
        voters: Some(0),
        hide_totals: draft.hide_totals,
    }
}

/// Changes the poll of a post of the owner in an edit, as Mastodon does: with the same options it keeps its votes and gets
/// the new end; with others it begins again. A poll that is over stays as it is, unless it becomes another one. Returns
/// the type of the post from now on.
///
/// # Errors
/// [`Error::Invalid`] when the poll breaks a rule.
pub fn change(conn: &Conn, post: &Status, change: Option<&PollChange>, now: Timestamp) -> Result<String> {
    let there = polls::get(conn, post.id)?;
    match (change, there) {
        (None, _) | (Some(PollChange::Remove), None) => return Ok(post.kind.clone()),
        (Some(PollChange::Remove), Some(_)) => {
            polls::remove(conn, post.id)?;
            return Ok("Note".to_owned());
        }
        (Some(PollChange::Set(draft)), Some(there)) => {
            check(draft)?;
            let new = new_poll(draft, now);
            let titles = |p: &Poll| p.options.iter().map(|o| o.title.clone()).collect::<Vec<_>>();
            if titles(&there) != titles(&new) || there.multiple != new.multiple {
                polls::remove(conn, post.id)?;
                attach(conn, post.id, draft, now)?;
            } else if !is_over(&there, now) {
                polls::reschedule(conn, post.id, new.ends_at, new.hide_totals)?;
                jobs::reschedule(conn, &jobs::Task::PollEnd(post.id), new.ends_at.unwrap_or(now))?;
            }
        }
        (Some(PollChange::Set(draft)), None) => {
            check(draft)?;
            attach(conn, post.id, draft, now)?;
        }
    }
    Ok("Question".to_owned())
}

/// True if the counts of its options are not to be shown now.
pub fn hides_counts(poll: &Poll, now: Timestamp) -> bool {
    poll.hide_totals && !is_over(poll, now)
}

/// True if nobody can vote any more.
pub fn is_over(poll: &Poll, now: Timestamp) -> bool {
    poll.closed || poll.ends_at.is_some_and(|end| end <= now)
}

/// The owner votes in somebody else's poll.
///
/// # Errors
/// [`Error::NotFound`] when there is no such poll for the owner, [`Error::Invalid`] when it is over, is the owner's,
/// or was voted in already, or the choice is none of it.
pub fn vote(domain: &Arc<Domain>, id: StatusId, choices: Vec<usize>) -> Result<()> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let status = statuses::visible(conn, Viewer::Owner(owner.id), id)?.ok_or(Error::NotFound)?;
        let poll = polls::get(conn, id)?.ok_or(Error::NotFound)?;
        check_vote(conn, &status, &poll, &owner, &choices, ctx.now())?;
        let author = actors::get(conn, status.actor_id)?.ok_or(Error::NotFound)?;
        for position in choices {
            let uri = OwnAction::Vote.of(&owner.uri, ctx.next_id());
            polls::vote(conn, id, owner.id, position, Some(&uri))?;
            let option = poll.options.get(position).ok_or(Error::NotFound)?;
            let document = write::vote(&uri, &owner.uri, &option.name, &status.uri, &author.uri);
            queue::send_to(conn, &ctx, owner.id, &author, document)?;
        }
        match poll.ends_at {
            Some(end) => jobs::enqueue(conn, &jobs::Task::PollEnd(id), end),
            None => Ok(()),
        }
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

fn check_vote(
    conn: &Conn,
    status: &Status,
    poll: &Poll,
    owner: &crate::domain::Owner,
    choices: &[usize],
    now: Timestamp,
) -> Result<()> {
    if status.actor_id == owner.id {
        return Err(Error::invalid("You can't vote in your own polls"));
    }
    if is_over(poll, now) {
        return Err(Error::invalid("The poll has already ended"));
    }
    if !polls::votes_of(conn, status.id, owner.id)?.is_empty() {
        return Err(Error::invalid("You have already voted on this poll"));
    }
    let repeats = choices.iter().enumerate().any(|(i, c)| choices[..i].contains(c));
    if choices.is_empty() || repeats || choices.iter().any(|c| *c >= poll.options.len()) {
        return Err(Error::invalid("The chosen vote option does not exist"));
    }
    if choices.len() > 1 && !poll.multiple {
        return Err(Error::invalid("Only one option of this poll can be chosen"));
    }
    Ok(())
}

/// Counts a vote that came in: a Note with a name and no content, in answer to a poll of the owner.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn receive_vote(
    conn: &Conn,
    domain: &Domain,
    voter: &Actor,
    object: &Object,
    name: &str,
) -> Result<Outcome> {
    let owner = domain.owner()?;
    let parent = match &object.in_reply_to {
        Some(uri) => statuses::by_uri(conn, uri)?.filter(|s| s.actor_id == owner.id && s.boost_of.is_none()),
        None => None,
    };
    let Some(status) = parent else { return Ok(Outcome::Ignored("a vote in no poll of ours")) };
    let Some(poll) = polls::get(conn, status.id)? else { return Ok(Outcome::Ignored("a vote in no poll of ours")) };
    if statuses::visible(conn, Viewer::Peer(voter.id), status.id)?.is_none() {
        return Ok(Outcome::Refused("there is no such poll for the actor"));
    }
    if is_over(&poll, domain.now()) {
        return Ok(Outcome::Refused("the poll is over"));
    }
    let Some(position) = poll.options.iter().position(|option| option.title == *name) else {
        return Ok(Outcome::Refused("the poll has no such option"));
    };
    if !poll.multiple && !polls::votes_of(conn, status.id, voter.id)?.is_empty() {
        return Ok(Outcome::Refused("the actor has voted already"));
    }
    if !polls::vote(conn, status.id, voter.id, position, Some(&object.id))? {
        return Ok(Outcome::Ignored("the vote is here already"));
    }
    // One Update for all the votes of a while; but a vote that comes while one is sent is told by the next.
    let due = domain.now().plus(limits::POLL_UPDATE_INTERVAL);
    jobs::enqueue_again(conn, &jobs::Task::PollCounts(status.id), jobs::Cause::Owner, due)?;
    Ok(Outcome::Applied)
}

/// Tells the new counts of a poll of the owner to everybody who has it.
///
/// # Errors
/// When the database cannot be read or written.
pub fn send_counts(domain: &Arc<Domain>, id: StatusId) -> Result<()> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| match statuses::get(conn, id)? {
        Some(status) if status.actor_id == owner.id => queue::send_update(conn, &ctx, &owner, id),
        _ => Ok(()),
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// What came of the end of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It has more time now, until then.
    NotYet(Timestamp),
    /// It is over.
    Over,
    /// It is over, and the last counts stand in this post of somebody else.
    Fetch(String),
}

/// Ends a poll whose time has come: the owner's is closed and told to all; of either kind the owner is told.
///
/// # Errors
/// When the database cannot be read or written.
pub fn end(domain: &Arc<Domain>, id: StatusId) -> Result<End> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    let end = domain.store.write(move |conn| {
        let (Some(status), Some(poll)) = (statuses::get(conn, id)?, polls::get(conn, id)?) else {
            return Ok(End::Over);
        };
        if let Some(end) = poll.ends_at.filter(|end| !poll.closed && *end > ctx.now()) {
            return Ok(End::NotYet(end));
        }
        let own = status.actor_id == owner.id;
        if own {
            polls::close(conn, id)?;
            queue::send_update(conn, &ctx, &owner, id)?;
        }
        notifications::tell_of_poll(conn, &ctx, &status)?;
        Ok(if own { End::Over } else { End::Fetch(status.uri) })
    })?;
    domain.signals.delivery.notify();
    Ok(end)
}
