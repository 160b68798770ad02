//! Object positions of activities and collections: ids, or embedded documents.

use serde_json::Value;

use super::values::{is_kind, list, reference};
use crate::protocol::activitystreams::origin::is_id;
use crate::protocol::activitystreams::types::Item;

/// Reads an object position: an id or a document. A Link counts as the id of its target.
pub(crate) fn item(value: &Value) -> Option<Item> {
    match value {
        Value::String(id) => is_id(id).then(|| Item::Id(id.clone())),
        Value::Object(_) if is_kind(value, "Link") => reference(value).map(|id| Item::Id(id.to_owned())),
        Value::Object(_) => Some(Item::Embedded(value.clone().into())),
        _ => None,
    }
}

/// Reads the items of a member, at most `max`.
pub(crate) fn items(value: Option<&Value>, max: usize) -> Vec<Item> {
    list(value).iter().filter_map(item).take(max).collect()
}
