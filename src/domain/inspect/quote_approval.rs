//! Whether a quote may be shown, and why.

use super::{Quote, Xray};
use crate::protocol::activitystreams::same_origin;
use crate::protocol::activitystreams::types;
use crate::store::statuses::{ApprovalState, Quoted};

/// What the check of a consent is called, for a quote in a post that was fetched.
pub const CONSENT: &str = "the quoted author agrees to the quote";

/// As far as the quoting post alone tells.
pub(crate) fn stated(quote: &types::Quote, quoting: &str) -> Quote {
    let (approved, why) = match (&quote.authorization, quote.asks_consent) {
        (_, false) => (true, "the dialect that it is written in knows no consent"),
        (Some(stamp), true) if same_origin(stamp, &quote.uri) => {
            (true, "it names a consent on the server of the quoted post, which is asked for it")
        }
        (Some(_), true) => (false, "the consent that it names lies on another server than the quoted post"),
        (None, true) if same_origin(&quote.uri, quoting) => {
            (false, "it names no consent of the quoted author, unless both posts are by one author")
        }
        (None, true) => (false, "it names no consent of the quoted author"),
    };
    Quote { uri: quote.uri.clone(), approved, why }
}

/// What is known of a quote beyond what the post says.
#[derive(Debug, Default)]
pub(crate) struct QuoteContext {
    /// How it stands in what is stored.
    pub(crate) stored: Option<Quoted>,
    /// It is written in the dialect that asks for consent.
    pub(crate) asks: bool,
    /// The owner quotes.
    pub(crate) by_owner: bool,
    /// The owner is quoted.
    pub(crate) of_owner: bool,
}

/// Puts into words how the quote stands here, and what the server of the quoted post says.
pub(crate) fn known(xray: &mut Xray, standing: &QuoteContext) {
    let Some(quote) = xray.quote.as_mut().filter(|_| standing.asks) else { return };
    let checked = xray.checks.iter().find(|c| c.what == CONSENT).map(|c| c.ok);
    let stored = standing.stored.as_ref().map(|q| (q.state, q.approval.is_some()));
    (quote.approved, quote.why) = match (checked, stored) {
        (_, Some((ApprovalState::Rejected | ApprovalState::Revoked, _))) => {
            (false, "the quoted author does not agree to it")
        }
        (_, Some((ApprovalState::Accepted, _))) if standing.of_owner => (true, "the owner agrees to it"),
        (_, Some((ApprovalState::Pending, _))) if standing.of_owner => (false, "the owner does not agree to it"),
        (_, Some((ApprovalState::Accepted, false))) if standing.by_owner => (true, "nobody had to be asked"),
        (_, Some((ApprovalState::Accepted, false))) => (true, "both posts are by one author"),
        (_, Some((ApprovalState::Accepted, true))) => (true, "the quoted author agrees to it"),
        (_, Some((ApprovalState::Pending, _))) if standing.by_owner => {
            (false, "the quoted author has not answered yet")
        }
        (Some(true), _) => (true, "the server of the quoted post confirms it"),
        (Some(false), _) => (false, "the server of the quoted post does not confirm it"),
        (None, _) => return,
    };
}
