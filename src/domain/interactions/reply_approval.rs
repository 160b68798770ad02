//! Answers to posts whose author wants to be asked first (GoToSocial's interaction policies).

use serde_json::Value;

use super::interaction_policy::{self, PolicyDecision};
use super::interaction_request;
use crate::domain::outbox::{builders, queue};
use crate::domain::queries::status_view::StatusLoader;
use crate::domain::{Domain, Owner};
use crate::error::{Error, Result};
use crate::protocol::activitystreams::types::Interaction;
use crate::protocol::ids::ActorId;
use crate::store::interactions::quotes;
use crate::store::statuses::{ApprovalState, Status};
use crate::store::visibility::Viewer;
use crate::store::{Conn, actors, statuses};

/// Refuses what its author lets nobody of us answer: other servers would not take the answer.
///
/// # Errors
/// [`Error::Invalid`] when the owner may not answer it.
pub(crate) fn check(conn: &Conn, owner: &Owner, parent: &Status) -> Result<()> {
    match interaction_policy::to_owner(conn, owner.id, parent, Interaction::Reply)? {
        PolicyDecision::Never => Err(Error::invalid("The author allows no answers to this post")),
        PolicyDecision::Automatic | PolicyDecision::Manual => Ok(()),
    }
}

/// Asks the author of what a new post of ours answers, if that has to be asked. Must go out before the post: GoToSocial
/// gives no consent to what it has already.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn ask(conn: &Conn, domain: &Domain, owner: &Owner, parent: &Status, status: &Status) -> Result<()> {
    if !interaction_policy::must_ask(conn, owner, parent, Interaction::Reply)? {
        return Ok(());
    }
    let Some(author) = actors::get(conn, parent.actor_id)? else { return Ok(()) };
    if statuses::visible(conn, Viewer::Peer(author.id), status.id)?.is_none() {
        // Whoever does not get the answer cannot agree to it.
        return Ok(());
    }
    quotes::set_reply_state(conn, status.id, ApprovalState::Pending, None)?;
    let view = StatusLoader::new(conn, Viewer::Owner(owner.id)).status(status.id)?.ok_or(Error::NotFound)?;
    let note: Value = builders::note_document(conn, &domain.site, &view)?;
    interaction_request::ask(conn, domain, Interaction::Reply, (status, note), (&parent.uri, &author))
}

/// The answer of ours to a post of `author` that one of these ids means: itself, or the request for it.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn meant<'a>(
    conn: &Conn,
    domain: &Domain,
    author: ActorId,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<Option<Status>> {
    let owner = domain.owner()?.id;
    for id in ids {
        let uri = interaction_request::asking(id, Interaction::Reply).unwrap_or(id);
        let found = statuses::by_uri(conn, uri)?.filter(|s| s.actor_id == owner && s.in_reply_to_actor == Some(author));
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// What the author says to an answer of ours: yes with the id of the consent, or no. Whoever has the post is told if it
/// reads otherwise then.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn decided(conn: &Conn, domain: &Domain, status: &Status, consent: Option<&str>) -> Result<()> {
    let state = if consent.is_some() { ApprovalState::Accepted } else { ApprovalState::Rejected };
    quotes::set_reply_state(conn, status.id, state, consent)?;
    if status.reply_approval.as_deref() == consent {
        return Ok(());
    }
    queue::send_update(conn, domain, &domain.owner()?, status.id)
}
