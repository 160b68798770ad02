//! Refusals of filters.

use serde::{Deserialize, Serialize};

/// Why a filter is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum FilterRefusal {
    /// As many filters as are possible.
    #[error("There are {0} filters already, which is the maximum")]
    TooMany(i64),
    /// As many keywords as are possible.
    #[error("There are {0} keywords already, which is the maximum")]
    TooManyKeywords(i64),
    /// More bytes of keywords than this number.
    #[error("The keywords of all filters are too long (maximum is {0} bytes)")]
    KeywordsTooLong(i64),
    /// As many posts as are possible.
    #[error("Filters name {0} posts already, which is the maximum")]
    TooManyPosts(i64),
}
