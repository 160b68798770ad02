//! The filter that covers a post.

use serde::Serialize;

use crate::domain::queries::status_view::StatusView;
use crate::store::filters::{FilterAction, FilterContext};

/// The filter that covers a post.
#[derive(Debug, Clone, Serialize)]
pub struct Covered {
    /// Its title.
    pub title: String,
    /// The page of the filter.
    pub link: String,
    /// Only the media are covered.
    pub media_only: bool,
}

/// The owner's filter that covers a post in lists of this kind. The owner's own posts are never covered.
pub(super) fn covered(view: &StatusView, context: FilterContext) -> Option<Covered> {
    if view.content().author.local {
        return None;
    }
    let with = |action: FilterAction| {
        let rows = view.filtered.iter().map(|found| &found.filter.row);
        rows.filter(|row| row.contexts.contains(context)).find(|row| row.action == action)
    };
    let (row, media_only) = match with(FilterAction::Warn) {
        Some(row) => (row, false),
        None => (with(FilterAction::Blur)?, true),
    };
    Some(Covered { title: row.title.clone(), link: format!("/filters/{}", row.id), media_only })
}
