//! What we do to the posts of others, and allow others to do to ours.

use serde_json::{Value, json};

use super::note::emoji_tag;
use super::with_context;
use crate::protocol::activitystreams::types::{Emoji, Interaction};

/// A vote: a Create of a Note that has nothing but the name of an option. Never public, and in no outbox.
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

/// A wish to do something with the post of somebody who wants to be asked.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// What is asked for.
    pub kind: Interaction,
    /// Its id.
    pub id: &'a str,
    /// Who asks.
    pub actor: &'a str,
    /// The post that it is about.
    pub object: &'a str,
    /// Its author.
    pub author: &'a str,
}

/// A request to be allowed to quote (FEP-044f) or answer (GoToSocial) a post, with the whole quoting or answering post.
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

/// What our consent says.
#[derive(Debug, Clone, Copy)]
pub struct OwnApproval<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it allows.
    pub kind: Interaction,
    /// The owner.
    pub attributed_to: &'a str,
    /// The quoting or answering post, the like or the boost.
    pub interacting: &'a str,
    /// The owner's post.
    pub target: &'a str,
}

/// A consent as a document that anybody may check.
pub fn approval(a: &OwnApproval<'_>) -> Value {
    with_context(json!({
        "id": a.id,
        "type": format!("{}Authorization", a.kind.as_str()),
        "attributedTo": a.attributed_to,
        "interactingObject": a.interacting,
        "interactionTarget": a.target,
    }))
}

/// An emoji reaction: a Like that also says with what. The emoji is one character, or the name of a custom one.
pub fn reaction(id: &str, actor: &str, object: &str, author: &str, (text, custom): (&str, Option<&Emoji>)) -> Value {
    with_context(json!({
        "id": id,
        "type": "Like",
        "actor": actor,
        "object": object,
        "content": text,
        "_misskey_reaction": text,
        "tag": custom.iter().map(|e| emoji_tag(e)).collect::<Vec<_>>(),
        "to": [author],
        "cc": [],
    }))
}
