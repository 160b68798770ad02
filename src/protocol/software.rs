//! What the software of another server can read, as far as it differs from the rest of the field.

use serde_json::Value;

use super::activitystreams::types::{ActivityKind, PUBLIC};
use super::activitystreams::{is_actor_type, kind_of};

/// The name of a server's software in its NodeInfo; empty if that is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Software(String);

impl Software {
    /// From the name, in lower case.
    pub fn named(name: Option<String>) -> Self {
        Self(name.unwrap_or_default())
    }

    /// True if its server stated no name.
    pub fn is_unknown(&self) -> bool {
        self.0.is_empty()
    }

    /// Its communities take reports in Lemmy's form: of one post, by a person, sent to the community.
    pub fn has_community_reports(&self) -> bool {
        matches!(self.0.as_str(), "lemmy" | "piefed" | "mbin" | "kbin")
    }

    /// It takes a direct message as a `ChatMessage` and in no other form.
    pub fn wants_chat_messages(&self) -> bool {
        self.0 == "lemmy"
    }

    /// True if it can parse an activity. Lemmy answers 400 to each of the types here, and ends nothing by it.
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

/// True of an activity for the actors that it names and for no others.
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
    fn lemmy_gets_no_activity_that_it_cannot_parse() {
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
    fn a_direct_activity_names_its_readers_alone() {
        let to = |to: &[&str], cc: &[&str]| is_direct(&json!({"to": to, "cc": cc}));
        assert!(to(&["https://a/u/ana"], &[]));
        assert!(!to(&["https://a/u/ana"], &[PUBLIC]));
        assert!(!to(&["https://a/u/ana/followers"], &["https://a/u/ana"]));
        assert!(!to(&[], &[]));
    }
}
