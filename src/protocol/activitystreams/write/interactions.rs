//! Votes, reactions, interaction requests and approvals.

use serde_json::{Value, json};

use super::context::with_context;
use super::emoji::{EmojiTag, emoji};
use crate::protocol::activitystreams::types::Interaction;

/// Builds a vote: a Create of a Note with only the name of an option. It is not public and in no outbox.
pub fn vote(id: &str, actor: &str, option: &str, poll: &str, author: &str) -> Value {
    with_context(json!({
        "id": format!("{id}/activity"),
        "type": "Create",
        "actor": actor,
        "to": [author],
        "cc": [],
        "object": {
            "id": id,
            "type": "Note",
            "attributedTo": actor,
            "name": option,
            "inReplyTo": poll,
            "to": [author],
            "cc": [],
        },
    }))
}

/// A request for approval of an interaction with a post.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The requested interaction.
    pub kind: Interaction,
    /// Its id.
    pub id: &'a str,
    /// The id of the requesting actor.
    pub actor: &'a str,
    /// The post that it is about.
    pub object: &'a str,
    /// Its author.
    pub author: &'a str,
}

/// Builds a request to quote (FEP-044f) or reply to (GoToSocial) a post, with the whole quoting or replying post.
pub fn request(r: &Request<'_>, note: Value) -> Value {
    with_context(json!({
        "id": r.id,
        "type": format!("{}Request", r.kind.as_str()),
        "actor": r.actor,
        "object": r.object,
        "instrument": note,
        "to": [r.author],
        "cc": [],
    }))
}

/// Our approval of an interaction.
#[derive(Debug, Clone, Copy)]
pub struct OwnApproval<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it allows.
    pub kind: Interaction,
    /// The owner.
    pub attributed_to: &'a str,
    /// The quoting or replying post, the like or the boost.
    pub interacting: &'a str,
    /// The owner's post.
    pub target: &'a str,
}

/// Builds an approval, a document that everyone may verify (FEP-044f).
pub fn approval(a: &OwnApproval<'_>) -> Value {
    with_context(json!({
        "id": a.id,
        "type": format!("{}Authorization", a.kind.as_str()),
        "attributedTo": a.attributed_to,
        "interactingObject": a.interacting,
        "interactionTarget": a.target,
    }))
}

/// Builds an emoji reaction: a Like with an emoji, or the shortcode of a custom emoji.
pub fn reaction(id: &str, actor: &str, object: &str, author: &str, (text, custom): (&str, Option<&EmojiTag>)) -> Value {
    with_context(json!({
        "id": id,
        "type": "Like",
        "actor": actor,
        "object": object,
        "content": text,
        "_misskey_reaction": text,
        "tag": custom.into_iter().map(emoji).collect::<Vec<_>>(),
        "to": [author],
        "cc": [],
    }))
}
