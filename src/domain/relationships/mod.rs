//! Follows, blocks, lists, reports and account moves.

pub mod account_move;
pub mod block;
pub mod follow;
pub mod lists;
pub mod relation;
pub mod report;
