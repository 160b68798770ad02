//! The owner complains of somebody to their server.

use std::sync::Arc;

use serde_json::json;

use super::Domain;
use super::sending;
use super::site::OwnAction;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::Audience;
use crate::protocol::activitystreams::write::{self, OwnActivity};
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::reports::{self, Report};
use crate::store::visible::Viewer;
use crate::store::{actors, statuses};

/// Keeps a complaint, and sends it to the server of its target if `forward` is wished. It goes in the name of this
/// server, as Mastodon does, so that nobody there need know who complains.
///
/// # Errors
/// [`Error::NotFound`] when there is no such actor or post, [`Error::Invalid`] when a rule is broken.
pub fn report(
    domain: &Arc<Domain>,
    target: ActorId,
    posts: Vec<StatusId>,
    comment: String,
    forward: bool,
) -> Result<Report> {
    if comment.chars().count() > limits::REPORT_COMMENT_CHARS {
        let most = limits::REPORT_COMMENT_CHARS;
        return Err(Error::invalid(format!("Comment is too long (maximum is {most} characters)")));
    }
    let (owner, instance) = (domain.owner()?, domain.instance()?);
    let ctx = domain.clone();
    let report = domain.store.write(move |conn| {
        let actor = actors::get(conn, target)?.filter(|a| !a.local).ok_or(Error::NotFound)?;
        let mut objects = Vec::new();
        for id in posts.into_iter().take(limits::REPORT_OBJECTS) {
            let status = statuses::visible(conn, Viewer::Owner(owner.id), id)?.ok_or(Error::NotFound)?;
            if status.actor_id == target {
                objects.push(status.uri);
            }
        }
        let number = ctx.next_id();
        let uri = OwnAction::Flag.of(&instance.uri, number);
        let about: Vec<&str> = std::iter::once(actor.uri.as_str()).chain(objects.iter().map(String::as_str)).collect();
        let mut document = write::activity(&OwnActivity {
            id: &uri,
            kind: "Flag",
            actor: &instance.uri,
            object: json!(about),
            audience: Audience { to: vec![actor.uri.clone()], cc: vec![] },
            published: None,
        });
        document["content"] = json!(comment);
        if forward {
            sending::send_to(conn, &ctx, instance.id, &actor, document)?;
        }
        let report = Report {
            id: number,
            uri: Some(uri),
            actor: owner.id,
            target: Some(target),
            objects,
            comment,
            created_at: ctx.now(),
            closed_at: None,
        };
        reports::insert(conn, &report)?;
        Ok(report)
    })?;
    domain.wake.delivery.ring();
    Ok(report)
}
