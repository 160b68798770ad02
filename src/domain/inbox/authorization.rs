//! May this remote actor do this: the one place that answers.
//!
//! The signer is authentic by now: its HTTP signature was verified and it is the activity's actor. What is left is
//! whether the thing is its own. Owner equality is asked for, and not only the same server.

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
use crate::store::{Conn, statuses};

/// What somebody wants to do, and to what.
#[derive(Debug, Clone, Copy)]
pub enum Action<'a> {
    /// Create or Update of this object, as it stands in the activity.
    Write(&'a Object),
    /// Update or Delete of a status that we hold, or Undo of a boost.
    Change(&'a Status),
    /// Delete or Update of the actor with this id.
    ChangeActor(&'a str),
    /// Like or Announce of a status that we hold.
    React(&'a Status),
    /// Follow of the owner.
    Follow,
    /// Accept or Reject of this follow.
    Answer(&'a Follow),
    /// Undo of this follow.
    Unfollow(&'a Follow),
    /// Flag of the owner.
    Report,
}

/// Why nothing is taken from an actor of a suspended server.
pub const SUSPENDED: &str = "this server does not federate with the actor's server";

/// Answers why the signer may not do it, or nothing if it may.
///
/// # Errors
/// When the database cannot be read.
pub fn refusal(conn: &Conn, domain: &Domain, signer: &Actor, deed: Action<'_>) -> Result<Option<&'static str>> {
    let owner = domain.owner()?.id;
    if signer.local {
        return Ok(Some("nobody outside acts for an actor of ours"));
    }
    if signer.suspended {
        return Ok(Some("the actor is suspended by its own server"));
    }
    if signer.limited == Severity::Suspend {
        return Ok(Some(SUSPENDED));
    }
    let blocked = || blocks::exists(conn, owner, signer.id);
    Ok(match deed {
        Action::Write(object) if domain.site.owns(&object.id) => {
            Some("an object of ours cannot be written from outside")
        }
        Action::Write(object) if object.attributed_to != signer.uri => {
            Some("the object is attributed to somebody else")
        }
        Action::Write(object) if !same_origin(&object.id, &signer.uri) => {
            Some("the object lies on another server than its author")
        }
        Action::Write(_) => blocked()?.then_some("the owner blocks the actor"),
        Action::Change(status) => (status.actor_id != signer.id).then_some("only its author may change or delete it"),
        Action::ChangeActor(uri) => (uri != signer.uri).then_some("only the actor itself may change or delete it"),
        Action::React(status) => {
            // Somebody who may not see it must not even learn that it is there.
            if statuses::visible(conn, Viewer::Peer(signer.id), status.id)?.is_none() {
                Some("there is no such post for the actor")
            } else {
                blocked()?.then_some("the owner blocks the actor")
            }
        }
        Action::Follow | Action::Report => blocked()?.then_some("the owner blocks the actor"),
        Action::Answer(follow) => {
            (follow.target != signer.id || follow.follower != owner).then_some("it is not a follow of this actor")
        }
        Action::Unfollow(follow) => (follow.follower != signer.id).then_some("it is somebody else's follow"),
    })
}
