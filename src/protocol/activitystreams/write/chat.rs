//! Direct messages in the form of software that has no other.

use serde_json::{Value, json};

use super::context::with_context;
use crate::protocol::html;

/// A direct message as a `ChatMessage` for one recipient, made from its Note: Lemmy reads one addressee, no warning and no
/// attachments, so these become part of the text. Of a deletion only the id is left.
pub fn chat_message(activity: &Value, recipient: &str) -> Value {
    let note = &activity["object"];
    let object = match note["type"].as_str() {
        Some("Tombstone") => note["id"].clone(),
        _ => message(note, recipient),
    };
    with_context(json!({
        "id": activity["id"],
        "type": activity["type"],
        "actor": activity["actor"],
        "to": [recipient],
        "cc": [],
        "object": object,
    }))
}

fn message(note: &Value, recipient: &str) -> Value {
    let mut content = note["content"].as_str().unwrap_or_default().to_owned();
    if let Some(warning) = note["summary"].as_str() {
        content = format!("<p>{}</p>{content}", html::escape(warning));
    }
    for file in note["attachment"].as_array().into_iter().flatten() {
        let Some(url) = file["url"].as_str() else { continue };
        let name = file["name"].as_str().unwrap_or(url);
        content.push_str(&format!("<p><a href=\"{}\">{}</a></p>", html::escape(url), html::escape(name)));
    }
    let mut message = json!({
        "id": note["id"],
        "type": "ChatMessage",
        "attributedTo": note["attributedTo"],
        "to": [recipient],
        "content": content,
        "mediaType": "text/html",
        "published": note["published"],
    });
    if let Some(updated) = note.get("updated") {
        message["updated"] = updated.clone();
    }
    message
}
