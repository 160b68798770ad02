//! Polls of the owner's posts: their rules, and how edits change them.

use crate::error::refusal::PollRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Poll, PollOption};
use crate::protocol::ids::StatusId;
use crate::protocol::text::clean_name;
use crate::protocol::time::Timestamp;
use crate::store::Conn;
use crate::store::queues::jobs;
use crate::store::statuses::{Status, polls};

/// A new poll of the owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftPoll {
    /// The texts of the options.
    pub options: Vec<String>,
    /// The time until it ends, in seconds.
    pub seconds: u64,
    /// True if several options may be chosen.
    pub multiple: bool,
    /// True if the counts of the options are hidden until it ends.
    pub hide_totals: bool,
}

/// The change of a post's poll by an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollChange {
    /// The poll is removed.
    Remove,
    /// The post gets this poll.
    Set(DraftPoll),
}

/// Checks a new poll.
///
/// # Errors
/// [`Error::Invalid`] with the rule that it breaks.
pub(super) fn check(poll: &DraftPoll) -> Result<()> {
    if poll.options.len() < 2 {
        return Err(Error::invalid(PollRefusal::TooFewOptions));
    }
    if poll.options.len() > limits::POST_POLL_OPTIONS {
        return Err(Error::invalid(PollRefusal::TooManyOptions(limits::POST_POLL_OPTIONS)));
    }
    for (i, option) in poll.options.iter().enumerate() {
        if cleaned(option).is_empty() || option.chars().count() > limits::POLL_OPTION_CHARS {
            return Err(Error::invalid(PollRefusal::OptionLength(limits::POLL_OPTION_CHARS)));
        }
        if poll.options[..i].iter().any(|other| cleaned(other) == cleaned(option)) {
            return Err(Error::invalid(PollRefusal::EqualOptions));
        }
    }
    if !limits::POLL_SECONDS.contains(&poll.seconds) {
        let (minimum, maximum) = (*limits::POLL_SECONDS.start(), *limits::POLL_SECONDS.end());
        return Err(Error::invalid(PollRefusal::Duration { minimum, maximum }));
    }
    Ok(())
}

/// The text of an option as it is stored, which is how the names of votes are read.
fn cleaned(text: &str) -> String {
    clean_name(text, limits::POLL_OPTION_CHARS)
}

/// Stores the poll of a new post, and schedules its end.
pub(super) fn attach(conn: &Conn, status: StatusId, draft: &DraftPoll, now: Timestamp) -> Result<()> {
    let poll = new_poll(draft, now);
    polls::set(conn, status, &poll)?;
    jobs::reschedule(conn, &jobs::Task::PollEnd(status), poll.ends_at.unwrap_or(now))
}

/// The poll without votes.
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

/// Changes the poll of an edited post as Mastodon does: with the same options it keeps its votes and gets the new end;
/// with others it starts again. A poll that is over does not change, unless the options do. Returns the object type of the
/// edited post.
///
/// # Errors
/// [`Error::Invalid`] if the poll breaks a rule.
pub(super) fn change(conn: &Conn, post: &Status, change: Option<&PollChange>, now: Timestamp) -> Result<String> {
    match (change, polls::get(conn, post.id)?) {
        (None, _) | (Some(PollChange::Remove), None) => return Ok(post.kind.clone()),
        (Some(PollChange::Remove), Some(_)) => {
            polls::remove(conn, post.id)?;
            return Ok("Note".to_owned());
        }
        (Some(PollChange::Set(draft)), Some(current)) => {
            check(draft)?;
            let new = new_poll(draft, now);
            let titles = |p: &Poll| p.options.iter().map(|o| o.title.clone()).collect::<Vec<_>>();
            if titles(&current) != titles(&new) || current.multiple != new.multiple {
                polls::remove(conn, post.id)?;
                attach(conn, post.id, draft, now)?;
            } else if !is_over(&current, now) {
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

/// True if the counts of the options are hidden now.
pub fn hides_counts(poll: &Poll, now: Timestamp) -> bool {
    poll.hide_totals && !is_over(poll, now)
}

/// True if the poll no longer accepts votes.
pub fn is_over(poll: &Poll, now: Timestamp) -> bool {
    poll.closed || poll.ends_at.is_some_and(|end| end <= now)
}
