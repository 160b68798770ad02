//! Our collections.

use serde_json::{Value, json};

use super::context::with_context;

/// A collection that has pages.
pub fn paged_collection(id: &str, total: i64) -> Value {
    with_context(json!({
        "id": id,
        "type": "OrderedCollection",
        "totalItems": total,
        "first": format!("{id}?page=true"),
        "last": format!("{id}?min_id=0&page=true"),
    }))
}

/// A page of a collection.
pub fn collection_page(
    id: &str,
    part_of: &str,
    next: Option<String>,
    prev: Option<String>,
    items: Vec<Value>,
) -> Value {
    let mut doc = json!({"id": id, "type": "OrderedCollectionPage", "partOf": part_of, "orderedItems": items});
    if let Some(next) = next {
        doc["next"] = json!(next);
    }
    if let Some(prev) = prev {
        doc["prev"] = json!(prev);
    }
    with_context(doc)
}

/// Builds a collection with all items, or only its size if `items` is `None`.
pub fn collection(id: &str, total: i64, items: Option<Vec<Value>>) -> Value {
    let mut doc = json!({"id": id, "type": "OrderedCollection", "totalItems": total});
    if let Some(items) = items {
        doc["orderedItems"] = json!(items);
    }
    with_context(doc)
}
