//! Decides whether a remote actor may do something.
//!
//! The signer is authentic: its signature was verified and it is the activity's actor. This module checks that the object
//! belongs to the signer itself, and not only to its server.

use super::outcome::Reason;
use crate::domain::Domain;
use crate::error::Result;
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types::Object;
use crate::store::actors::Actor;
use crate::store::peers::domain_policies::Severity;
use crate::store::relationships::blocks;
use crate::store::relationships::follows::Follow;
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, statuses};

/// An action of a remote actor, with its object.
#[derive(Debug, Clone, Copy)]
pub enum Action<'a> {
    /// Create or Update of this object, as the activity contains it.
    Write(&'a Object),
    /// Update or Delete of a stored status, or Undo of a boost.
    Change(&'a Status),
    /// Like, Announce or reply, with a stored status as its object.
    React(&'a Status),
    /// Follow of the owner.
    Follow,
    /// Accept or Reject of this follow.
    Respond(&'a Follow),
    /// Undo of this follow.
    Unfollow(&'a Follow),
    /// Flag of the owner.
    Report,
}

/// Returns the reason why the action is not permitted, or `None` if it is.
pub fn refusal(conn: &Conn, domain: &Domain, signer: &Actor, action: Action<'_>) -> Result<Option<Reason>> {
    let owner = domain.owner()?.id;
    if signer.local {
        return Ok(Some(Reason::LocalActor));
    }
    if signer.suspended {
        return Ok(Some(Reason::ActorSuspended));
    }
    if signer.limited == Severity::Suspend {
        return Ok(Some(Reason::HostSuspended));
    }
    let blocked = || -> Result<_> { Ok(blocks::exists(conn, owner, signer.id)?.then_some(Reason::ActorBlocked)) };
    match action {
        Action::Write(object) if domain.site.owns(&object.id) => Ok(Some(Reason::LocalObject)),
        Action::Write(object) if object.attributed_to != signer.uri => Ok(Some(Reason::WrongAuthor)),
        Action::Write(object) if !same_origin(&object.id, &signer.uri) => Ok(Some(Reason::ForeignObject)),
        // As in Mastodon: who follows now should follow the new account.
        Action::Follow if actors::get(conn, owner)?.is_some_and(|me| me.moved_to.is_some()) => {
            Ok(Some(Reason::OwnerMoved))
        }
        Action::Write(_) | Action::Follow | Action::Report => blocked(),
        Action::Change(status) => Ok((status.actor_id != signer.id).then_some(Reason::NotTheAuthor)),
        // An actor that may not see the post must not learn that it exists.
        Action::React(status) if statuses::visible(conn, Viewer::Peer(signer.id), status.id)?.is_none() => {
            Ok(Some(Reason::NotVisible))
        }
        Action::React(_) => blocked(),
        Action::Respond(follow) => {
            Ok((follow.target != signer.id || follow.follower != owner).then_some(Reason::OtherFollow))
        }
        Action::Unfollow(follow) => Ok((follow.follower != signer.id).then_some(Reason::OtherFollow)),
    }
}
