//! Update: edited posts and changed profiles.

use super::authorization::Action;
use super::inbound::{Inbound, type_of};
use super::outcome::Outcome::{Applied, Ignored, Needs, Refused};
use super::outcome::{Need, Outcome, Reason};
use super::post::{self, IncomingPost};
use crate::domain::account::remote_actor;
use crate::error::Result;
use crate::protocol::activitystreams;
use crate::protocol::activitystreams::types::Item;
use crate::store::queues::jobs;
use crate::store::{actors, statuses};

pub(super) fn update(inbound: Inbound<'_>) -> Result<Outcome> {
    let Some(item) = inbound.object() else { return Ok(Ignored(Reason::NoObject)) };
    let Some(id) = item.id() else { return Ok(Ignored(Reason::NoObjectId)) };
    if id == inbound.signer.uri {
        return update_actor(inbound, item);
    }
    if type_of(item).is_some_and(|t| activitystreams::is_actor_type(&t)) {
        return Ok(Refused(Reason::NotTheActor));
    }
    let status = statuses::by_uri(inbound.conn, id)?;
    if let Some(status) = &status {
        let author = actors::get(inbound.conn, status.actor_id)?.map(|a| a.uri).unwrap_or_default();
        if inbound.is_group_post(id, &author)? {
            return Ok(Needs(Need::Current(id.to_owned())));
        }
        if let Some(reason) = inbound.refusal(Action::Change(status))? {
            return Ok(Refused(reason));
        }
    }
    let object = match item {
        Item::Embedded(value) => value.object().ok(),
        Item::Id(_) => None,
    };
    let Some(object) = object else {
        // The activity contains only the id or a stub; the post's own server has the rest.
        return Ok(match status.is_some() || inbound.may_fetch(id)? {
            true => Needs(Need::Current(id.to_owned())),
            false => Ignored(Reason::UnknownPost),
        });
    };
    if inbound.is_group_post(&object.id, &object.attributed_to)? {
        return Ok(Needs(Need::Current(object.id.clone())));
    }
    if let Some(reason) = inbound.refusal(Action::Write(object))? {
        return Ok(Refused(reason));
    }
    let incoming = IncomingPost::delivered(inbound, object);
    match &status {
        Some(status) => {
            post::revise(incoming, status)?;
            Ok(Applied)
        }
        // The Create is still on its way, or was lost. If it arrives, its older state does not replace this one.
        None if object.vote.is_none() => post::deliver(incoming),
        None => Ok(Ignored(Reason::VoteChanged)),
    }
}

fn update_actor(inbound: Inbound<'_>, item: &Item) -> Result<Outcome> {
    let complete = match item {
        Item::Embedded(value) => value.actor().ok(),
        Item::Id(_) => None,
    };
    let signer = inbound.signer;
    match complete {
        Some(document) => {
            remote_actor::store(inbound.conn, inbound.domain, document, &signer.username, &signer.domain)?;
        }
        // A stub must not clear fields, so the document is fetched.
        None => inbound.enqueue(&jobs::Task::RefreshActor(signer.uri.clone()))?,
    }
    Ok(Applied)
}
