//! The state of a request to interact with a post.

use crate::store::database::column_types::{by_index, integer_columns};

/// Whether the author of a quoted post consents to the quote, or that of an answered one to the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalState {
    /// Not decided yet, or not proven.
    Pending = 1,
    /// Approved, or no approval is needed.
    Accepted = 2,
    /// No.
    Rejected = 3,
    /// No longer.
    Revoked = 4,
}

impl ApprovalState {
    /// All of them, in the order of their numbers.
    const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Rejected, Self::Revoked];

    /// The name in the client API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Revoked => "revoked",
        }
    }
}

integer_columns! {
    ApprovalState: |s| *s as i64, |n| by_index(&ApprovalState::ALL, n - 1);
}
