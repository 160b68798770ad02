//! One way to page through anything that has an ascending id.

/// Rows per page by default.
pub const DEFAULT: u32 = 20;

/// Which rows of an id-ordered list are wanted, in the API's terms (`max_id`, `since_id`, `min_id`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Only ids smaller than this.
    pub below: i64,
    /// Only ids larger than this.
    pub above: i64,
    /// Take the rows next to `above` instead of the newest ones (`min_id`). The answer is newest first all the same.
    pub from_oldest: bool,
    /// How many.
    pub limit: u32,
}

impl Page {
    /// The newest `limit` rows.
    pub fn newest(limit: u32) -> Self {
        Self { below: i64::MAX, above: -1, from_oldest: false, limit }
    }

    /// The newest `limit` rows below a cursor.
    pub fn before(cursor: Option<i64>, limit: u32) -> Self {
        Self { below: cursor.unwrap_or(i64::MAX), ..Self::newest(limit) }
    }

    /// `ASC` or `DESC`, for the query.
    pub(super) fn order(&self) -> &'static str {
        if self.from_oldest { "ASC" } else { "DESC" }
    }

    /// Puts rows that were read in [`Page::order`] newest first.
    pub(super) fn arrange<T>(&self, mut rows: Vec<T>) -> Vec<T> {
        if self.from_oldest {
            rows.reverse();
        }
        rows
    }
}
