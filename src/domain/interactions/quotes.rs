//! Quotes and their approvals (FEP-044f): requests for quotes by the owner, the state of received quotes, and revocation.
//! Quotes in the older dialects have no approvals and are always shown.

use std::sync::Arc;

use serde_json::Value;

use super::interaction_policy::{self, QuotePolicy};
use super::interaction_request::{self, InteractionRequest};
use super::target;
use crate::domain::inbox::authorization::{self, Action};
use crate::domain::outbox::builders;
use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::Recipients;
use crate::domain::signal::Worker;
use crate::domain::{Domain, Owner, Tx};
use crate::error::refusal::InteractionRefusal;
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::{Audience, Interaction, Object, Quote};
use crate::protocol::activitystreams::write;
use crate::protocol::ids::{ActorId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::interactions::interaction_approvals::Approval;
use crate::store::interactions::{interaction_approvals, quotes};
use crate::store::queues::deliveries::Lane;
use crate::store::queues::jobs;
use crate::store::statuses::{ApprovalState, Quoted, Status};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, statuses};

/// The post that the owner quotes by naming the post `id`, or a boost of it.
///
/// # Errors
/// [`Error::Missing`] if the owner may not see it.
pub(crate) fn quoted(conn: &Conn, owner: &Owner, id: StatusId) -> Result<Status> {
    target::find_named(conn, owner, id, InteractionRefusal::QuotedMissing)
}

/// The visibility of a post of the owner with a quote: as requested, but at most for followers if the quoted post is an own
/// one for followers, as in Mastodon.
pub(crate) fn visibility(owner: &Owner, quoted: &Status, requested: Visibility) -> Visibility {
    match quoted.actor_id == owner.id && quoted.visibility == Visibility::Private {
        true => requested.max(Visibility::Private),
        false => requested,
    }
}

/// The quote of a post in a new post of the owner with this visibility. `recipients` are the actors that a direct post is
/// for. The state is pending if the author has to approve the quote first.
///
/// # Errors
/// [`Error::Invalid`] if the post may not be quoted.
pub(crate) fn new_quote(
    conn: &Conn,
    owner: &Owner,
    status: &Status,
    visibility: Visibility,
    recipients: &[ActorId],
) -> Result<Quoted> {
    let own = status.actor_id == owner.id;
    if visibility == Visibility::Direct && !own && !recipients.contains(&status.actor_id) {
        return Err(Error::invalid(InteractionRefusal::QuoteNotRecipient));
    }
    let stated = interaction_policy::for_owner(conn, owner.id, status, Interaction::Quote)?;
    interaction_policy::quoting(status, own, stated).map_err(Error::invalid)?;
    if own && visibility < status.visibility {
        return Err(Error::invalid(InteractionRefusal::QuoteNotOpen));
    }
    // Servers that state a quote policy respond to requests; other servers do not know them.
    let state = match !own && status.policy.as_ref().is_some_and(|p| p.quote.is_some()) {
        true => ApprovalState::Pending,
        false => ApprovalState::Accepted,
    };
    Ok(Quoted { uri: status.uri.clone(), status: Some(status.id), state, approval: None })
}

/// Requests approval of the quote in a new post of the owner, if it is pending.
pub(crate) fn request_approval(tx: &Tx<'_>, status: &Status, document: Value) -> Result<()> {
    let Some(quoted) = status.quote.as_ref().filter(|q| q.state == ApprovalState::Pending) else { return Ok(()) };
    let author = match quoted.status {
        Some(id) => statuses::get(tx, id)?.map(|s| s.actor_id),
        None => None,
    };
    let Some(author) = author.map(|id| actors::get(tx, id)).transpose()?.flatten() else { return Ok(()) };
    // An author who may not see the post receives only its id.
    let is_visible = statuses::visible(tx, Viewer::Peer(author.id), status.id)?.is_some();
    let document = if is_visible { document } else { Value::String(status.uri.clone()) };
    let interaction = Interaction::Quote;
    InteractionRequest { interaction, post: status, document, target: &quoted.uri, author: &author }.send(tx)
}

/// Applies the response to a quote request of the owner, with the id of the approval unless it is a Reject: sets the state
/// of the quote and sends an Update of the post. Returns `false` if the request is not for a quote of the owner, or the
/// response is not from the quoted author.
pub(crate) fn apply_response(
    conn: &Conn,
    domain: &Domain,
    signer: &Actor,
    request: &str,
    approval: Option<&str>,
) -> Result<bool> {
    let owner = domain.owner()?;
    let Some(uri) = interaction_request::requesting_post(request, Interaction::Quote) else { return Ok(false) };
    let Some(status) = statuses::by_uri(conn, uri)?.filter(|s| s.actor_id == owner.id) else { return Ok(false) };
    let Some(quoted) = &status.quote else { return Ok(false) };
    let by_author = match quoted.status {
        Some(id) => statuses::get(conn, id)?.is_some_and(|s| s.actor_id == signer.id),
        None => false,
    };
    if !by_author {
        return Ok(false);
    }
    match approval {
        Some(approval) => quotes::set_state(conn, status.id, ApprovalState::Accepted, Some(approval))?,
        None => quotes::set_state(conn, status.id, ApprovalState::Rejected, None)?,
    }
    queue::send_update(&Tx::unmanaged(conn, domain), &owner, status.id)?;
    Ok(true)
}

/// The quote in a received post, with its approval state. An approval that only its own server can confirm is pending
/// until [`jobs::Task::CheckQuote`] has fetched it.
pub(crate) fn of_object(conn: &Conn, domain: &Domain, author: &Actor, object: &Object) -> Result<Option<Quoted>> {
    let Some(quote) = &object.quote else { return Ok(None) };
    let state = state_of(conn, domain, author, object, quote)?;
    Ok(Some(Quoted { uri: quote.uri.clone(), status: None, state, approval: quote.authorization.clone() }))
}

fn state_of(conn: &Conn, domain: &Domain, author: &Actor, object: &Object, quote: &Quote) -> Result<ApprovalState> {
    let quoted = statuses::by_uri(conn, &quote.uri)?;
    let given = match &quoted {
        Some(status) => interaction_approvals::of_quote(conn, status.id, &object.id)?,
        None => None,
    };
    // A revocation also applies to quotes in a dialect without approvals.
    if given.as_ref().is_some_and(|g| g.revoked) {
        return Ok(ApprovalState::Revoked);
    }
    if !quote.needs_approval || quoted.as_ref().is_some_and(|s| s.actor_id == author.id) {
        return Ok(ApprovalState::Accepted);
    }
    let Some(status) = quoted.filter(|_| domain.site.owns(&quote.uri)) else { return Ok(ApprovalState::Pending) };
    let owner = domain.owner()?;
    let stated = quote.authorization.as_deref();
    let is_valid = |given: &Approval| stated.is_none_or(|id| id == domain.site.approval(&owner.username, given.id));
    let is_approved = match given {
        // An approval counts only for the actor that requested it.
        Some(given) if given.actor == author.id && is_valid(&given) => true,
        // Mitra sends no requests: quotes that the policy of the post allows need no approval.
        _ => may_quote(conn, domain, &owner, &status, author)?,
    };
    Ok(if is_approved { ApprovalState::Accepted } else { ApprovalState::Pending })
}

/// True if an actor may quote a post of the owner without an approval.
fn may_quote(conn: &Conn, domain: &Domain, owner: &Owner, status: &Status, actor: &Actor) -> Result<bool> {
    Ok(authorization::refusal(conn, domain, actor, Action::React(status))?.is_none()
        && interaction_policy::allows_remote(conn, owner, status, actor, Interaction::Quote)?)
}

/// Enqueues the fetches that a post with a quote needs: of the quoted post, and of the quoted author's approval.
pub(crate) fn enqueue_fetches(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    let Some(quoted) = &status.quote else { return Ok(()) };
    if domain.site.owns(&quoted.uri) {
        return Ok(());
    }
    let followed = domain.owner_follows(conn, status.actor_id)?;
    let cause = if followed { jobs::Cause::Followed } else { jobs::Cause::Stranger };
    if quoted.status.is_none() {
        jobs::enqueue_for(conn, &jobs::Task::FetchObject(quoted.uri.clone()), cause, domain.now())?;
    }
    if quoted.state == ApprovalState::Pending {
        // Enqueued again although it may be running: the approval may arrive during a check that fails.
        jobs::enqueue_again(conn, &jobs::Task::CheckQuote(status.id), cause, domain.now())?;
    }
    Ok(())
}

/// The document of an approval by the owner.
pub fn approval_document(domain: &Domain, owner: &Owner, approval: &Approval, status: &Status) -> Value {
    write::approval(&write::OwnApproval {
        id: &domain.site.approval(&owner.username, approval.id),
        kind: approval.kind,
        attributed_to: &owner.uri,
        interacting: &approval.interaction,
        target: &status.uri,
    })
}

/// Revokes the approval of a quote of the owner's post `quoted` in the post `quoting`.
///
/// # Errors
/// [`Error::NotFound`] if there is no such quote.
pub fn revoke(domain: &Arc<Domain>, quoted: StatusId, quoting: StatusId) -> Result<()> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let status = statuses::get(tx, quoted)?.filter(|s| s.actor_id == owner.id).ok_or(Error::NotFound)?;
        let quote = statuses::get(tx, quoting)?.ok_or(Error::NotFound)?;
        if quote.quote.as_ref().is_none_or(|q| q.status != Some(status.id)) {
            return Err(Error::NotFound);
        }
        let approval_id = quote.quote.as_ref().and_then(|q| q.approval.clone());
        quotes::set_state(tx, quote.id, ApprovalState::Revoked, approval_id.as_deref())?;
        let given = interaction_approvals::of_quote(tx, status.id, &quote.uri)?.filter(|a| !a.revoked);
        let (of, now) = ((status.id, quote.actor_id), tx.now());
        // Without an approval the revocation is stored too, so that it applies when the quoting post is edited.
        let approval = match &given {
            Some(given) => given.clone(),
            None => interaction_approvals::give(tx, tx.next_id(), Interaction::Quote, of, &quote.uri, now)?,
        };
        interaction_approvals::revoke(tx, approval.id, now)?;
        if given.is_none() {
            return Ok(());
        }
        let Some(quoter) = actors::get(tx, quote.actor_id)? else { return Ok(()) };
        let id = tx.site().approval(&owner.username, approval.id);
        let to = Audience { to: vec![quoter.uri.clone()], cc: vec![] };
        let document = builders::deletion(&owner, &id, false, to);
        // Followers of the owner who also follow the quoting author have received the quote.
        let recipients = Recipients::followers_and(&quoter);
        tx.wake(Worker::Delivery);
        queue::send(tx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: None })
    })
}

/// Changes who may quote a post of the owner, and sends an Update of it. Approvals that were given remain valid.
///
/// # Errors
/// [`Error::NotFound`] if the owner has no such post.
pub fn set_policy(domain: &Arc<Domain>, id: StatusId, policy: QuotePolicy) -> Result<()> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let status = statuses::get(tx, id)?.filter(|s| s.actor_id == owner.id && s.boost_of.is_none());
        let status = status.ok_or(Error::NotFound)?;
        let author = actors::get(tx, owner.id)?.ok_or(Error::NotFound)?;
        statuses::set_policy(tx, id, &policy.of_post(status.visibility, &author))?;
        tx.wake(Worker::Delivery);
        queue::send_update(tx, &owner, id)
    })
}
