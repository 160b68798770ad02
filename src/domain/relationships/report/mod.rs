//! The owner complains of somebody to their server.

mod forwarding;

use std::sync::Arc;

use crate::domain::Domain;
use crate::domain::urls::OwnAction;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId};
use crate::store::relationships::reports::{self, Report};
use crate::store::visibility::Viewer;
use crate::store::{actors, statuses};

/// A report that was stored.
#[derive(Debug, Clone)]
pub struct Filed {
    /// It.
    pub report: Report,
    /// It was sent to another server.
    pub forwarded: bool,
}

/// Keeps a complaint, and sends it to the server of its target if `forward` is wished. It goes in the name of this
/// server, as Mastodon does, so that nobody there need know who complains; but about a post in a community in the name of
/// the owner, because Lemmy and its like take no other.
///
/// # Errors
/// [`Error::NotFound`] when there is no such actor or post, [`Error::Invalid`] when a rule is broken.
pub fn report(
    domain: &Arc<Domain>,
    target: ActorId,
    posts: Vec<StatusId>,
    comment: String,
    forward: bool,
) -> Result<Filed> {
    if comment.chars().count() > limits::REPORT_COMMENT_CHARS {
        let most = limits::REPORT_COMMENT_CHARS;
        return Err(Error::invalid(format!("Comment is too long (maximum is {most} characters)")));
    }
    let (owner, instance) = (domain.owner()?, domain.instance()?);
    let software = if forward { Some(forwarding::software(domain, target, &posts)?) } else { None };
    let ctx = domain.clone();
    let filed = domain.store.write(move |conn| {
        let actor = actors::get(conn, target)?.filter(|a| !a.local).ok_or(Error::NotFound)?;
        let mut about = Vec::new();
        for id in posts.into_iter().take(limits::REPORT_OBJECTS) {
            let status = statuses::visible(conn, Viewer::Owner(owner.id), id)?.ok_or(Error::NotFound)?;
            if status.actor_id == target {
                about.push(status);
            }
        }
        let number = ctx.next_id();
        let report = Report {
            id: number,
            uri: Some(OwnAction::Flag.of(&instance.uri, number)),
            actor: owner.id,
            target: Some(target),
            objects: about.iter().map(|s| s.uri.clone()).collect(),
            comment,
            created_at: ctx.now(),
            closed_at: None,
        };
        reports::insert(conn, &report)?;
        let forwarded = match &software {
            Some(software) => forwarding::send(conn, &ctx, &report, (&actor, &about), software)?,
            None => false,
        };
        Ok(Filed { report, forwarded })
    })?;
    domain.signals.delivery.notify();
    Ok(filed)
}
