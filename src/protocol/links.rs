//! Which URLs may become links.

use super::characters::is_hidden;
use crate::limits;

/// `rel` of every link in remote HTML: no search ranking, no access to our window, no referrer.
pub const LINK_REL: &str = "nofollow noopener noreferrer";

/// Link schemes besides http and https that Mastodon accepts. Links with other schemes become text.
pub(super) const OTHER_SCHEMES: [&str; 9] =
    ["dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "xmpp", "magnet", "gemini"];

/// Returns `true` for an absolute http(s) URL of at most [`limits::URL`] bytes that is safe to link to: with a host, without user
/// name (`https://good@evil`), backslash (`https://good\@evil`), white space or hidden characters.
pub fn is_web_link(link: &str) -> bool {
    if link.len() > limits::URL
        || link.chars().any(|c| c.is_whitespace() || is_hidden(c) || matches!(c, '\\' | '<' | '>' | '"'))
    {
        return false;
    }
    let written_out = ["http://", "https://"]
        .iter()
        .any(|scheme| link.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    written_out
        && url::Url::parse(link)
            .is_ok_and(|url| url.has_host() && url.username().is_empty() && url.password().is_none())
}

/// Returns `true` for a URL that a link in a post may have: a web page, or another scheme that Mastodon accepts.
pub(super) fn is_accepted_link(link: &str) -> bool {
    let other = || {
        let (scheme, rest) = link.split_once(':')?;
        let plain = |c: char| !(c.is_whitespace() || is_hidden(c) || matches!(c, '\\' | '<' | '>' | '"'));
        let known = OTHER_SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
        Some(known && !rest.is_empty() && rest.chars().all(plain))
    };
    is_web_link(link) || link.len() <= limits::URL && other().unwrap_or(false)
}
