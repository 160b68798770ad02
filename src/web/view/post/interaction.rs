//! What the author of a post permits the owner, and the state of the owner's reply.

use crate::domain::interactions::interaction_policy::PolicyDecision;
use crate::domain::queries::status_view::StatusView;
use crate::protocol::activitystreams::types::Interaction;
use crate::store::statuses::{ApprovalState, Status};
use crate::web::locale::Message;

/// The state of the approval of a reply of the owner, unless it is approved.
pub(super) fn reply_state(status: &Status) -> Option<Message> {
    match status.reply_state? {
        ApprovalState::Pending => Some(Message::new("reply-pending")),
        ApprovalState::Accepted => None,
        ApprovalState::Rejected | ApprovalState::Revoked => Some(Message::new("reply-rejected")),
    }
}

/// The interactions with a post that its author forbids or approves one by one, in words.
pub(super) fn restrictions(view: &StatusView) -> Vec<Message> {
    let sentence = |(interaction, decision): &(Interaction, PolicyDecision)| match (interaction, decision) {
        (Interaction::Like, PolicyDecision::Never) => Message::new("restricted-favourites"),
        (Interaction::Reply, PolicyDecision::Never) => Message::new("restricted-replies"),
        (Interaction::Announce, PolicyDecision::Never) => Message::new("restricted-boosts"),
        (Interaction::Quote, PolicyDecision::Never) => Message::new("restricted-quotes"),
        (Interaction::Like, _) => Message::new("approved-favourites"),
        (Interaction::Reply, _) => Message::new("approved-replies"),
        (Interaction::Announce, _) => Message::new("approved-boosts"),
        (Interaction::Quote, _) => Message::new("approved-quotes"),
    };
    view.restrictions.iter().map(sentence).collect()
}

/// Returns `true` if the author of a post forbids the owner this interaction.
pub(super) fn is_forbidden(view: &StatusView, interaction: Interaction) -> bool {
    view.restrictions.contains(&(interaction, PolicyDecision::Never))
}
