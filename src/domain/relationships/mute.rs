//! Muting and unmuting accounts, private notes about them, and endorsements.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::signal::Worker;
use crate::domain::{Domain, Tx};
use crate::error::refusal::PeopleRefusal;
use crate::error::refusal::{LimitedText, TextRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::ActorId;
use crate::store::actors::{self, Actor};
use crate::store::queues::jobs;
use crate::store::relationships::mutes::{self, Mute};
use crate::store::relationships::{account_notes, endorsements, follows};

fn other(tx: &Tx<'_>, id: ActorId, refusal: PeopleRefusal) -> Result<Actor> {
    let actor = actors::get(tx, id)?.ok_or(Error::NotFound)?;
    if actor.local { Err(Error::Forbidden(refusal.into())) } else { Ok(actor) }
}

/// Mutes an account: the owner no longer sees its posts, nor boosts of them, nor its notifications if those are muted too.
/// A mute with a duration ends by itself.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account, [`Error::Forbidden`] if it is the owner, [`Error::Invalid`] if the
/// duration is too long.
pub fn mute(domain: &Arc<Domain>, target: ActorId, notifications: bool, duration: Option<Duration>) -> Result<()> {
    if duration.is_some_and(|d| d > limits::MUTE_DURATION) {
        return Err(Error::invalid(PeopleRefusal::MuteTooLong(limits::MUTE_DURATION.as_secs())));
    }
    domain.transact(move |tx| {
        other(tx, target, PeopleRefusal::MuteSelf)?;
        let expires_at = duration.map(|d| tx.now().plus(d));
        mutes::set(tx, tx.next_id(), Mute { target, notifications, expires_at }, tx.now())?;
        match expires_at {
            Some(end) => {
                jobs::reschedule(tx, &jobs::Task::MuteEnd(target), end)?;
                tx.wake(Worker::Jobs);
                Ok(())
            }
            None => Ok(()),
        }
    })
}

/// Ends a mute.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account.
pub fn unmute(domain: &Arc<Domain>, target: ActorId) -> Result<()> {
    domain.transact(move |tx| {
        actors::get(tx, target)?.ok_or(Error::NotFound)?;
        mutes::remove(tx, target)
    })
}

/// Removes the mutes whose time is over.
pub fn end_expired(domain: &Arc<Domain>) -> Result<()> {
    domain.transact(|tx| mutes::remove_expired(tx, tx.now()))
}

/// Stores the owner's private note about an account; a blank one removes it.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account, [`Error::Invalid`] if the note is too long.
pub fn set_note(domain: &Arc<Domain>, target: ActorId, comment: String) -> Result<()> {
    if comment.chars().count() > limits::ACCOUNT_NOTE_CHARS {
        let maximum = limits::ACCOUNT_NOTE_CHARS;
        return Err(Error::invalid(TextRefusal::TooLong { text: LimitedText::AccountNote, maximum }));
    }
    domain.transact(move |tx| {
        actors::get(tx, target)?.ok_or(Error::NotFound)?;
        account_notes::set(tx, target, &comment)
    })
}

/// Features a followed account on the owner's profile.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account, [`Error::Invalid`] if the owner does not follow it.
pub fn endorse(domain: &Arc<Domain>, target: ActorId) -> Result<()> {
    domain.transact(move |tx| {
        actors::get(tx, target)?.ok_or(Error::NotFound)?;
        let follow = follows::between(tx, tx.owner()?.id, target)?.filter(|f| f.accepted);
        let follow = follow.ok_or_else(|| Error::invalid(PeopleRefusal::EndorseNotFollowed))?;
        endorsements::insert(tx, tx.next_id(), target, follow.id)
    })
}

/// Ends the endorsement of an account.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account.
pub fn end_endorsement(domain: &Arc<Domain>, target: ActorId) -> Result<()> {
    domain.transact(move |tx| {
        actors::get(tx, target)?.ok_or(Error::NotFound)?;
        endorsements::remove(tx, target)
    })
}
