//! Block: an actor blocks the owner, or a moderator bans the owner.

use super::follow;
use crate::domain::inbox::community;
use crate::domain::inbox::inbound::Inbound;
use crate::domain::inbox::outcome::Outcome::{Applied, Ignored};
use crate::domain::inbox::outcome::{Outcome, Reason};
use crate::error::Result;
use crate::store::relationships::{blocks, follows};
use crate::store::timelines;

/// Ends both follows and records the block, so that nothing is delivered to the actor. The owner is not notified.
pub(crate) fn block(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let owner = inbound.owner()?;
    if inbound.object_id() != Some(owner.uri.as_str()) {
        return Ok(Ignored(Reason::NotTheOwner));
    }
    if activity.target.is_some() {
        // A ban as Lemmy sends it: the moderator acts for a community, not for itself.
        return community::ban(inbound);
    }
    let uri = activity.id.as_deref();
    if let Some(uri) = uri
        && inbound.was_undone(uri)?
    {
        return Ok(Ignored(Reason::AlreadyUndone));
    }
    blocks::insert(conn, domain.next_id(), (signer.id, owner.id), uri, inbound.now())?;
    for (follower, target) in [(signer.id, owner.id), (owner.id, signer.id)] {
        if let Some(stored) = follows::between(conn, follower, target)? {
            follows::remove(conn, &stored)?;
        }
    }
    timelines::remove_actor(conn, signer.id)?;
    follow::remove_notifications(inbound)?;
    Ok(Applied)
}
