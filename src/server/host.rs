//! Checks the host of a request (RFC 9112 section 3.2): a request without a valid `Host` is malformed, and one for another
//! server is misdirected. This prevents DNS rebinding.

use std::net::{IpAddr, Ipv6Addr};

use hyper::{Request, Version};

use crate::domain::urls::Site;
use crate::error::refusal::RequestRefusal;
use crate::error::{Error, Result};

/// The address of this machine that a connection came in on.
#[derive(Debug, Clone, Copy)]
pub(super) struct LocalAddress(pub(super) IpAddr);

/// Health checks may use any host name.
const HEALTH: [&str; 2] = ["/livez", "/readyz"];

/// Checks the host of a request. Loopback names and the local address of the connection are accepted too, for checks on
/// the machine itself; the port does not matter, because proxies change it.
///
/// # Errors
/// [`Error::BadRequest`] for a missing, repeated or malformed host, [`Error::Misdirected`] for another server.
pub(super) fn check<B>(site: &Site, request: &Request<B>) -> Result<()> {
    let malformed = |why: &'static str| Error::bad_request(why);
    let mut headers = request.headers().get_all("host").iter();
    let (first, second) = (headers.next(), headers.next());
    if second.is_some() {
        return Err(malformed("The request has more than one Host header"));
    }
    if first.is_none() && request.version() >= Version::HTTP_11 {
        return Err(malformed("The request has no Host header"));
    }
    let written = match first {
        Some(value) => Some(value.to_str().map_err(|_| malformed("The Host header is malformed"))?),
        None => None,
    };
    let named = match written {
        Some(text) => Some(parse(text.trim()).ok_or_else(|| malformed("The Host header is malformed"))?),
        None => None,
    };
    // An absolute target takes precedence over the header.
    let named = match request.uri().authority() {
        Some(authority) => Some(parse(authority.as_str()).ok_or_else(|| malformed("The request target is malformed"))?),
        None => named,
    };
    let local = request.extensions().get::<LocalAddress>().map(|l| l.0);
    match named {
        Some(host) if !is_ours(site, &host, local) && !HEALTH.contains(&request.uri().path()) => {
            Err(Error::Misdirected(RequestRefusal::OtherServer(site.authority().to_owned()).into()))
        }
        _ => Ok(()),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Host {
    Ip(IpAddr),
    Name(String),
}

/// Reads `host` or `host:port`.
fn parse(text: &str) -> Option<Host> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (ip, port) = rest.split_once(']')?;
            (Host::Ip(IpAddr::V6(ip.parse::<Ipv6Addr>().ok()?).to_canonical()), port)
        }
        None => {
            let end = text.find(':').unwrap_or(text.len());
            let name = &text[..end];
            let in_name = |b: u8| b.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&b);
            if name.is_empty() || !name.bytes().all(in_name) {
                return None;
            }
            match name.parse::<IpAddr>() {
                Ok(ip) => (Host::Ip(ip), &text[end..]),
                Err(_) => (Host::Name(name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()), &text[end..]),
            }
        }
    };
    let number = match port.strip_prefix(':') {
        Some(number) => number,
        None if port.is_empty() => "",
        None => return None,
    };
    let is_port = number.bytes().all(|b| b.is_ascii_digit()) && (number.is_empty() || number.parse::<u16>().is_ok());
    is_port.then_some(host)
}

fn is_ours(site: &Site, host: &Host, local: Option<IpAddr>) -> bool {
    let is_named = |authority: &str| parse(authority).as_ref() == Some(host);
    if is_named(site.authority()) || is_named(site.handle_domain()) {
        return true;
    }
    match host {
        Host::Ip(ip) => ip.is_loopback() || local.is_some_and(|l| l.to_canonical() == *ip),
        Host::Name(name) => name == "localhost",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(version: Version, uri: &str, hosts: &[&str]) -> u16 {
        let site = Site::new("social.example.org", Some("example.org")).unwrap();
        let mut request = Request::builder().version(version).uri(uri);
        for host in hosts {
            request = request.header("host", *host);
        }
        let mut request = request.body(()).unwrap();
        request.extensions_mut().insert(LocalAddress("192.0.2.7".parse().unwrap()));
        match check(&site, &request) {
            Ok(()) => 200,
            Err(e) => crate::http::error_response::status(&e).as_u16(),
        }
    }

    #[test]
    fn names_of_this_server_are_accepted() {
        for ours in [
            "social.example.org",
            "SOCIAL.example.ORG",
            "social.example.org.",
            "social.example.org:443",
            "social.example.org:8080",
            "social.example.org:",
            "example.org",
            "localhost",
            "localhost:3000",
            "127.0.0.1:3000",
            "[::1]",
            "[::1]:3000",
            "192.0.2.7",
            "192.0.2.7:80",
        ] {
            assert_eq!(status(Version::HTTP_11, "/", &[ours]), 200, "{ours}");
        }
        assert_eq!(status(Version::HTTP_10, "/", &[]), 200);
    }

    #[test]
    fn requests_without_a_valid_host_are_malformed() {
        for bad in [
            "",
            " ",
            "a b",
            "a/b",
            "me@social.example.org",
            "social.example.org:http",
            "social.example.org:99999",
            "social.example.org:80:80",
            "[::1",
            "[::1]x",
            "[nonsense]",
            "::1",
            ":80",
            "b\u{fc}cher.example",
        ] {
            assert_eq!(status(Version::HTTP_11, "/", &[bad]), 400, "{bad}");
        }
        let ours = "social.example.org";
        assert_eq!(status(Version::HTTP_11, "/", &[]), 400);
        assert_eq!(status(Version::HTTP_11, "/", &[ours, ours]), 400);
        assert_eq!(status(Version::HTTP_10, "/", &[ours, "x"]), 400);
        assert_eq!(status(Version::HTTP_11, "http://social.example.org/", &[]), 400);
    }

    #[test]
    fn requests_for_other_servers_are_misdirected() {
        for other in ["evil.example", "social.example.org.evil.example", "192.0.2.8", "[2001:db8::1]", "a%20b"] {
            assert_eq!(status(Version::HTTP_11, "/", &[other]), 421, "{other}");
            assert_eq!(status(Version::HTTP_10, "/", &[other]), 421, "{other}");
            assert_eq!(status(Version::HTTP_11, "/livez", &[other]), 200, "{other}");
        }
        let ours = "social.example.org";
        assert_eq!(status(Version::HTTP_11, "http://evil.example/", &[ours]), 421);
        assert_eq!(status(Version::HTTP_11, "http://social.example.org/", &["evil.example"]), 200);
        assert_eq!(status(Version::HTTP_11, "http://me@social.example.org/", &[ours]), 400);
    }
}
