//! Redirect URIs that an app may register.

use url::{Host, Url};

use crate::error::refusal::{OAuthRefusal, RedirectProblem};
use crate::error::{Error, Result};

/// The redirect URI that shows the code on a page instead (out of band).
pub const OOB: &str = "urn:ietf:wg:oauth:2.0:oob";

/// Refused schemes: they run code, show another document, read files, or are handled by the browser itself. Every other
/// scheme besides http and https is the private scheme of an app.
const REFUSED: [&str; 27] = [
    "about",
    "blob",
    "chrome",
    "content",
    "cid",
    "data",
    "dict",
    "edge",
    "feed",
    "file",
    "filesystem",
    "ftp",
    "ftps",
    "intent",
    "jar",
    "javascript",
    "livescript",
    "mailto",
    "mhtml",
    "mocha",
    "resource",
    "sms",
    "tel",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// Checks a redirect URI: https, http on loopback, the private scheme of an app, or [`OOB`].
///
/// # Errors
/// [`Error::Invalid`] with the reason if it is not allowed.
pub(crate) fn check(uri: &str) -> Result<()> {
    match problem(uri) {
        None => Ok(()),
        Some(problem) => {
            let uri = uri.chars().take(100).collect();
            Err(Error::invalid(OAuthRefusal::RedirectUriRefused { problem, uri }))
        }
    }
}

fn problem(uri: &str) -> Option<RedirectProblem> {
    if uri == OOB {
        return None;
    }
    if uri.is_empty()
        || !uri.bytes().all(|b| b.is_ascii_graphic())
        || uri.contains(['\\', '"', '<', '>', '`', '{', '}'])
    {
        return Some(RedirectProblem::Characters);
    }
    let Ok(url) = Url::parse(uri) else { return Some(RedirectProblem::NotAbsolute) };
    if uri.contains('#') {
        return Some(RedirectProblem::Fragment);
    }
    let (scheme, rest) = uri.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let authority = rest.strip_prefix("//").map(|r| r.split(['/', '?']).next().unwrap_or_default());
    if authority.is_some_and(|a| a.contains('@')) || !url.username().is_empty() || url.password().is_some() {
        return Some(RedirectProblem::Credentials);
    }
    match scheme.as_str() {
        "http" | "https" => match (authority, url.host()) {
            (None | Some(""), _) | (_, None) => Some(RedirectProblem::NoHost),
            (_, Some(host)) if scheme == "http" && !is_loopback(&host) => Some(RedirectProblem::Insecure),
            _ => None,
        },
        "urn" => Some(RedirectProblem::Urn),
        _ if REFUSED.contains(&scheme.as_str()) => Some(RedirectProblem::Scheme),
        _ => None,
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_on_the_web_on_this_machine_and_with_their_own_scheme_are_accepted() {
        for good in [
            OOB,
            "icecubesapp://",
            "tuba://auth_code",
            "com.tapbots.Ivory.10217:/request_token/A",
            "org.joinmastodon.android-auth://callback",
            "x:y",
            "http://localhost:3000/",
            "http://app.localhost:3000/cb",
            "http://127.0.0.1:4711/cb?x=1",
            "http://[::1]:3000/",
            "HTTPS://example.com/cb",
            "https://elk.zone/api/h/oauth/https%3A%2F%2Felk.zone",
            "https://phanpy.social/?a=b@c",
            "https://xn--bcher-kva.example/",
        ] {
            assert_eq!(problem(good), None, "{good}");
        }
    }

    #[test]
    fn unsafe_redirects_are_refused() {
        for bad in [
            "",
            "nothing",
            "/relative",
            "//example.com/",
            "https:evil",
            "https:/evil",
            "https:///evil",
            "https://",
            "https:\\\\evil",
            "https://a@evil.example/",
            "https://@evil.example/",
            "https://user:pass@example.com/",
            "app://user@host/",
            "https://a/#f",
            "https://a/#",
            "https://a/ b",
            "https://a/\u{7f}",
            "https://bücher.example/",
            "https://ex\u{ad}ample.com/",
            "http://example.com/",
            "http:localhost",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "http://0.0.0.0/",
            "javascript:alert(1)",
            "JavaScript://example.com/%0Aalert(1)",
            "DATA:text/html,x",
            "vbscript:x",
            "view-source:https://example.com/",
            "filesystem:https://example.com/x",
            "blob:https://example.com/x",
            "file:///etc/passwd",
            "about:blank",
            "ws://localhost/",
            "wss://example.com/",
            "intent://x#Intent;end",
            "intent:x",
            "ftp://example.com/",
            "mailto:a@example.com",
            "chrome://settings",
            "urn:ietf:wg:oauth:2.0:oob:auto",
            "urn:x:y",
            "https://a/\"onclick=x",
        ] {
            assert!(problem(bad).is_some(), "{bad}");
        }
    }
}
