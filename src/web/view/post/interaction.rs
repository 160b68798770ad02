//! What the author of a post permits the owner, and the state of the owner's reply.

use crate::domain::interactions::interaction_policy::PolicyDecision;
use crate::domain::queries::status_view::StatusView;
use crate::protocol::activitystreams::types::Interaction;
use crate::store::statuses::{ApprovalState, Status};

/// The state of the approval of a reply of the owner, unless it is approved.
pub(super) fn reply_state(status: &Status) -> Option<&'static str> {
    match status.reply_state? {
        ApprovalState::Pending => Some("This reply is waiting for the approval of the post's author."),
        ApprovalState::Accepted => None,
        ApprovalState::Rejected | ApprovalState::Revoked => Some("The author of the post rejected this reply."),
    }
}

/// The interactions with a post that its author forbids or approves one by one, in words.
pub(super) fn restrictions(view: &StatusView) -> Vec<String> {
    let noun = |interaction: Interaction| match interaction {
        Interaction::Like => "favourites",
        Interaction::Reply => "replies",
        Interaction::Announce => "boosts",
        Interaction::Quote => "quotes",
    };
    let sentence = |(interaction, decision): &(Interaction, PolicyDecision)| match decision {
        PolicyDecision::Never => format!("The author does not accept {} from you.", noun(*interaction)),
        _ => format!("The author must approve {} from you.", noun(*interaction)),
    };
    view.restrictions.iter().map(sentence).collect()
}

/// Returns `true` if the author of a post forbids the owner this interaction.
pub(super) fn is_forbidden(view: &StatusView, interaction: Interaction) -> bool {
    view.restrictions.contains(&(interaction, PolicyDecision::Never))
}
