//! Approval of the owner's replies by the authors of what they reply to (GoToSocial's interaction policies).

use serde_json::Value;

use super::interaction_policy::{self, PolicyDecision};
use super::interaction_request::{self, InteractionRequest};
use crate::domain::outbox::{builders, queue};
use crate::domain::queries::status_view::StatusLoader;
use crate::domain::{Domain, Owner, Tx};
use crate::error::refusal::InteractionRefusal;
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::Interaction;
use crate::protocol::ids::ActorId;
use crate::store::interactions::quotes;
use crate::store::statuses::{ApprovalState, Status};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, statuses};

/// Checks that the author of a post allows the owner to reply. Other servers would drop the reply otherwise.
///
/// # Errors
/// [`Error::Invalid`] if the author does not.
pub(crate) fn check_allowed(conn: &Conn, owner: &Owner, parent: &Status) -> Result<()> {
    match interaction_policy::for_owner(conn, owner.id, parent, Interaction::Reply)? {
        PolicyDecision::Never => Err(Error::invalid(InteractionRefusal::ReplyForbidden)),
        PolicyDecision::Automatic | PolicyDecision::Manual => Ok(()),
    }
}

/// Requests approval of a new reply, if the author of the parent requires it. The request must be sent before the reply:
/// GoToSocial does not approve replies that it has received already.
pub(crate) fn request(tx: &Tx<'_>, owner: &Owner, parent: &Status, reply: &Status) -> Result<()> {
    if !interaction_policy::requires_request(tx, owner, parent, Interaction::Reply)? {
        return Ok(());
    }
    let Some(author) = actors::get(tx, parent.actor_id)? else { return Ok(()) };
    if statuses::visible(tx, Viewer::Peer(author.id), reply.id)?.is_none() {
        // An author who does not receive the reply cannot approve it.
        return Ok(());
    }
    quotes::set_reply_state(tx, reply.id, ApprovalState::Pending, None)?;
    let view = StatusLoader::new(tx, Viewer::Owner(owner.id)).status(reply.id)?.ok_or(Error::NotFound)?;
    let document: Value = builders::note_document(tx, tx.site(), &view)?;
    let interaction = Interaction::Reply;
    InteractionRequest { interaction, post: reply, document, target: &parent.uri, author: &author }.send(tx)
}

/// Finds the owner's reply to a post of `author` by any of these ids, each of the reply or of the request for it.
pub(crate) fn find_reply<'a>(
    conn: &Conn,
    domain: &Domain,
    author: ActorId,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<Option<Status>> {
    let owner = domain.owner()?.id;
    for id in ids {
        let uri = interaction_request::requesting_post(id, Interaction::Reply).unwrap_or(id);
        let found = statuses::by_uri(conn, uri)?.filter(|s| s.actor_id == owner && s.in_reply_to_actor == Some(author));
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Stores the author's decision about a reply of the owner, with the id of the approval unless it was rejected, and sends
/// an Update of the reply if its document changed.
pub(crate) fn apply_decision(conn: &Conn, domain: &Domain, reply: &Status, approval: Option<&str>) -> Result<()> {
    let state = if approval.is_some() { ApprovalState::Accepted } else { ApprovalState::Rejected };
    quotes::set_reply_state(conn, reply.id, state, approval)?;
    if reply.reply_approval.as_deref() == approval {
        return Ok(());
    }
    queue::send_update(&Tx::unmanaged(conn, domain), &domain.owner()?, reply.id)
}
