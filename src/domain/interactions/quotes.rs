//! Quotes with consent (FEP-044f): the owner asks before quoting, is asked, and may take a consent back. The older
//! dialects carry no consent; what they quote is shown.

use std::sync::Arc;

use serde_json::Value;

use super::interaction_policy::{self, PolicyDecision, QuotePolicy};
use super::interaction_request;
use crate::domain::inbox::authorization::{self, Action};
use crate::domain::outbox::builders;
use crate::domain::outbox::queue::{self, Outgoing};
use crate::domain::outbox::recipients::Recipients;
use crate::domain::{Domain, Owner};
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

/// What the owner wants to quote in a post, `meant` for these if it is direct, and whether the author has to be asked
/// first.
///
/// # Errors
/// [`Error::NotFound`] when the owner may not see it, [`Error::Invalid`] when it may not be quoted.
pub(crate) fn quotable(
    conn: &Conn,
    owner: &Owner,
    id: StatusId,
    visibility: Visibility,
    meant: &[ActorId],
) -> Result<Quoted> {
    let status = statuses::visible(conn, Viewer::Owner(owner.id), id)?.ok_or(Error::NotFound)?;
    if status.boost_of.is_some() {
        return Err(Error::invalid("A boost cannot be quoted; quote the post itself"));
    }
    let own = status.actor_id == owner.id;
    if visibility == Visibility::Direct && !own && !meant.contains(&status.actor_id) {
        return Err(Error::invalid(
            "A direct message can only quote those whom it is for: their server is asked first",
        ));
    }
    let within = own && visibility >= status.visibility;
    if !status.visibility.is_open() && !within {
        return Err(Error::invalid("This post can only be seen by those it is for, so it cannot be quoted"));
    }
    let state = match if own {
        PolicyDecision::Automatic
    } else {
        interaction_policy::to_owner(conn, owner.id, &status, Interaction::Quote)?
    } {
        PolicyDecision::Never => return Err(Error::invalid("The author does not allow this post to be quoted")),
        // Whoever states a policy answers a request; nobody else knows what one is.
        _ if !own && status.policy.as_ref().is_some_and(|p| p.quote.is_some()) => ApprovalState::Pending,
        _ => ApprovalState::Accepted,
    };
    Ok(Quoted { uri: status.uri, status: Some(status.id), state, approval: None })
}

/// Asks the author of what a new post of ours quotes, if that has to be asked.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn ask(conn: &Conn, domain: &Domain, status: &Status, note: Value) -> Result<()> {
    let Some(quoted) = status.quote.as_ref().filter(|q| q.state == ApprovalState::Pending) else { return Ok(()) };
    let author = match quoted.status {
        Some(id) => statuses::get(conn, id)?.map(|s| s.actor_id),
        None => None,
    };
    let Some(author) = author.map(|id| actors::get(conn, id)).transpose()?.flatten() else { return Ok(()) };
    // The words of what is not for the author stay here.
    let sees = statuses::visible(conn, Viewer::Peer(author.id), status.id)?.is_some();
    let note = if sees { note } else { Value::String(status.uri.clone()) };
    interaction_request::ask(conn, domain, Interaction::Quote, (status, note), (&quoted.uri, &author))
}

/// Takes the answer to a quote of ours, with the id of the consent if it is a yes: sets the state of the quote, and tells
/// everybody who has the post. False when it answers no quote of ours, or does not come from the quoted author.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn answered(
    conn: &Conn,
    domain: &Domain,
    signer: &Actor,
    request: &str,
    consent: Option<&str>,
) -> Result<bool> {
    let owner = domain.owner()?;
    let Some(uri) = interaction_request::asking(request, Interaction::Quote) else { return Ok(false) };
    let Some(status) = statuses::by_uri(conn, uri)?.filter(|s| s.actor_id == owner.id) else { return Ok(false) };
    let Some(quoted) = &status.quote else { return Ok(false) };
    let by_author = match quoted.status {
        Some(id) => statuses::get(conn, id)?.is_some_and(|s| s.actor_id == signer.id),
        None => false,
    };
    if !by_author {
        return Ok(false);
    }
    match consent {
        Some(stamp) => quotes::set_state(conn, status.id, ApprovalState::Accepted, Some(stamp))?,
        None => quotes::set_state(conn, status.id, ApprovalState::Rejected, None)?,
    }
    queue::send_update(conn, domain, &owner, status.id)?;
    Ok(true)
}

/// How the quote in a post of somebody else stands when it arrives. A consent that only its server can confirm is
/// pending until [`jobs::Task::CheckQuote`] has asked.
///
/// # Errors
/// When the database cannot be read.
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
    // Also of a quote in a dialect that asks nobody.
    if given.as_ref().is_some_and(|g| g.revoked) {
        return Ok(ApprovalState::Revoked);
    }
    if !quote.asks_consent || quoted.as_ref().is_some_and(|s| s.actor_id == author.id) {
        return Ok(ApprovalState::Accepted);
    }
    let Some(status) = quoted.filter(|_| domain.site.owns(&quote.uri)) else { return Ok(ApprovalState::Pending) };
    let owner = domain.owner()?;
    let stated = quote.authorization.as_deref();
    let stands = |given: &Approval| stated.is_none_or(|id| id == domain.site.approval(&owner.username, given.id));
    let holds = match given {
        // A consent that somebody else has asked for is none.
        Some(given) if given.actor == author.id && stands(&given) => true,
        // Mitra asks for no consent: what our policy allows to everybody needs none.
        _ => may_quote(conn, domain, &owner, &status, author)?,
    };
    Ok(if holds { ApprovalState::Accepted } else { ApprovalState::Pending })
}

/// True if the owner lets somebody quote a post of the owner without being asked.
fn may_quote(conn: &Conn, domain: &Domain, owner: &Owner, status: &Status, who: &Actor) -> Result<bool> {
    Ok(authorization::refusal(conn, domain, who, Action::React(status))?.is_none()
        && interaction_policy::to_ours(conn, owner, status, who, Interaction::Quote)?)
}

/// What else has to be had for a post that quotes: what it quotes, and the word of the quoted author.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn follow_up(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
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
        // A consent may come while it is asked for in vain.
        jobs::enqueue_again(conn, &jobs::Task::CheckQuote(status.id), cause, domain.now())?;
    }
    Ok(())
}

/// The consent document of the owner.
pub fn approval_document(domain: &Domain, owner: &Owner, approval: &Approval, status: &Status) -> Value {
    write::approval(&write::OwnApproval {
        id: &domain.site.approval(&owner.username, approval.id),
        kind: approval.kind,
        attributed_to: &owner.uri,
        interacting: &approval.interaction,
        target: &status.uri,
    })
}

/// The owner takes back the consent to a quote of a post of the owner.
///
/// # Errors
/// [`Error::NotFound`] when there is no such quote.
pub fn revoke(domain: &Arc<Domain>, quoted: StatusId, quoting: StatusId) -> Result<()> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let status = statuses::get(conn, quoted)?.filter(|s| s.actor_id == owner.id).ok_or(Error::NotFound)?;
        let quote = statuses::get(conn, quoting)?.ok_or(Error::NotFound)?;
        if quote.quote.as_ref().is_none_or(|q| q.status != Some(status.id)) {
            return Err(Error::NotFound);
        }
        let stamp = quote.quote.as_ref().and_then(|q| q.approval.clone());
        quotes::set_state(conn, quote.id, ApprovalState::Revoked, stamp.as_deref())?;
        let given = interaction_approvals::of_quote(conn, status.id, &quote.uri)?.filter(|a| !a.revoked);
        let (of, now) = ((status.id, quote.actor_id), ctx.now());
        // Nobody may have asked; that it is revoked is remembered all the same, for when the quote is edited.
        let approval = match &given {
            Some(given) => given.clone(),
            None => interaction_approvals::give(conn, ctx.next_id(), Interaction::Quote, of, &quote.uri, now)?,
        };
        interaction_approvals::revoke(conn, approval.id, now)?;
        if given.is_none() {
            return Ok(());
        }
        let Some(quoter) = actors::get(conn, quote.actor_id)? else { return Ok(()) };
        let id = ctx.site.approval(&owner.username, approval.id);
        let to = Audience { to: vec![quoter.uri.clone()], cc: vec![] };
        let document = builders::deletion(&owner, &id, false, to);
        // The quoted author's followers have the quote too, when they follow the quoter.
        let recipients = Recipients::followers_and(&quoter);
        queue::send(conn, &ctx, Outgoing { actor: owner.id, document, recipients, lane: Lane::Owner, status: None })
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// Changes who may quote a post of the owner, and tells everybody who has it. What was agreed to stays so.
///
/// # Errors
/// [`Error::NotFound`] when the owner has no such post.
pub fn set_policy(domain: &Arc<Domain>, id: StatusId, policy: QuotePolicy) -> Result<()> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        let status = statuses::get(conn, id)?.filter(|s| s.actor_id == owner.id && s.boost_of.is_none());
        let status = status.ok_or(Error::NotFound)?;
        let me = actors::get(conn, owner.id)?.ok_or(Error::NotFound)?;
        statuses::set_policy(conn, id, &policy.of_post(status.visibility, &me))?;
        queue::send_update(conn, &ctx, &owner, id)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}
