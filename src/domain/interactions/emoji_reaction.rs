//! The owner reacts with an emoji. It is sent as a Like with content, which servers that know no reactions take for a
//! favourite (FEP-c0e0); a thumb down to a server that rates (PeerTube, Lemmy) as a Dislike.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::outbox::builders;
use crate::domain::outbox::queue;
use crate::domain::urls::OwnAction;
use crate::domain::{Domain, Owner};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Audience, Emoji, Reaction, THUMB_DOWN};
use crate::protocol::activitystreams::write;
use crate::protocol::ids::StatusId;
use crate::protocol::text::is_one_emoji;
use crate::store::interactions::{favourites, reactions};
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;
use crate::store::{Conn, statuses};

/// Reacts to a status: with one emoji, or with a custom one that somebody reacted with already. Answers the id of the
/// status that was meant (not a boost).
///
/// # Errors
/// [`Error::NotFound`] when the owner may not see it, [`Error::Invalid`] when it is no emoji or there are too many.
pub fn react(domain: &Arc<Domain>, id: StatusId, text: String) -> Result<StatusId> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    let id = domain.store.write(move |conn| {
        let status = target(conn, &owner, id)?;
        let reaction = known(conn, status.id, &text)?;
        let number = ctx.next_id();
        let rated = reaction.text == THUMB_DOWN && statuses::is_rated(conn, &status)?;
        let action = if rated { OwnAction::Dislike } else { OwnAction::Reaction };
        let uri = action.of(&owner.uri, number);
        let of = (owner.id, status.id);
        let most = limits::REACTIONS_PER_ACTOR;
        if !reactions::insert(conn, number, of, &reaction, Some(&uri), most, ctx.now())? {
            let tally = reactions::tally(conn, Viewer::Owner(owner.id), status.id)?;
            return match tally.iter().any(|t| t.own && t.emoji == reaction.text) {
                true => Ok(status.id),
                false => Err(Error::invalid(format!("No more than {most} reactions to one post are possible"))),
            };
        }
        queue::send_to_author(conn, &ctx, &owner, &status, |author| {
            document(&owner, &uri, &reaction, &status.uri, author)
        })?;
        Ok(status.id)
    })?;
    domain.signals.delivery.notify();
    Ok(id)
}

/// Takes a reaction back.
///
/// # Errors
/// [`Error::NotFound`] when the owner may not see the status.
pub fn unreact(domain: &Arc<Domain>, id: StatusId, text: String) -> Result<StatusId> {
    let owner = domain.owner()?;
    let ctx = domain.clone();
    let id = domain.store.write(move |conn| {
        let status = target(conn, &owner, id)?;
        if let Some(Some(uri)) = reactions::remove(conn, owner.id, status.id, &text)? {
            queue::send_to_author(conn, &ctx, &owner, &status, |author| {
                let like = if OwnAction::Dislike.made(&uri) {
                    json!({"id": uri, "type": "Dislike", "actor": owner.uri, "object": status.uri})
                } else {
                    json!({
                        "id": uri, "type": "Like", "actor": owner.uri, "object": status.uri, "content": text,
                        "_misskey_reaction": text,
                    })
                };
                builders::undo(&owner.uri, like, Audience { to: vec![author.to_owned()], cc: vec![] })
            })?;
            resend_remaining(conn, &ctx, &owner, &status)?;
        }
        Ok(status.id)
    })?;
    domain.signals.delivery.notify();
    Ok(id)
}

/// The activity of a reaction of the owner.
pub fn document(owner: &Owner, uri: &str, reaction: &Reaction, status: &str, author: &str) -> Value {
    if OwnAction::Dislike.made(uri) {
        return builders::personal(&owner.uri, uri, "Dislike", json!(status), author);
    }
    let emoji = custom(reaction);
    write::reaction(uri, &owner.uri, status, author, (&reaction.text, emoji.as_ref()))
}

/// Sends what is left of the owner's favourite and reactions once more, after the Undo of one. Misskey keeps one of them,
/// Mastodon takes all for one favourite: both have ended it whichever was undone. Others have what is sent already.
pub(crate) fn resend_remaining(conn: &Conn, domain: &Domain, owner: &Owner, status: &Status) -> Result<()> {
    let left = reactions::of_actor(conn, owner.id, status.id)?.into_iter().find_map(|(r, uri)| Some((r, uri?)));
    if let Some((reaction, uri)) = left {
        return queue::send_to_author(conn, domain, owner, status, |author| {
            document(owner, &uri, &reaction, &status.uri, author)
        });
    }
    let Some(uri) = favourites::favourite_uri(conn, owner.id, status.id)? else { return Ok(()) };
    queue::send_to_author(conn, domain, owner, status, |author| {
        builders::personal(&owner.uri, &uri, "Like", json!(status.uri), author)
    })
}

fn target(conn: &Conn, owner: &Owner, id: StatusId) -> Result<Status> {
    let viewer = Viewer::Owner(owner.id);
    let status = statuses::visible(conn, viewer, id)?.ok_or(Error::NotFound)?;
    match status.boost_of {
        Some(of) => statuses::visible(conn, viewer, of)?.ok_or(Error::NotFound),
        None => Ok(status),
    }
}

fn known(conn: &Conn, status: StatusId, text: &str) -> Result<Reaction> {
    if is_one_emoji(text) {
        return Ok(Reaction { text: text.to_owned(), url: None });
    }
    let code = format!(":{}:", text.trim_matches(':'));
    let found = reactions::tally(conn, Viewer::Anonymous, status)?.into_iter().find(|t| t.emoji == code);
    let found =
        found.ok_or_else(|| Error::invalid("A reaction is one emoji, or a custom emoji that is there already"))?;
    Ok(Reaction { text: found.emoji, url: found.url })
}

fn custom(reaction: &Reaction) -> Option<Emoji> {
    let url = reaction.url.clone()?;
    Some(Emoji { shortcode: reaction.text.trim_matches(':').to_owned(), url })
}
