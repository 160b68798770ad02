//! The owner's boosts.

use std::sync::Arc;

use super::{interaction_policy, target};
use crate::domain::account::moved;
use crate::domain::outbox::builders;
use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::{self, Change, Recipients};
use crate::domain::queries::status_view::{StatusLoader, StatusView};
use crate::domain::relationships::timelines;
use crate::domain::signal::Worker;
use crate::domain::{Domain, Owner, Tx, addressing};
use crate::error::refusal::InteractionRefusal;
use crate::error::{Error, Result};
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::queues::deliveries::Lane;
use crate::store::statuses::{NewStatus, Status};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, search, statuses};

/// Boosts a post to the followers. Returns the id of the boost, which is the existing one if the post is boosted already.
///
/// # Errors
/// [`Error::NotFound`] if the owner may not see the post, [`Error::Invalid`] if it may not be boosted: only open posts
/// and the owner's own followers-only posts may.
pub fn add(domain: &Arc<Domain>, id: StatusId, visibility: Option<Visibility>) -> Result<StatusId> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        moved::check_not_moved(tx, tx.domain(), owner.id)?;
        let status = target::find(tx, &owner, id)?;
        if let Some(boost) = statuses::boost_by(tx, status.id, owner.id)? {
            return Ok(boost.id);
        }
        let visibility = boost_visibility(&status, &owner, visibility)?;
        let boost_id = tx.next_status_id()?;
        let uri = format!("{}/activity", tx.site().status(&owner.username, boost_id));
        let by = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        // Misskey drops a boost that is dated before the post.
        let at = tx.now().max(status.created_at);
        let new = NewStatus::boost(boost_id, uri, &by, status.id, visibility, at);
        statuses::insert(tx, &new)?.ok_or_else(|| Error::internal("new status id is already in use"))?;
        search::refresh(tx, status.id)?;
        timelines::add_own(tx, tx.domain(), boost_id)?;
        let recipients = boost_recipients(tx, &owner, &status, Change::Written)?;
        queue::send_origin(tx, &owner, &queue::own_status(tx, &owner, boost_id)?, recipients)?;
        Ok(boost_id)
    })
}

fn boost_visibility(post: &Status, owner: &Owner, requested: Option<Visibility>) -> Result<Visibility> {
    if !interaction_policy::is_shareable(post, post.actor_id == owner.id) {
        return Err(Error::invalid(InteractionRefusal::BoostNotOpen));
    }
    if requested == Some(Visibility::Direct) {
        return Err(Error::invalid(InteractionRefusal::BoostDirect));
    }
    Ok(match post.visibility {
        Visibility::Private => Visibility::Private,
        _ => requested.unwrap_or(Visibility::Public),
    })
}

fn boost_recipients(conn: &Conn, owner: &Owner, boosted: &Status, change: Change) -> Result<Recipients> {
    let hears = recipients::receives(conn, boosted.actor_id, owner.id, change)?;
    Ok(match actors::get(conn, boosted.actor_id)?.filter(|_| hears) {
        Some(author) => Recipients::followers_and(&author),
        None => Recipients { to_followers: true, ..Recipients::default() },
    })
}

/// Removes the owner's boost of a post. Returns the id of the post.
///
/// # Errors
/// [`Error::NotFound`] if the owner may not see the post.
pub fn remove(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let status = target::find(tx, &owner, id)?;
        if let Some(boost) = statuses::boost_by(tx, status.id, owner.id)?
            && let Some(view) = StatusLoader::new(tx, Viewer::Owner(owner.id)).view(boost)?
        {
            delete(tx, tx.domain(), &owner, &view)?;
            tx.wake(Worker::Delivery);
        }
        Ok(status.id)
    })
}

/// Deletes a boost of the owner and sends its Undo to everyone who received it.
pub(crate) fn delete(conn: &Conn, domain: &Domain, owner: &Owner, view: &StatusView) -> Result<()> {
    let Some(boosted) = &view.boost_of else { return Ok(()) };
    let announce = builders::origin_activity(conn, &domain.site, view)?;
    let followers = view.author.followers_uri.clone().unwrap_or_default();
    let to = addressing::address(view.status.visibility, &followers, &[]);
    let document = builders::undo(&owner.uri, announce, to);
    let recipients = boost_recipients(conn, owner, &boosted.status, Change::Ended)?;
    queue::send(
        &Tx::unmanaged(conn, domain),
        Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(view.status.id) },
    )?;
    search::refresh(conn, boosted.status.id)?;
    timelines::delete_boost(conn, domain, &view.status)
}

/// Removes the owner's boost of a post that its author deletes or hides: followers of the owner received the post through
/// the boost, and their servers may never receive the author's Delete.
pub(crate) fn remove_of_status(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    let owner = domain.owner()?;
    match statuses::boost_by(conn, status.id, owner.id)? {
        Some(boost) => delete_row(conn, domain, &owner, boost),
        None => Ok(()),
    }
}

/// Removes the owner's boosts of all posts by an author whose account is deleted.
pub(crate) fn remove_of_author(conn: &Conn, domain: &Domain, author: ActorId) -> Result<()> {
    let owner = domain.owner()?;
    for boost in statuses::boosts_of_author(conn, owner.id, author)? {
        delete_row(conn, domain, &owner, boost)?;
    }
    Ok(())
}

/// Deletes a post that no longer exists on its own server, together with the owner's boost of it.
pub fn delete_gone_status(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    remove_of_status(conn, domain, status)?;
    statuses::delete(conn, status)
}

fn delete_row(conn: &Conn, domain: &Domain, owner: &Owner, boost: Status) -> Result<()> {
    let row = boost.clone();
    match StatusLoader::new(conn, Viewer::Owner(owner.id)).view(boost)? {
        Some(view) => delete(conn, domain, owner, &view),
        None => statuses::delete(conn, &row),
    }
}
