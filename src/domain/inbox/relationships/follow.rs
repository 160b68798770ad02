//! Follow: new followers of the owner, and relays that follow the server.

use crate::domain::Tx;
use crate::domain::inbox::authorization::Action;
use crate::domain::inbox::inbound::Inbound;
use crate::domain::inbox::outcome::Outcome::{Applied, Ignored, Refused};
use crate::domain::inbox::outcome::{Outcome, Reason};
use crate::domain::outbox::relay;
use crate::domain::relationships::follow::{self as responses, FollowResponse};
use crate::error::Result;
use crate::protocol::ids::{ActorId, FollowId};
use crate::store::notifications::NotificationKind;
use crate::store::relationships::follows::{self, Follow};
use crate::store::{actors, notifications};

pub(crate) fn follow(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let owner = inbound.owner()?;
    let Some(object) = inbound.object_id() else { return Ok(Ignored(Reason::NoObject)) };
    if object == domain.instance()?.uri {
        return follow_by_relay(inbound);
    }
    if object != owner.uri {
        // Friendica subscribes to a thread by following a post.
        return Ok(Ignored(Reason::NotTheOwner));
    }
    // The response embeds the follow, so an id is not required; without one it is stored with an empty id.
    let uri = activity.id.as_deref().unwrap_or_default();
    if let Some(reason) = inbound.refusal(Action::Follow)? {
        let follow = unstored(uri, signer.id, owner.id);
        responses::send_response(&Tx::unmanaged(conn, domain), &owner, &follow, FollowResponse::Reject)?;
        return Ok(Refused(reason));
    }
    if !uri.is_empty() && inbound.was_undone(uri)? {
        return Ok(Ignored(Reason::AlreadyUndone));
    }
    let locked = actors::get(conn, owner.id)?.is_some_and(|a| a.locked);
    let before = follows::between(conn, signer.id, owner.id)?;
    let accepted = !locked || before.as_ref().is_some_and(|f| f.accepted);
    let id = FollowId(domain.next_id());
    if let Some(before) = before.filter(|f| f.uri != uri && !f.uri.is_empty()) {
        // The Undo of the earlier follow may still be on its way, and must not end the new one.
        inbound.bury(&before.uri)?;
    }
    let follow = follows::insert(conn, id, uri, signer.id, owner.id, accepted, inbound.now())?;
    if accepted {
        responses::send_response(&Tx::unmanaged(conn, domain), &owner, &follow, FollowResponse::Accept)?;
        inbound.notify(NotificationKind::Follow, None)?;
    } else {
        inbound.notify(NotificationKind::FollowRequest, None)?;
    }
    Ok(Applied)
}

fn follow_by_relay(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let uri = activity.id.as_deref();
    let refusal = inbound.refusal(Action::Follow)?;
    let Some(subscription) = relay::represented_by(conn, signer)?.filter(|_| refusal.is_none()) else {
        // Without a response the follow would stay pending on the other server.
        relay::reject_follow(&Tx::unmanaged(conn, domain), signer, uri)?;
        return Ok(Refused(refusal.unwrap_or(Reason::OtherRelay)));
    };
    relay::accept_follow(&Tx::unmanaged(conn, domain), &subscription, signer, uri)?;
    Ok(Applied)
}

/// A follow that is rejected and therefore not stored.
fn unstored(uri: &str, follower: ActorId, target: ActorId) -> Follow {
    Follow {
        id: FollowId(0),
        uri: uri.to_owned(),
        follower,
        target,
        accepted: false,
        show_boosts: true,
        notify: false,
        failure: None,
        languages: Vec::new(),
    }
}

/// Ends a follow of the owner.
pub(crate) fn remove_follow(inbound: Inbound<'_>, follow: &Follow) -> Result<Outcome> {
    if let Some(reason) = inbound.refusal(Action::Unfollow(follow))? {
        return Ok(Refused(reason));
    }
    follows::remove(inbound.conn, follow)?;
    remove_notifications(inbound)?;
    Ok(Applied)
}

/// Removes the notifications of the signer's follow.
pub(crate) fn remove_notifications(inbound: Inbound<'_>) -> Result<()> {
    for kind in [NotificationKind::FollowRequest, NotificationKind::Follow] {
        notifications::remove(inbound.conn, kind, inbound.signer.id, None)?;
    }
    Ok(())
}
