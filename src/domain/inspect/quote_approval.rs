//! Explains whether a quote may be shown.

use super::reading::{Quote, Xray};
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types;
use crate::store::statuses::{ApprovalState, Quoted};

/// The name of the check whether a quote in a fetched post is approved.
pub const APPROVAL_CHECK: &str = "the quoted author agrees to the quote";

/// Evaluates the quoting post alone.
pub(crate) fn stated(quote: &types::Quote, quoting: &str) -> Quote {
    let (approved, why) = match (&quote.authorization, quote.needs_approval) {
        (_, false) => (true, "this form of quotes has no approvals"),
        (Some(stamp), true) if same_origin(stamp, &quote.uri) => {
            (true, "it names an approval on the server of the quoted post, which is verified there")
        }
        (Some(_), true) => (false, "it names an approval on another server than the quoted post"),
        (None, true) if same_origin(&quote.uri, quoting) => {
            (false, "it names no approval, and needs one unless both posts are by the same author")
        }
        (None, true) => (false, "it names no approval of the quoted author"),
    };
    Quote { uri: quote.uri.clone(), approved, why }
}

/// What is known about a quote besides the post itself.
#[derive(Debug, Default)]
pub(crate) struct QuoteContext {
    /// The stored state.
    pub(crate) stored: Option<Quoted>,
    /// It is in the form that requires an approval.
    pub(crate) needs_approval: bool,
    /// The quoting post is by the owner.
    pub(crate) by_owner: bool,
    /// The quoted post is by the owner.
    pub(crate) of_owner: bool,
}

/// Explains the stored state of the quote and the result of the check with the quoted server.
pub(crate) fn explain(xray: &mut Xray, context: &QuoteContext) {
    let Some(quote) = xray.quote.as_mut().filter(|_| context.needs_approval) else { return };
    let checked = xray.checks.iter().find(|c| c.what == APPROVAL_CHECK).map(|c| c.ok);
    let stored = context.stored.as_ref().map(|q| (q.state, q.approval.is_some()));
    (quote.approved, quote.why) = match (checked, stored) {
        (_, Some((ApprovalState::Rejected | ApprovalState::Revoked, _))) => {
            (false, "the quoted author has rejected or revoked it")
        }
        (_, Some((ApprovalState::Accepted, _))) if context.of_owner => (true, "the owner has approved it"),
        (_, Some((ApprovalState::Pending, _))) if context.of_owner => (false, "the owner has not approved it"),
        (_, Some((ApprovalState::Accepted, false))) if context.by_owner => (true, "no approval is required"),
        (_, Some((ApprovalState::Accepted, false))) => (true, "both posts are by the same author"),
        (_, Some((ApprovalState::Accepted, true))) => (true, "the quoted author has approved it"),
        (_, Some((ApprovalState::Pending, _))) if context.by_owner => {
            (false, "the quoted author has not responded yet")
        }
        (Some(true), _) => (true, "the server of the quoted post confirms the approval"),
        (Some(false), _) => (false, "the server of the quoted post does not confirm an approval"),
        (None, _) => return,
    };
}
