//! Collections and their pages.

use serde_json::Value;

use crate::limits;
use crate::write_guard;

use super::items::items;
use super::values::{count, first_id, id_of, kind_of, list};
use crate::protocol::activitystreams::error::ReadError;
use crate::protocol::activitystreams::origin::is_id;
use crate::protocol::activitystreams::types::Collection;

/// Reads a collection or a page: `orderedItems` or `items` inline, `first` by id or embedded. A bare array counts as
/// the items (PieFed's `replies`). Items beyond [`limits::COLLECTION_ITEMS`] are dropped.
///
/// # Errors
/// [`ReadError`] for anything that is not a collection.
pub fn read_collection(doc: &Value) -> Result<Collection, ReadError> {
    write_guard::assert_outside("a collection is parsed");
    if doc.is_array() {
        let items = items(Some(doc), limits::COLLECTION_ITEMS);
        return Ok(Collection { items, lists: true, ..Collection::default() });
    }
    if !doc.is_object() {
        return Err(ReadError::NotAnObject);
    }
    let kind = kind_of(doc).unwrap_or_default();
    let named =
        matches!(kind.as_str(), "Collection" | "OrderedCollection" | "CollectionPage" | "OrderedCollectionPage");
    let shaped = ["orderedItems", "items", "first"].iter().any(|member| doc.get(*member).is_some());
    if !(named || kind.is_empty() && shaped) {
        return Err(ReadError::WrongType { wanted: "a collection", found: kind });
    }
    let ordered = doc.get("orderedItems").filter(|v| !list(Some(v)).is_empty());
    Ok(Collection {
        id: id_of(doc).filter(|id| is_id(id)).map(str::to_owned),
        total: count(doc.get("totalItems")),
        items: items(ordered.or_else(|| doc.get("items")), limits::COLLECTION_ITEMS),
        lists: ["orderedItems", "items"].iter().any(|member| doc.get(*member).is_some()),
        first: items(doc.get("first"), 1).pop(),
        next: first_id(doc.get("next")),
    })
}
