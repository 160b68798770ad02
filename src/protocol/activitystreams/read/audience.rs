//! Addressees of documents.

use std::collections::HashSet;

use serde_json::Value;

use super::values::{id_of, is_public, list, reference};
use crate::limits;
use crate::protocol::activitystreams::types::{Audience, PUBLIC};

/// Reads the addressees of a document. The public collection counts only in `to` and `cc`: in `bto`, `bcc` and `audience` it
/// would publish what its author addressed blindly.
pub(crate) fn audience(doc: &Value) -> Audience {
    let mut seen = HashSet::new();
    let mut read = |member: &str, open: bool, left: usize| -> Vec<String> {
        let full = |value: &Value| -> Option<String> {
            if value.as_str().is_some_and(is_public) || id_of(value).is_some_and(is_public) {
                return open.then(|| PUBLIC.to_owned());
            }
            reference(value).map(str::to_owned)
        };
        list(doc.get(member)).iter().filter_map(full).filter(|id| seen.insert(id.clone())).take(left).collect()
    };
    let to = read("to", true, limits::REMOTE_AUDIENCE);
    let mut cc = Vec::new();
    for (member, open) in [("cc", true), ("audience", false), ("bto", false), ("bcc", false)] {
        let left = limits::REMOTE_AUDIENCE - to.len() - cc.len();
        cc.extend(read(member, open, left));
    }
    Audience { to, cc }
}
