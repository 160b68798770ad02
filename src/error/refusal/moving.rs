//! Refusals of moves between accounts.

use serde::{Deserialize, Serialize};

/// Why the account cannot move, or have an alias.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum MoveRefusal {
    /// The alias is the owner.
    #[error("This is the account of this server; name the account that you move from")]
    FromSelf,
    /// The target is the owner.
    #[error("This is the account of this server; name the account that you move to")]
    ToSelf,
    /// As many aliases as are possible.
    #[error("An account can have at most {0} aliases; remove one first")]
    TooManyAliases(usize),
    /// This account is not an alias.
    #[error("{0} is not an alias of this account")]
    NotAnAlias(String),
    /// The account has moved to this handle.
    #[error("This account has already moved to @{0}")]
    MovedAlready(String),
    /// The target has moved.
    #[error("@{handle} has itself moved to {target}; name that account")]
    TargetMoved {
        /// The handle of the target.
        handle: String,
        /// Where it has moved to.
        target: String,
    },
    /// The target lacks the alias.
    #[error("@{handle} does not list @{own} as an alias. Add the alias there first, then try again")]
    AliasMissing {
        /// The handle of the target.
        handle: String,
        /// The owner's handle.
        own: String,
    },
    /// The last move was too recent.
    #[error("This account has moved less than {days} days ago; it may move again on {date}")]
    TooSoon {
        /// The days between two moves.
        days: u64,
        /// The first date of the next one.
        date: String,
    },
    /// There is no move to cancel.
    #[error("This account has not moved")]
    NotMoved,
}
