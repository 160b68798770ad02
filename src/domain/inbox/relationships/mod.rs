//! Follows, responses to the owner's follows and requests, blocks and moves.

mod accept_reject;
mod account_move;
mod block;
pub(super) mod follow;

pub(super) use accept_reject::{accept, reject, set_reply_state};
pub(super) use account_move::account_move;
pub(super) use block::block;
