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

/// A request to be allowed to quote a post (FEP-044f), with the whole quoting post.
pub fn quote_request(id: &str, actor: &str, quoted: &str, note: Value, author: &str) -> Value {
    with_context(json!({
        "id": id,
        "type": "QuoteRequest",
        "actor": actor,
        "object": quoted,
        "instrument": note,
        "to": [author],
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
