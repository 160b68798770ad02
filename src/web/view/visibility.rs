//! The visibility of a post, in words.

use serde::Serialize;

use crate::protocol::visibility::Visibility;

/// The visibility of a post.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct VisibilityView {
    /// The API's name.
    pub value: &'static str,
    /// The label for people.
    pub label: &'static str,
    /// It is not public or unlisted.
    pub closed: bool,
}

/// A visibility as pages show it.
pub fn visibility(v: Visibility) -> VisibilityView {
    let label = match v {
        Visibility::Public => "Public",
        Visibility::Unlisted => "Unlisted",
        Visibility::Private => "Followers only",
        Visibility::Direct => "Mentioned people only",
    };
    VisibilityView { value: v.as_str(), label, closed: !v.is_open() }
}

/// All visibilities, as forms offer them.
pub fn visibilities() -> Vec<VisibilityView> {
    Visibility::ALL.into_iter().map(visibility).collect()
}
