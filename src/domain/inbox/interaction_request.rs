//! LikeRequest, ReplyRequest, AnnounceRequest and QuoteRequest: requests for the owner's approval of an interaction.

use serde_json::{Value, json};

use super::authorization::Action;
use super::inbound::Inbound;
use super::outcome::Outcome::{Applied, Ignored, Refused};
use super::outcome::{Outcome, Reason};
use super::post::{self, IncomingPost};
use crate::domain::Tx;
use crate::domain::interactions::interaction_policy;
use crate::domain::outbox::{builders, queue};
use crate::domain::urls::OwnAction;
use crate::error::Result;
use crate::protocol::activitystreams::types::{Interaction, Item};
use crate::protocol::activitystreams::{self, same_origin};
use crate::store::interactions::{favourites, interaction_approvals};
use crate::store::notifications::NotificationKind;
use crate::store::statuses::{self, Status};
use crate::store::visibility::Viewer;

pub(super) fn request(inbound: Inbound<'_>, wanted: Interaction) -> Result<Outcome> {
    let Inbound { conn, domain, signer, activity } = inbound;
    let owner = inbound.owner()?;
    let Some(target) = inbound.object_id() else { return Ok(Ignored(Reason::NoObject)) };
    let Some(interaction) = activity.instrument.as_ref().and_then(Item::id) else {
        return Ok(Ignored(Reason::NoInstrument));
    };
    let Some(request) = activity.id.as_deref() else { return Ok(Ignored(Reason::NoActivityId)) };
    let Some(status) = requested_post(inbound, target)? else { return Ok(Ignored(Reason::NotOwnersPost)) };
    if !same_origin(interaction, &signer.uri) {
        return Ok(Refused(Reason::ForeignObject));
    }
    if !is_by_signer(inbound) {
        return Ok(Refused(Reason::WrongAuthor));
    }
    let refusal = match inbound.refusal(Action::React(&status))? {
        Some(reason) => Some(reason),
        None if !interaction_policy::allows_remote(conn, &owner, &status, signer, wanted)? => Some(Reason::NotAllowed),
        None => None,
    };
    let request = json!({
        "id": request, "type": format!("{}Request", wanted.as_str()), "actor": signer.uri, "object": status.uri,
        "instrument": interaction,
    });
    if let Some(reason) = refusal {
        respond(inbound, request, None)?;
        return Ok(Refused(reason));
    }
    let (of, now) = ((status.id, signer.id), inbound.now());
    let approval = interaction_approvals::give(conn, domain.next_id(), wanted, of, interaction, now)?;
    if approval.revoked {
        respond(inbound, request, None)?;
        return Ok(Refused(Reason::ApprovalRevoked));
    }
    respond(inbound, request, Some(&domain.site.approval(&owner.username, approval.id)))?;
    if wanted == Interaction::Like
        && favourites::insert(conn, domain.next_id(), signer.id, status.id, Some(interaction), now)?
    {
        inbound.notify(NotificationKind::Favourite, Some(status.id))?;
    }
    store_instrument(inbound)?;
    Ok(Applied)
}

/// Returns `false` if an embedded instrument states another author or actor than the signer.
fn is_by_signer(inbound: Inbound<'_>) -> bool {
    let Some(Item::Embedded(value)) = &inbound.activity.instrument else { return true };
    let author = value.object().ok().map(|o| o.attributed_to.clone());
    author.or_else(|| activitystreams::first_id(value.get("actor"))).is_some_and(|author| author == inbound.signer.uri)
}

/// The post of the owner with this id, if the signer may see it: a Reject would reveal that another one exists.
fn requested_post(inbound: Inbound<'_>, uri: &str) -> Result<Option<Status>> {
    let owner = inbound.owner()?.id;
    match statuses::by_uri(inbound.conn, uri)?.filter(|s| s.actor_id == owner && s.boost_of.is_none()) {
        Some(status) => statuses::visible(inbound.conn, Viewer::Peer(inbound.signer.id), status.id),
        None => Ok(None),
    }
}

/// Sends an Accept with the id of the approval, or a Reject.
fn respond(inbound: Inbound<'_>, request: Value, approval: Option<&str>) -> Result<()> {
    let owner = inbound.owner()?;
    let (kind, action) = match approval {
        Some(_) => ("Accept", OwnAction::Accept),
        None => ("Reject", OwnAction::Reject),
    };
    let id = action.of(&owner.uri, inbound.domain.next_id());
    let mut document = builders::personal(&owner.uri, &id, kind, request, &inbound.signer.uri);
    if let Some(approval) = approval {
        document["result"] = json!(approval);
    }
    queue::send_to(&Tx::unmanaged(inbound.conn, inbound.domain), owner.id, inbound.signer, document)
}

/// Stores the quote or reply that the request contains.
fn store_instrument(inbound: Inbound<'_>) -> Result<()> {
    let Some(Item::Embedded(value)) = &inbound.activity.instrument else { return Ok(()) };
    let Ok(object) = value.object() else { return Ok(()) };
    if inbound.refusal(Action::Write(object))?.is_none() {
        post::deliver(IncomingPost::delivered(inbound, object))?;
    }
    Ok(())
}
