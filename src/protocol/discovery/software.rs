//! Differences in what the software of other servers accepts.

use serde_json::Value;

use crate::protocol::activitystreams::types::{ActivityKind, PUBLIC};
use crate::protocol::activitystreams::{is_actor_type, kind_of};

/// The software name of a server from its NodeInfo; empty if unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Software(String);

impl Software {
    /// Creates it from the name in lower case.
    pub fn named(name: Option<String>) -> Self {
        Self(name.unwrap_or_default())
    }

    /// Returns `true` if the name is unknown.
    pub fn is_unknown(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns `true` if its communities accept reports as Lemmy does: about one post, by a person, sent to the community.
    pub fn has_community_reports(&self) -> bool {
        matches!(self.0.as_str(), "lemmy" | "piefed" | "mbin" | "kbin")
    }

    /// Returns `true` if it accepts direct messages only as `ChatMessage`.
    pub fn wants_chat_messages(&self) -> bool {
        self.0 == "lemmy"
    }

    /// Returns `true` if it can parse an activity. Lemmy responds 400 to the types listed here.
    pub fn takes(&self, activity: &Value) -> bool {
        use ActivityKind::{Add, Announce, Block, Move, Remove, Request, Undo, Update};
        if self.0 != "lemmy" {
            return true;
        }
        let object = &activity["object"];
        match kind_of(activity).as_deref().map(ActivityKind::of) {
            Some(Announce | Block | Add | Remove | Move | Request(_)) => false,
            Some(Update) => !kind_of(object).is_some_and(|kind| is_actor_type(&kind)),
            Some(Undo) => self.takes(object),
            _ => true,
        }
    }
}

/// Returns `true` for an activity that is addressed only to actors, not to followers or the public.
pub fn is_direct(activity: &Value) -> bool {
    let addressees = ["to", "cc"].into_iter().filter_map(|member| activity[member].as_array()).flatten();
    let mut ids = addressees.filter_map(Value::as_str).peekable();
    ids.peek().is_some() && ids.all(|id| id != PUBLIC && !id.ends_with("/followers"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn activities_that_lemmy_cannot_parse_are_recognised() {
        let (lemmy, other) = (Software::named(Some("lemmy".into())), Software::default());
        let act = |kind: &str, object: Value| json!({"type": kind, "object": object});
        for unreadable in [
            act("Announce", json!("https://a/1")),
            act("Block", json!("https://a/1")),
            act("Undo", act("Block", json!("https://a/1"))),
            act("Update", json!({"type": "Person"})),
            act("QuoteRequest", json!("https://a/1")),
        ] {
            assert_eq!((lemmy.takes(&unreadable), other.takes(&unreadable)), (false, true), "{unreadable}");
        }
        for readable in [
            act("Create", json!({"type": "Note"})),
            act("Update", json!({"type": "Note"})),
            act("Undo", act("Like", json!("https://a/1"))),
            act("Follow", json!("https://a/1")),
            act("Delete", json!({"type": "Tombstone"})),
        ] {
            assert!(lemmy.takes(&readable), "{readable}");
        }
    }

    #[test]
    fn a_direct_activity_is_addressed_only_to_actors() {
        let to = |to: &[&str], cc: &[&str]| is_direct(&json!({"to": to, "cc": cc}));
        assert!(to(&["https://a/u/ana"], &[]));
        assert!(!to(&["https://a/u/ana"], &[PUBLIC]));
        assert!(!to(&["https://a/u/ana/followers"], &["https://a/u/ana"]));
        assert!(!to(&[], &[]));
    }
}
