//! Collections.

use super::item::Item;

/// A collection or one page of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// Its id.
    pub id: Option<String>,
    /// How many items its server counts.
    pub total: Option<u64>,
    /// Items that stand in it.
    pub items: Vec<Item>,
    /// It has a place for items, though there may be none in it.
    pub lists: bool,
    /// Its first page: an id, or the page itself.
    pub first: Option<Item>,
    /// Its next page.
    pub next: Option<String>,
}
