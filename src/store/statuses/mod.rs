//! Statuses: the rows, and how they are written, found and removed.

mod account_statuses;
mod arrivals;
mod counts;
mod delete;
mod edits;
mod find;
pub mod hashtags;
mod insert;
pub mod mentions;
mod participants;
mod pins;
pub mod polls;
pub(in crate::store) mod status;
mod threads;
pub mod tombstones;

pub use super::interactions::approval_state::ApprovalState;
pub use account_statuses::{AccountFilter, AccountSource, of_account};
pub use arrivals::{
    author_sent, await_author, is_awaited, is_known, known_as, set_state_at, set_visibility, state_at, uri_by_page,
};
pub use counts::{add_counts, count_local, count_open_local, count_outbox, set_counts};
pub use delete::delete;
pub(in crate::store) use delete::{record_deletion_by, remove};
pub use edits::{Edit, PartsBefore, PastState, edit, history, parts_before, replace, set_group, set_policy};
pub use find::{
    any_by, boost_by, boosts_after, boosts_of_author, by_uri, by_url, get, has_sent_chat_messages, own_since, visible,
    visible_among,
};
pub use insert::{NewStatus, free_id, insert, is_taken};
pub use participants::interested;
pub use pins::{count_pinned, pinned, set_group_pins, set_pinned, set_pins};
pub use status::{Quoted, Status};
pub use threads::{
    Place, ancestors, answers_by_followed, count_open_replies, descendants, is_rated, note_parent_gone, open_replies,
};
