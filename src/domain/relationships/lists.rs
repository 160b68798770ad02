//! The owner's lists of followed accounts.

use std::sync::Arc;

use crate::domain::{Domain, Tx};
use crate::error::refusal::PeopleRefusal;
use crate::error::refusal::{LimitedText, RequiredText, TextRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::{ActorId, ListId};
use crate::protocol::text::is_blank;
use crate::store::relationships::follows;
use crate::store::relationships::lists::{self, List, RepliesPolicy};
use crate::store::{actors, list_timelines};

/// A new list, or a change of one. What is `None` gets the default, or does not change.
#[derive(Debug, Clone, Default)]
pub struct ListChange {
    /// The title.
    pub title: Option<String>,
    /// The replies that it shows.
    pub replies: Option<RepliesPolicy>,
    /// Posts of its members are not in the home timeline.
    pub exclusive: Option<bool>,
}

fn title(text: &str) -> Result<String> {
    let text = text.trim();
    if is_blank(text) {
        return Err(Error::invalid(TextRefusal::Blank(RequiredText::Title)));
    }
    if text.chars().count() > limits::LIST_TITLE_CHARS {
        return Err(Error::invalid(TextRefusal::TooLong {
            text: LimitedText::Title,
            maximum: limits::LIST_TITLE_CHARS,
        }));
    }
    Ok(text.to_owned())
}

/// Creates a list.
///
/// # Errors
/// [`Error::Invalid`] without a valid title, or if there are too many lists.
pub fn create(domain: &Arc<Domain>, new: ListChange) -> Result<List> {
    let title = title(new.title.as_deref().unwrap_or_default())?;
    domain.transact(move |tx| {
        if lists::count(tx)? >= limits::LISTS {
            return Err(Error::invalid(PeopleRefusal::TooManyLists(limits::LISTS)));
        }
        let list = List {
            id: ListId(tx.next_id()),
            title,
            replies: new.replies.unwrap_or(RepliesPolicy::List),
            exclusive: new.exclusive.unwrap_or(false),
        };
        lists::set(tx, &list)?;
        Ok(list)
    })
}

/// Changes a list, and with it what its timeline and the home timeline show.
///
/// # Errors
/// [`Error::NotFound`] if there is no such list, [`Error::Invalid`] if the title is blank or too long.
pub fn update(domain: &Arc<Domain>, id: ListId, change: ListChange) -> Result<List> {
    let title = change.title.as_deref().map(title).transpose()?;
    domain.transact(move |tx| {
        let before = lists::get(tx, id)?.ok_or(Error::NotFound)?;
        let list = List {
            id,
            title: title.unwrap_or_else(|| before.title.clone()),
            replies: change.replies.unwrap_or(before.replies),
            exclusive: change.exclusive.unwrap_or(before.exclusive),
        };
        if before.exclusive && !list.exclusive {
            list_timelines::return_to_home(tx, id)?;
        }
        lists::set(tx, &list)?;
        if before.replies != list.replies {
            list_timelines::refill(tx, id)?;
            list_timelines::remove_replies(tx, id, tx.owner()?.id)?;
        }
        if list.exclusive {
            list_timelines::take_from_home(tx, id)?;
        }
        Ok(list)
    })
}

/// Deletes a list. The posts of an exclusive one return to the home timeline.
///
/// # Errors
/// [`Error::NotFound`] if there is no such list.
pub fn delete(domain: &Arc<Domain>, id: ListId) -> Result<()> {
    domain.transact(move |tx| {
        if lists::get(tx, id)?.ok_or(Error::NotFound)?.exclusive {
            list_timelines::return_to_home(tx, id)?;
        }
        list_timelines::remove(tx, id)?;
        lists::remove(tx, id)
    })
}

/// Adds members to a list: the owner, or accounts that the owner follows or has requested to follow.
///
/// # Errors
/// [`Error::NotFound`] if there is no such list, or an account is not followed; [`Error::Invalid`] if one is a member
/// already, or there are too many. Then none is added.
pub fn add_members(domain: &Arc<Domain>, id: ListId, members: Vec<ActorId>) -> Result<()> {
    domain.transact(move |tx| {
        let list = lists::get(tx, id)?.ok_or(Error::NotFound)?;
        let owner = tx.owner()?.id;
        if lists::count_members(tx, id)? + members.len() as i64 > limits::LIST_MEMBERS {
            return Err(Error::invalid(PeopleRefusal::ListFull(limits::LIST_MEMBERS)));
        }
        for actor in members {
            add_member(tx, id, owner, actor)?;
        }
        if list.replies != RepliesPolicy::Followed {
            list_timelines::remove_replies(tx, id, owner)?;
        }
        if list.exclusive { list_timelines::take_from_home(tx, id) } else { Ok(()) }
    })
}

fn add_member(tx: &Tx<'_>, list: ListId, owner: ActorId, actor: ActorId) -> Result<()> {
    actors::get(tx, actor)?.ok_or(Error::NotFound)?;
    let follow = follows::between(tx, owner, actor)?.filter(|f| f.failure.is_none()).map(|f| f.id);
    if follow.is_none() && actor != owner {
        return Err(Error::NotFound);
    }
    if lists::has_member(tx, list, actor)? {
        return Err(Error::invalid(PeopleRefusal::InListAlready));
    }
    lists::add_member(tx, tx.next_id(), list, actor, follow)?;
    list_timelines::add_member(tx, list, actor)
}

/// Removes members from a list. Accounts that are no members are ignored.
///
/// # Errors
/// [`Error::NotFound`] if there is no such list.
pub fn remove_members(domain: &Arc<Domain>, id: ListId, members: Vec<ActorId>) -> Result<()> {
    domain.transact(move |tx| {
        let list = lists::get(tx, id)?.ok_or(Error::NotFound)?;
        for actor in members {
            if list.exclusive {
                list_timelines::return_member_to_home(tx, id, actor)?;
            }
            if lists::remove_member(tx, id, actor)? {
                list_timelines::remove_member(tx, id, actor)?;
            }
        }
        Ok(())
    })
}
