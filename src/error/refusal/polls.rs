//! Refusals of polls and votes.

use serde::{Deserialize, Serialize};

/// Why a poll, or a vote in one, is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PollRefusal {
    /// The poll is the owner's.
    #[error("You can't vote in your own polls")]
    OwnPoll,
    /// The poll has ended.
    #[error("The poll has already ended")]
    Ended,
    /// The owner has voted.
    #[error("You have already voted on this poll")]
    VotedAlready,
    /// An option does not exist.
    #[error("The chosen vote option does not exist")]
    NoSuchOption,
    /// Several options of a poll with one choice.
    #[error("Only one option of this poll can be chosen")]
    OnlyOneOption,
    /// No option, or one.
    #[error("A poll must have more than one option")]
    TooFewOptions,
    /// More options than this number.
    #[error("A poll can have no more than {0} options")]
    TooManyOptions(usize),
    /// An option is empty, or longer than this number.
    #[error("Each option of a poll must have 1 to {0} characters")]
    OptionLength(usize),
    /// Two options are equal.
    #[error("The options of a poll must differ")]
    EqualOptions,
    /// It runs too short or too long.
    #[error("A poll must run for {minimum} to {maximum} seconds")]
    Duration {
        /// The fewest seconds.
        minimum: u64,
        /// The most seconds.
        maximum: u64,
    },
}
