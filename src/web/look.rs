//! How a page looks by the choice of the owner: the versions of its files, and whether it has the owner's style rules.

use crate::domain::appearance::Appearance;
use crate::http::Request;

/// Changes with every release, so that browsers fetch new files.
pub(super) const ASSETS: &str = env!("CARGO_PKG_VERSION");

/// What a page needs to show the choice of the owner.
#[derive(Debug, serde::Serialize)]
pub(super) struct Look {
    /// The version of the stylesheet.
    style: String,
    /// The version of the icons.
    icon_version: String,
    /// The grounds of the page on light and on dark, for the browser's own bars.
    theme_colours: [String; 2],
}

impl Look {
    pub(super) fn of(appearance: &Appearance) -> Self {
        let version = |part: &str| if part.is_empty() { ASSETS.to_owned() } else { format!("{ASSETS}-{part}") };
        // An accent changes no ground.
        let theme = appearance.theme();
        Self {
            style: version(&appearance.version()),
            icon_version: version(appearance.icon.as_deref().unwrap_or_default()),
            theme_colours: [theme.light.bg.to_string(), theme.dark.bg.to_string()],
        }
    }

    /// The version of the stylesheet.
    pub(super) fn style(&self) -> &str {
        &self.style
    }

    /// The version of the icons.
    pub(super) fn icon_version(&self) -> &str {
        &self.icon_version
    }
}

/// Pages that the owner's style rules cannot make unusable: where they are changed, where the owner signs in or consents, and
/// the page that browsers keep.
const PLAIN: [&str; 4] = ["/settings/appearance", "/login", "/oauth/authorize", "/offline"];

/// Returns `true` if a page has the style rules of the owner. With `?plain=1` no page has them.
pub(super) fn has_own_css(request: &Request) -> bool {
    let is_plain = PLAIN.iter().any(|path| request.path.starts_with(path));
    !is_plain
        && !url::form_urlencoded::parse(request.query().as_bytes()).any(|(key, value)| key == "plain" && value == "1")
}
