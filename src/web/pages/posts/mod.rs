//! A post: its thread, composing, editing and its actions.

pub(crate) mod completion;
pub(crate) mod compose;
pub(crate) mod compose_form;
mod compose_view;
pub(crate) mod edit_history;
pub(crate) mod embed;
pub(crate) mod event;
pub(crate) mod post_actions;
pub(crate) mod share;
pub(crate) mod shared_text;
pub(crate) mod status;
pub(crate) mod waiting;
