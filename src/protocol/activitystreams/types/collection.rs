//! Collections.

use super::item::Item;

/// A collection or one page of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// Its id.
    pub id: Option<String>,
    /// `totalItems`.
    pub total: Option<u64>,
    /// Its embedded items.
    pub items: Vec<Item>,
    /// It has a list of items, which may be empty.
    pub lists: bool,
    /// Its first page: an id, or the page itself.
    pub first: Option<Item>,
    /// Its next page.
    pub next: Option<String>,
}
