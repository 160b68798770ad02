//! Our activities, and what is left of a deleted object.

use serde_json::{Value, json};

use super::context::with_context;
use crate::protocol::activitystreams::types::Audience;
use crate::protocol::time::Timestamp;

/// An activity of ours.
#[derive(Debug, Clone)]
pub struct OwnActivity<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its type, `Create`.
    pub kind: &'a str,
    /// The id of its actor.
    pub actor: &'a str,
    /// What to: an id, or a whole document without context.
    pub object: Value,
    /// Its addressees.
    pub audience: Audience,
    /// Its time; written for Create and Announce.
    pub published: Option<Timestamp>,
}

/// Builds an activity without context, to embed in another one.
pub fn bare_activity(a: &OwnActivity<'_>) -> Value {
    let mut doc = json!({
        "id": a.id,
        "type": a.kind,
        "actor": a.actor,
        "object": a.object,
        "to": a.audience.to,
        "cc": a.audience.cc,
    });
    if let Some(published) = a.published {
        doc["published"] = json!(published.to_activity());
    }
    doc
}

/// An activity.
pub fn activity(a: &OwnActivity<'_>) -> Value {
    with_context(bare_activity(a))
}

/// Builds the document of a deleted object.
pub fn tombstone(id: &str, former: &str, deleted: Timestamp) -> Value {
    with_context(json!({"id": id, "type": "Tombstone", "formerType": former, "deleted": deleted.to_activity()}))
}
