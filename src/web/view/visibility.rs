//! The visibility of a post and who may quote it, in words.

use serde::Serialize;

use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::protocol::visibility::Visibility;
use crate::web::locale::Message;

/// The visibility of a post.
#[derive(Debug, Clone, Serialize)]
pub struct VisibilityView {
    /// The API's name.
    pub value: &'static str,
    /// The label for people.
    pub label: Message,
    /// The icon that marks it in timelines; public posts have none.
    pub icon: Option<&'static str>,
}

/// A visibility as pages show it.
pub fn visibility(v: Visibility) -> VisibilityView {
    let (label, icon) = match v {
        Visibility::Public => (Message::new("visibility-public"), None),
        Visibility::Unlisted => (Message::new("visibility-unlisted"), Some("unlisted")),
        Visibility::Private => (Message::new("visibility-private"), Some("lock")),
        Visibility::Direct => (Message::new("visibility-direct"), Some("mail")),
    };
    VisibilityView { value: v.as_str(), label, icon }
}

/// All visibilities, as forms offer them.
pub fn visibilities() -> Vec<VisibilityView> {
    Visibility::ALL.into_iter().map(visibility).collect()
}

/// Who may quote a post, as forms offer it.
#[derive(Debug, Clone, Serialize)]
pub struct QuotePolicyView {
    /// The API's name.
    pub value: &'static str,
    /// The label for people.
    pub label: Message,
}

/// All quote policies, as forms offer them.
pub fn quote_policies() -> Vec<QuotePolicyView> {
    let label = |policy: QuotePolicy| match policy {
        QuotePolicy::Public => Message::new("quote-policy-everyone"),
        QuotePolicy::Followers => Message::new("quote-policy-followers"),
        QuotePolicy::Nobody => Message::new("quote-policy-nobody"),
    };
    let policies = [QuotePolicy::Public, QuotePolicy::Followers, QuotePolicy::Nobody];
    policies.into_iter().map(|policy| QuotePolicyView { value: policy.as_str(), label: label(policy) }).collect()
}
