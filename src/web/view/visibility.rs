//! The visibility of a post and who may quote it, in words.

use serde::Serialize;

use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::protocol::visibility::Visibility;

/// The visibility of a post.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct VisibilityView {
    /// The API's name.
    pub value: &'static str,
    /// The label for people.
    pub label: &'static str,
    /// The icon that marks it in timelines; public posts have none.
    pub icon: Option<&'static str>,
}

/// A visibility as pages show it.
pub fn visibility(v: Visibility) -> VisibilityView {
    let (label, icon) = match v {
        Visibility::Public => ("Public", None),
        Visibility::Unlisted => ("Unlisted", Some("unlisted")),
        Visibility::Private => ("Followers only", Some("lock")),
        Visibility::Direct => ("Mentioned people only", Some("mail")),
    };
    VisibilityView { value: v.as_str(), label, icon }
}

/// All visibilities, as forms offer them.
pub fn visibilities() -> Vec<VisibilityView> {
    Visibility::ALL.into_iter().map(visibility).collect()
}

/// Who may quote a post, as forms offer it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct QuotePolicyView {
    /// The API's name.
    pub value: &'static str,
    /// The label for people.
    pub label: &'static str,
}

/// All quote policies, as forms offer them.
pub fn quote_policies() -> Vec<QuotePolicyView> {
    let label = |policy: QuotePolicy| match policy {
        QuotePolicy::Public => "Everyone may quote it",
        QuotePolicy::Followers => "Followers may quote it",
        QuotePolicy::Nobody => "Only I may quote it",
    };
    let policies = [QuotePolicy::Public, QuotePolicy::Followers, QuotePolicy::Nobody];
    policies.into_iter().map(|policy| QuotePolicyView { value: policy.as_str(), label: label(policy) }).collect()
}
