//! The owner's emoji reactions. They are sent as a Like with content, which servers without emoji reactions read as a
//! favourite (FEP-c0e0); a thumbs down to a server with ratings (PeerTube, Lemmy) is sent as a Dislike.

use std::sync::Arc;

use serde_json::{Value, json};

use super::target;
use crate::domain::custom_emoji::usage;
use crate::domain::outbox::builders;
use crate::domain::outbox::queue;
use crate::domain::signal::Worker;
use crate::domain::urls::{OwnAction, Site};
use crate::domain::{Domain, Owner, Tx};
use crate::error::refusal::InteractionRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::activitystreams::types::{Audience, Reaction, THUMB_DOWN};
use crate::protocol::activitystreams::write::{self, EmojiTag};
use crate::protocol::ids::StatusId;
use crate::protocol::text::is_one_emoji;
use crate::store::custom_emoji;
use crate::store::interactions::{favourites, reactions};
use crate::store::statuses::Status;
use crate::store::visibility::Viewer;
use crate::store::{Conn, search, statuses};

/// Reacts to a post with one emoji, with a custom emoji that the post already has a reaction with, or with one of the
/// owner's. Returns the id of the post, or of the post that it boosts.
///
/// # Errors
/// [`Error::NotFound`] if the owner may not see the post, [`Error::Invalid`] if the text is not an emoji or the owner has
/// too many reactions to the post.
pub fn add(domain: &Arc<Domain>, id: StatusId, text: String) -> Result<StatusId> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let status = target::find(tx, &owner, id)?;
        let reaction = parse(tx, status.id, &text)?;
        search::refresh(tx, status.id)?;
        let number = tx.next_id();
        let is_dislike = reaction.text == THUMB_DOWN && statuses::is_rated(tx, &status)?;
        let action = if is_dislike { OwnAction::Dislike } else { OwnAction::Reaction };
        let uri = action.of(&owner.uri, number);
        let of = (owner.id, status.id);
        let most = limits::REACTIONS_PER_ACTOR;
        if !reactions::insert(tx, number, of, &reaction, Some(&uri), most, tx.now())? {
            let tally = reactions::tally(tx, Viewer::Owner(owner.id), status.id)?;
            return match tally.iter().any(|t| t.own && t.emoji == reaction.text) {
                true => Ok(status.id),
                false => Err(Error::invalid(InteractionRefusal::TooManyReactions(most))),
            };
        }
        let reaction = TaggedReaction::new(tx, tx.site(), &reaction)?;
        queue::send_to_author(tx, &owner, &status, |author| document(&owner, &uri, &reaction, &status.uri, author))?;
        tx.wake(Worker::Delivery);
        Ok(status.id)
    })
}

/// Removes a reaction and sends its Undo.
///
/// # Errors
/// [`Error::NotFound`] if the owner may not see the post.
pub fn remove(domain: &Arc<Domain>, id: StatusId, text: String) -> Result<StatusId> {
    domain.transact(move |tx| {
        let owner = tx.owner()?;
        let status = target::find(tx, &owner, id)?;
        search::refresh(tx, status.id)?;
        if let Some(Some(uri)) = reactions::remove(tx, owner.id, status.id, &text)? {
            queue::send_to_author(tx, &owner, &status, |author| {
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
            resend_remaining(tx, &owner, &status)?;
            tx.wake(Worker::Delivery);
        }
        Ok(status.id)
    })
}

/// A reaction of the owner with the tag of its custom emoji.
#[derive(Debug)]
pub struct TaggedReaction {
    text: String,
    tag: Option<EmojiTag>,
}

impl TaggedReaction {
    /// Looks up the tag of a reaction.
    pub fn new(conn: &Conn, site: &Site, reaction: &Reaction) -> Result<Self> {
        Ok(Self { text: reaction.text.clone(), tag: usage::tag_of_reaction(conn, site, reaction)? })
    }
}

/// The activity of a reaction of the owner.
pub fn document(owner: &Owner, uri: &str, reaction: &TaggedReaction, status: &str, author: &str) -> Value {
    if OwnAction::Dislike.made(uri) {
        return builders::personal(&owner.uri, uri, "Dislike", json!(status), author);
    }
    write::reaction(uri, &owner.uri, status, author, (&reaction.text, reaction.tag.as_ref()))
}

/// Sends one of the owner's remaining reactions, or the favourite, again after the Undo of another. Misskey keeps one
/// reaction per actor and Mastodon merges all into one favourite, so either drops it at any Undo. Other servers ignore
/// the repetition.
pub(super) fn resend_remaining(tx: &Tx<'_>, owner: &Owner, status: &Status) -> Result<()> {
    let remaining = reactions::of_actor(tx, owner.id, status.id)?.into_iter().find_map(|(r, uri)| Some((r, uri?)));
    if let Some((reaction, uri)) = remaining {
        let reaction = TaggedReaction::new(tx, tx.site(), &reaction)?;
        return queue::send_to_author(tx, owner, status, |author| {
            document(owner, &uri, &reaction, &status.uri, author)
        });
    }
    let Some(uri) = favourites::uri(tx, owner.id, status.id)? else { return Ok(()) };
    queue::send_to_author(tx, owner, status, |author| {
        builders::personal(&owner.uri, &uri, "Like", json!(status.uri), author)
    })
}

/// The reaction that a text names: an emoji, a custom emoji from the reactions to the post, or one of the owner's.
fn parse(conn: &Conn, status: StatusId, text: &str) -> Result<Reaction> {
    if is_one_emoji(text) {
        return Ok(Reaction { text: text.to_owned(), url: None });
    }
    let name = text.trim_matches(':');
    let code = format!(":{name}:");
    let found = reactions::tally(conn, Viewer::Anonymous, status)?.into_iter().find(|t| t.emoji == code);
    if let Some(found) = found {
        return Ok(Reaction { text: found.emoji, url: found.url });
    }
    match custom_emoji::by_name(conn, name)? {
        Some(own) => Ok(Reaction { text: code, url: Some(own.url) }),
        None => Err(Error::invalid(InteractionRefusal::NotAReaction)),
    }
}
