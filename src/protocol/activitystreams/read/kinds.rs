//! Types of documents.

use serde_json::Value;

use super::values::{id_of, kind_of};
use crate::protocol::activitystreams::types::ActorKind;

/// The activity types of ActivityStreams, and those that fediverse systems add.
const ACTIVITIES: &[&str] = &[
    "Accept",
    "Add",
    "Announce",
    "AnnounceRequest",
    "ApproveReply",
    "Arrive",
    "Bite",
    "Block",
    "Create",
    "Delete",
    "Dislike",
    "EmojiReact",
    "Flag",
    "Follow",
    "Ignore",
    "Invite",
    "Join",
    "Leave",
    "Like",
    "LikeRequest",
    "Listen",
    "Lock",
    "Move",
    "Offer",
    "Ping",
    "Pong",
    "QuoteRequest",
    "Rate",
    "Read",
    "Reject",
    "RejectReply",
    "Remove",
    "ReplyRequest",
    "TentativeAccept",
    "TentativeReject",
    "Travel",
    "Undo",
    "Update",
    "View",
    "Zap",
];

/// Returns `true` for the type of an activity.
pub fn is_activity_type(name: &str) -> bool {
    ACTIVITIES.contains(&name)
}

/// Returns `true` for the type of an actor.
pub fn is_actor_type(name: &str) -> bool {
    ActorKind::parse(name).is_some()
}

/// Returns the owner of a document that is only a public key, or `None` for another document.
pub fn key_owner(document: &Value) -> Option<String> {
    let is_key = document.get("publicKeyPem").is_some()
        || matches!(kind_of(document).as_deref(), Some("Key" | "CryptographicKey" | "Multikey"));
    if !is_key {
        return None;
    }
    let owner = document.get("owner").or_else(|| document.get("controller"))?;
    owner.as_str().or_else(|| id_of(owner)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_key_names_its_owner_and_an_actor_is_not_a_key() {
        let key = json!({"id": "https://a/k", "owner": "https://a/u", "publicKeyPem": "x"});
        assert_eq!(key_owner(&key).as_deref(), Some("https://a/u"));
        let actor = json!({"id": "https://a/u", "type": "Person", "publicKey": {"publicKeyPem": "x"}});
        assert_eq!(key_owner(&actor), None);
        assert!(is_activity_type("Announce") && !is_activity_type("Note"));
    }
}
