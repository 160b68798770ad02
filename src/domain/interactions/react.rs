//! The owner favourites, boosts, bookmarks, pins and mutes.

use std::sync::Arc;

use serde_json::json;

use super::emoji_reaction;
use crate::domain::outbox::builders;
use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::{self, Change, Recipients};
use crate::domain::queries::status_view::StatusView;
use crate::domain::urls::{OwnAction, OwnCollection};
use crate::domain::{Domain, Owner, addressing};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Audience, PUBLIC};
use crate::protocol::activitystreams::write::{self, OwnActivity};
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::interactions::favourites;
use crate::store::queues::deliveries::Lane;
use crate::store::statuses::{NewStatus, Status};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, statuses, timelines};

/// A status that the owner may see; of a boost, what it boosts.
fn target(conn: &Conn, owner: &Owner, id: StatusId) -> Result<Status> {
    let viewer = Viewer::Owner(owner.id);
    let status = statuses::visible(conn, viewer, id)?.ok_or(Error::NotFound)?;
    match status.boost_of {
        Some(of) => statuses::visible(conn, viewer, of)?.ok_or(Error::NotFound),
        None => Ok(status),
    }
}

fn write<T: std::marker::Send + 'static>(
    domain: &Arc<Domain>,
    f: impl FnOnce(&Conn, &Domain, &Owner) -> Result<T> + std::marker::Send + 'static,
) -> Result<T> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    let answer = domain.store.write(move |conn| f(conn, &ctx, &owner))?;
    domain.signals.delivery.notify();
    Ok(answer)
}

/// Favourites a status and tells its author. Answers the id of the status that was meant (not a boost).
///
/// # Errors
/// [`Error::NotFound`] when the owner may not see it.
pub fn favourite(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    write(domain, move |conn, ctx, owner| {
        let status = target(conn, owner, id)?;
        let like = ctx.next_id();
        let uri = OwnAction::Like.of(&owner.uri, like);
        if favourites::favourite(conn, like, owner.id, status.id, Some(&uri), ctx.now())? {
            queue::send_to_author(conn, ctx, owner, &status, |author| {
                builders::personal(&owner.uri, &uri, "Like", json!(status.uri), author)
            })?;
        }
        Ok(status.id)
    })
}

/// Takes a favourite back.
///
/// # Errors
/// As [`favourite`].
pub fn unfavourite(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    write(domain, move |conn, ctx, owner| {
        let status = target(conn, owner, id)?;
        if let Some(Some(uri)) = favourites::unfavourite(conn, owner.id, status.id)? {
            queue::send_to_author(conn, ctx, owner, &status, |author| {
                let like = json!({"id": uri, "type": "Like", "actor": owner.uri, "object": status.uri});
                builders::undo(&owner.uri, like, Audience { to: vec![author.to_owned()], cc: vec![] })
            })?;
            emoji_reaction::resend_remaining(conn, ctx, owner, &status)?;
        }
        Ok(status.id)
    })
}

/// Boosts a status to the followers. Answers the id of the boost. Boosting again answers the one that is there.
///
/// # Errors
/// [`Error::NotFound`] when the owner may not see it, [`Error::Invalid`] when it is not open to be boosted: only
/// open posts, and the owner's own followers-only ones, are.
pub fn boost(domain: &Arc<Domain>, id: StatusId, wanted: Option<Visibility>) -> Result<StatusId> {
    write(domain, move |conn, ctx, owner| {
        let status = target(conn, owner, id)?;
        if let Some(boost) = statuses::boost_by(conn, status.id, owner.id)? {
            return Ok(boost.id);
        }
        let own_private = status.visibility == Visibility::Private && status.actor_id == owner.id;
        if !status.visibility.is_open() && !own_private {
            return Err(Error::invalid("This post can only be seen by those it is for, so it cannot be boosted"));
        }
        if wanted == Some(Visibility::Direct) {
            return Err(Error::invalid("A boost can be public, unlisted or private, not direct"));
        }
        let visibility = wanted.unwrap_or(Visibility::Public);
        let boost_id = StatusId(ctx.next_id());
        let uri = format!("{}/activity", ctx.site.status(&owner.username, boost_id));
        let by = actors::get(conn, owner.id)?.ok_or(Error::NotFound)?;
        let visibility = if own_private { Visibility::Private } else { visibility };
        // Misskey drops a boost that is dated before the post.
        let at = ctx.now().max(status.created_at);
        let new = NewStatus::boost(boost_id, uri, &by, status.id, visibility, at);
        statuses::insert(conn, &new)?.ok_or_else(|| Error::internal("a new id was taken already"))?;
        timelines::insert(conn, timelines::HOME, boost_id)?;
        queue::send_origin(conn, ctx, owner, boost_id, boost_recipients(conn, owner, &status, Change::Written)?)?;
        Ok(boost_id)
    })
}

fn boost_recipients(conn: &Conn, owner: &Owner, boosted: &Status, change: Change) -> Result<Recipients> {
    let hears = recipients::hears(conn, boosted.actor_id, owner.id, change)?;
    Ok(match actors::get(conn, boosted.actor_id)?.filter(|_| hears) {
        Some(author) => Recipients::followers_and(&author),
        None => Recipients { to_followers: true, ..Recipients::default() },
    })
}

/// Takes a boost back. Answers the id of what was boosted.
///
/// # Errors
/// [`Error::NotFound`] when the owner may not see it.
pub fn unboost(domain: &Arc<Domain>, id: StatusId) -> Result<StatusId> {
    write(domain, move |conn, ctx, owner| {
        let status = target(conn, owner, id)?;
        if let Some(boost) = statuses::boost_by(conn, status.id, owner.id)?
            && let Some(view) =
                crate::domain::queries::status_view::StatusLoader::new(conn, Viewer::Owner(owner.id)).view(boost)?
        {
            remove_boost(conn, ctx, owner, &view)?;
        }
        Ok(status.id)
    })
}

/// Removes a boost of the owner and tells those who got it.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn remove_boost(conn: &Conn, domain: &Domain, owner: &Owner, view: &StatusView) -> Result<()> {
    let Some(boosted) = &view.boost_of else { return Ok(()) };
    let announce = builders::origin_activity(conn, &domain.site, view)?;
    let followers = view.author.followers_uri.clone().unwrap_or_default();
    let to = addressing::address(view.status.visibility, &followers, &[]);
    let document = builders::undo(&owner.uri, announce, to);
    let recipients = boost_recipients(conn, owner, &boosted.status, Change::Ended)?;
    queue::send(
        conn,
        domain,
        Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: Some(view.status.id) },
    )?;
    statuses::delete(conn, &view.status)
}

/// Ends the owner's boost of a status that its author deletes, if there is one: followers of the owner got the post by it,
/// and may hear nothing of its author.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn end_boost_of(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    let owner = domain.owner()?;
    match statuses::boost_by(conn, status.id, owner.id)? {
        Some(boost) => end_boost(conn, domain, &owner, boost),
        None => Ok(()),
    }
}

/// As [`end_boost_of`], for a status that was found to be gone.
///
/// # Errors
/// When the database cannot be written.
pub fn remove_gone(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    end_boost_of(conn, domain, status)?;
    statuses::delete(conn, status)
}

/// As [`end_boost_of`], for everything by an author who deletes the account.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn end_boosts_of_author(conn: &Conn, domain: &Domain, author: ActorId) -> Result<()> {
    let owner = domain.owner()?;
    for boost in statuses::boosts_of_author(conn, owner.id, author)? {
        end_boost(conn, domain, &owner, boost)?;
    }
    Ok(())
}

fn end_boost(conn: &Conn, domain: &Domain, owner: &Owner, boost: Status) -> Result<()> {
    let removed = boost.clone();
    match crate::domain::queries::status_view::StatusLoader::new(conn, Viewer::Owner(owner.id)).view(boost)? {
        Some(view) => remove_boost(conn, domain, owner, &view),
        None => statuses::delete(conn, &removed),
    }
}

/// Bookmarks a status, or removes the bookmark.
///
/// # Errors
/// [`Error::NotFound`] when the owner may not see it.
pub fn bookmark(domain: &Arc<Domain>, id: StatusId, on: bool) -> Result<StatusId> {
    write(domain, move |conn, ctx, owner| {
        let status = target(conn, owner, id)?;
        if on {
            favourites::bookmark(conn, ctx.next_id(), status.id, ctx.now())?;
        } else {
            favourites::unbookmark(conn, status.id)?;
        }
        Ok(status.id)
    })
}

/// Mutes a thread (no more notifications of it), or unmutes it.
///
/// # Errors
/// [`Error::NotFound`] when the owner may not see it.
pub fn mute_thread(domain: &Arc<Domain>, id: StatusId, on: bool) -> Result<StatusId> {
    write(domain, move |conn, ctx, owner| {
        let status = target(conn, owner, id)?;
        favourites::set_thread_muted(conn, status.thread, on, ctx.now())?;
        Ok(status.id)
    })
}

/// Pins an own status to the profile, or unpins it, and tells followers.
///
/// # Errors
/// [`Error::NotFound`] when it is not the owner's; [`Error::Invalid`] when it may not be pinned.
pub fn pin(domain: &Arc<Domain>, id: StatusId, on: bool) -> Result<StatusId> {
    write(domain, move |conn, ctx, owner| {
        let status = target(conn, owner, id)?;
        if status.actor_id != owner.id {
            return Err(Error::invalid("Someone else's post cannot be pinned"));
        }
        if on == status.pinned_at.is_some() {
            return Ok(status.id);
        }
        if on && status.visibility == Visibility::Direct {
            return Err(Error::invalid("Posts that are only visible to mentioned users cannot be pinned"));
        }
        if on && statuses::pinned(conn, Viewer::Owner(owner.id), owner.id)?.len() >= limits::PINS {
            return Err(Error::invalid(format!(
                "You have already pinned the maximum number of posts ({})",
                limits::PINS
            )));
        }
        statuses::set_pinned(conn, status.id, on.then(|| ctx.now()))?;
        if status.visibility.is_open() {
            send_pin(conn, ctx, owner, &status, on)?;
        }
        Ok(status.id)
    })
}

fn send_pin(conn: &Conn, domain: &Domain, owner: &Owner, status: &Status, on: bool) -> Result<()> {
    let mut document = write::activity(&OwnActivity {
        id: &OwnAction::Pin.of(&owner.uri, domain.next_id()),
        kind: if on { "Add" } else { "Remove" },
        actor: &owner.uri,
        object: json!(status.uri),
        audience: Audience { to: vec![PUBLIC.to_owned()], cc: vec![OwnCollection::Followers.of(&owner.uri)] },
        published: None,
    });
    document["target"] = json!(OwnCollection::Featured.of(&owner.uri));
    let recipients = Recipients { inboxes: Vec::new(), to_followers: true };
    queue::send(
        conn,
        domain,
        Outgoing { actor: owner.id, document, recipients, lane: Lane::Bulk, status: Some(status.id) },
    )
}
