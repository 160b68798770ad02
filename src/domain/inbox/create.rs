//! Create: new posts and votes.

use super::authorization::Action;
use super::inbound::Inbound;
use super::outcome::Outcome::{Applied, Ignored, Needs, Refused, Stored};
use super::outcome::{Need, Outcome, Reason};
use super::post::{self, IncomingPost};
use crate::error::Result;
use crate::protocol::activitystreams::types::Item;
use crate::store::statuses;

pub(super) fn create(inbound: Inbound<'_>) -> Result<Outcome> {
    let mut outcome = Ignored(Reason::NoObject);
    for item in &inbound.activity.objects {
        let value = match item {
            Item::Embedded(value) => value,
            Item::Id(id) if inbound.domain.site.owns(id) => return Ok(Ignored(Reason::LocalObject)),
            Item::Id(id) => {
                if is_new(inbound, id)? && inbound.may_fetch(id)? {
                    return Ok(Needs(Need::Current(id.clone())));
                }
                continue;
            }
        };
        let Ok(object) = value.object() else {
            outcome = Ignored(Reason::UnsupportedObject);
            continue;
        };
        if inbound.is_group_post(&object.id, &object.attributed_to)? {
            return Ok(Needs(Need::Current(object.id.clone())));
        }
        if let Some(reason) = inbound.refusal(Action::Write(object))? {
            return Ok(Refused(reason));
        }
        let next = post::deliver(IncomingPost::delivered(inbound, object))?;
        if matches!(next, Needs(_)) {
            return Ok(next);
        }
        // GoToSocial sends several votes in one Create. If the last one is one too many, the others still count.
        if !matches!(outcome, Stored | Applied) {
            outcome = next;
        }
    }
    Ok(outcome)
}

/// Returns `true` if the author has not sent this post yet.
fn is_new(inbound: Inbound<'_>, id: &str) -> Result<bool> {
    match statuses::by_uri(inbound.conn, id)? {
        Some(status) => statuses::is_awaited(inbound.conn, status.id),
        None => Ok(true),
    }
}
