//! Decides which delivered objects are stored.

use super::incoming::{IncomingPost, Source};
use super::revision::revise;
use super::vote::receive_vote;
use crate::domain::inbox::outcome::Outcome::{Ignored, Needs, Refused, Stored};
use crate::domain::inbox::outcome::{Need, Outcome, Reason};
use crate::domain::interactions::quotes;
use crate::error::Result;
use crate::protocol::activitystreams::types::Audience;
use crate::store::relationships::follows;
use crate::store::statuses::{self, ApprovalState, tombstones};
use crate::store::visibility::Viewer;

/// Stores a delivered object if it concerns the owner: it is by a followed actor, addressed to the owner, or replies to the
/// owner or quotes the owner.
pub(crate) fn deliver(post: IncomingPost<'_>) -> Result<Outcome> {
    if let Some(option) = &post.object.vote {
        return receive_vote(post, option);
    }
    if post.object.type_name == "Story" {
        return Ok(Ignored(Reason::Story));
    }
    if !concerns_owner(post)? {
        return Ok(Ignored(Reason::NotForOwner));
    }
    Ok(match post.store()? {
        Some(_) => Stored,
        // Either the Delete has overtaken the Create, or the author has restored the post. Its own server knows.
        None => Needs(Need::Current(post.object.id.clone())),
    })
}

impl IncomingPost<'_> {
    /// Applies the current state of a post that was fetched from its own server because of an activity, as if its author had
    /// delivered it. That the server shows the post ends its deletion.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn apply_current(self) -> Result<Outcome> {
        let Self { conn, author, object, .. } = self;
        let no_audience = Audience::default();
        let delivered = IncomingPost { addressed: Some(&no_audience), source: Source::Delivered, ..self };
        if let Some(known) = statuses::by_uri(conn, &object.id)? {
            if known.actor_id != author.id {
                return Ok(Refused(Reason::WrongAuthor));
            }
            revise(IncomingPost { addressed: None, ..delivered }, &known)?;
        } else if concerns_owner(delivered)? {
            tombstones::lift(conn, &object.id)?;
        }
        deliver(delivered)
    }
}

fn concerns_owner(post: IncomingPost<'_>) -> Result<bool> {
    let IncomingPost { conn, domain, author, object, .. } = post;
    let owner = domain.owner()?;
    let mut audiences = [Some(&object.audience), post.addressed].into_iter().flatten();
    let named = object.mentions.iter().any(|m| m.href == owner.uri)
        || audiences.any(|a| a.to.contains(&owner.uri) || a.cc.contains(&owner.uri));
    let replies = object.in_reply_to.as_deref().is_some_and(|uri| domain.site.owns(uri));
    Ok(named
        || replies
        || follows::is_accepted(conn, owner.id, author.id)?
        || joins_followed_thread(post)?
        || quotes_owner(post)?)
}

/// Returns `true` for a public reply to a stored post of a followed actor, or in a thread that a followed actor began. It is
/// stored, as in Mastodon, so that the thread is complete when it is opened.
fn joins_followed_thread(post: IncomingPost<'_>) -> Result<bool> {
    let IncomingPost { conn, domain, object, .. } = post;
    let Some(uri) = &object.in_reply_to else { return Ok(false) };
    if !post.visibility().is_open() {
        return Ok(false);
    }
    let Some(parent) = statuses::by_uri(conn, uri)? else { return Ok(false) };
    let first = if parent.thread == parent.id { None } else { statuses::get(conn, parent.thread)? };
    for status in [Some(parent), first].into_iter().flatten() {
        for actor in [Some(status.actor_id), status.group].into_iter().flatten() {
            if domain.owner_follows(conn, actor)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Returns `true` if the object quotes the owner. Most servers send a quote to the quoted author without addressing it. A quote
/// that lacks its approval does not concern the owner.
fn quotes_owner(post: IncomingPost<'_>) -> Result<bool> {
    let IncomingPost { conn, domain, author, object, .. } = post;
    let Some(quote) = quotes::of_object(conn, domain, author, object)? else { return Ok(false) };
    if quote.state != ApprovalState::Accepted || !domain.site.owns(&quote.uri) {
        return Ok(false);
    }
    let Some(status) = statuses::by_uri(conn, &quote.uri)?.filter(|s| s.local && s.boost_of.is_none()) else {
        return Ok(false);
    };
    Ok(statuses::visible(conn, Viewer::Peer(author.id), status.id)?.is_some())
}
