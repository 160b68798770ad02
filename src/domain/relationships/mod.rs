//! Follows, blocks, mutes, lists, reports and account moves, and the timelines that follow from them.

pub mod account_move;
pub mod block;
pub mod follow;
pub mod lists;
pub mod mute;
pub mod relation;
pub mod report;
pub mod timelines;
