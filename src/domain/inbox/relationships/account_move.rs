//! Move: an account that the owner follows has moved.

use crate::domain::Tx;
use crate::domain::inbox::inbound::Inbound;
use crate::domain::inbox::outcome::Outcome::{Applied, Doubted, Ignored, Needs, Refused};
use crate::domain::inbox::outcome::{Need, Outcome, Reason};
use crate::domain::relationships::account_move;
use crate::error::Result;
use crate::limits;
use crate::store::actors::{self, Actor};

/// Follows the new account if it names the old one. The old account sends the Move, or the new one does (FEP-7628), which
/// then must be named by the old one.
pub(crate) fn account_move(inbound: Inbound<'_>) -> Result<Outcome> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let Some(object) = inbound.object_id() else { return Ok(Ignored(Reason::NoObject)) };
    let Some(target) = activity.target.as_deref() else { return Ok(Ignored(Reason::NoTarget)) };
    if object == target {
        return Ok(Ignored(Reason::SameAccount));
    }
    if signer.uri != object && signer.uri != target {
        return Ok(Refused(Reason::NotTheAccount));
    }
    let (Some(old), true) = (actors::by_uri(conn, object)?, object != inbound.owner()?.uri) else {
        return Ok(Ignored(Reason::UnknownAccount));
    };
    if domain.site.owns(target) {
        return Ok(Ignored(Reason::LocalAccount));
    }
    if !account_move::concerns(conn, domain, &old)? {
        return Ok(Ignored(Reason::AccountNotFollowed));
    }
    // Both documents must be current. One that does not confirm the move was perhaps fetched just before it did: people open
    // the new account while it is prepared, and the Move is sent only once.
    let oldest = |confirms: bool| {
        inbound.now().minus(if confirms { limits::MOVE_DOCUMENT_AGE } else { limits::MOVE_CONTRADICTION_AGE })
    };
    let names_old = |new: &Actor| new.also_known_as.iter().any(|a| a == object);
    let names_new = |old: &Actor| signer.uri == object || old.moved_to.as_deref() == Some(target);
    let (new, old_confirms) = (actors::by_uri(conn, target)?, names_new(&old));
    let new_confirms = new.as_ref().is_some_and(names_old);
    for (uri, known, confirms) in [(target, new, new_confirms), (object, Some(old.clone()), old_confirms)] {
        // A document that was fetched a moment ago is fetched again later, not now.
        if known.is_none_or(|a| a.fetched_at < oldest(confirms)) {
            return Ok(Needs(Need::Actor(uri.to_owned())));
        }
    }
    let Some(new) = actors::by_uri(conn, target)? else { return Ok(Ignored(Reason::AccountUnavailable)) };
    // A cache may have served the previous document: the new account is prepared just before the move.
    if !names_old(&new) || !names_new(&old) {
        return Ok(Doubted(Reason::AccountsDisagree));
    }
    match account_move::follow_along(&Tx::unmanaged(conn, domain), &old, &new, signer.uri == target)? {
        Some(reason) => Ok(Refused(reason)),
        None => Ok(Applied),
    }
}
