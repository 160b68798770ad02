//! Applies incoming activities, one file for each activity type. Runs in a write transaction, after authentication.

mod announce;
pub mod authorization;
mod community;
mod create;
mod delete;
mod featured;
mod flag;
mod forwarding;
mod inbound;
mod interaction_request;
mod like;
pub mod outcome;
mod post;
mod relationships;
mod undo;
mod update;

use crate::error::Result;
use crate::protocol::activitystreams::types::ActivityKind;
use crate::store::statuses::ApprovalState;

pub use community::add_to_community;
pub use forwarding::{forward, is_to_forward, is_worth_forwarding, may_forward};
pub use inbound::{Inbound, has_own_id};
pub use outcome::{Need, Outcome, Reason};
pub use post::{IncomingPost, Source};

/// Applies an activity. If its actor signed or proved it, it is trusted; if another actor relayed it, it is a hint.
///
/// # Errors
/// The activity is to be applied again later.
pub fn apply(inbound: Inbound<'_>) -> Result<Outcome> {
    if inbound.activity.actor != inbound.signer.uri {
        return forwarding::hint(inbound);
    }
    if !has_own_id(inbound.activity) {
        return Ok(Outcome::Refused(Reason::ForeignId));
    }
    match &inbound.activity.kind {
        ActivityKind::Create => create::create(inbound),
        ActivityKind::Update => update::update(inbound),
        ActivityKind::Delete => delete::delete(inbound),
        ActivityKind::Follow => relationships::follow::follow(inbound),
        ActivityKind::Accept => relationships::accept(inbound),
        ActivityKind::Reject => relationships::reject(inbound),
        ActivityKind::ApproveReply => relationships::set_reply_state(inbound, ApprovalState::Accepted),
        ActivityKind::RejectReply => relationships::set_reply_state(inbound, ApprovalState::Rejected),
        ActivityKind::Request(interaction) => interaction_request::request(inbound, *interaction),
        ActivityKind::Undo => undo::undo(inbound),
        ActivityKind::Like => like::like(inbound),
        ActivityKind::Announce => announce::announce(inbound),
        ActivityKind::Block => relationships::block(inbound),
        ActivityKind::Flag => flag::flag(inbound),
        ActivityKind::Add => featured::add(inbound),
        ActivityKind::Remove => featured::remove(inbound),
        ActivityKind::Move => relationships::account_move(inbound),
        ActivityKind::Other(_) => Ok(Outcome::Ignored(Reason::UnsupportedActivity)),
    }
}
