//! The owner's posts: creating, editing and deleting them, with their attachments, polls and edit history.

pub mod attachments;
mod create;
mod delete;
pub mod drafts;
mod edit;
pub mod edit_history;
mod mentions;
mod poll_votes;
pub mod polls;
mod post_text;
mod posting_defaults;
pub mod scheduled;
mod stored_draft;
mod text_format;
mod validation;

pub use create::{Draft, create};
pub use delete::{UploadRetention, delete};
pub use edit::{Revision, edit, own_status};
pub(super) use mentions::{render, resolve_mentions};
pub use poll_votes::{PollEnd, end_poll, send_counts, vote};
pub(crate) use poll_votes::{VoteOutcome, receive_vote};
pub use post_text::preview;
pub use posting_defaults::{
    default_format, default_quote_policy, default_visibility, set_default_format, set_time_zone, time_zone,
};
pub use text_format::TextFormat;
