//! Parsing of what people type to refer to an account or a post: handles and URLs in all spellings.

use crate::protocol::discovery::webfinger::Resource;

/// A parsed address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// An http or https URL, as typed except for its scheme.
    Url(String),
    /// A full handle.
    Handle {
        /// The part before the `@`, as typed.
        username: String,
        /// The host in canonical form.
        host: String,
    },
}

/// Schemes that apps and pages use in links for each other, instead of https.
const WEB_SCHEMES: [&str; 4] = ["web+ap://", "web+activitypub://", "ap://", "fediverse://"];

/// Parses an address: a URL, `web+ap://…`, `acct:user@host`, `user@host` or `@user@host`, or the URL of a profile without
/// its scheme (`host/@user`). Returns `None` for other text.
pub fn parse(text: &str) -> Option<Address> {
    let text = text.trim();
    if text.is_empty() || text.contains(char::is_whitespace) {
        return None;
    }
    let starts = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    for (scheme, replacement) in [("https://", "https://"), ("http://", "http://")] {
        if starts(scheme) {
            return Some(Address::Url(format!("{replacement}{}", &text[scheme.len()..])));
        }
    }
    if let Some(scheme) = WEB_SCHEMES.iter().find(|scheme| starts(scheme)) {
        return Some(Address::Url(format!("https://{}", &text[scheme.len()..])));
    }
    if let Some((host, _)) = text.split_once("/@")
        && host.contains('.')
        && !host.contains(['/', '@', ':'])
    {
        return Some(Address::Url(format!("https://{text}")));
    }
    // A handle may be copied with a slash, query or fragment after its host.
    let handle = text.trim_start_matches('@');
    let end = handle.find('@').and_then(|at| handle[at..].find(['/', '?', '#']).map(|n| at + n));
    match Resource::parse(&handle[..end.unwrap_or(handle.len())]) {
        Ok(Resource::Account { username, host }) => Some(Address::Handle { username, host }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_is_parsed() {
        let handle = || Some(Address::Handle { username: "Ada".into(), host: "a.example".into() });
        for text in [
            "@Ada@a.example",
            "Ada@a.example",
            "acct:Ada@a.example",
            "ACCT:@Ada@A.example",
            " @Ada@a.example ",
            "@Ada@a.example/",
            "@Ada@a.example?x=1#y",
        ] {
            assert_eq!(parse(text), handle(), "{text}");
        }
        for (text, url) in [
            ("https://a.example/@ada", "https://a.example/@ada"),
            ("HTTPS://a.example/@ada?x#y", "https://a.example/@ada?x#y"),
            ("web+ap://a.example/users/ada", "https://a.example/users/ada"),
            ("a.example/@ada", "https://a.example/@ada"),
        ] {
            assert_eq!(parse(text), Some(Address::Url(url.into())), "{text}");
        }
        for words in ["", "ada", "@ada", "ada @a.example", "#tag", "a/b", "@@"] {
            assert_eq!(parse(words), None, "{words}");
        }
    }
}
