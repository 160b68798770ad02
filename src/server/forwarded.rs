//! The address of a client behind trusted proxies, from `X-Forwarded-For`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use hyper::HeaderMap;

use crate::protocol::address::Cidr;

/// All clients whose header cannot be parsed. They are limited together, so that no client escapes its limits by a
/// malformed header.
const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The address of the client: the peer, or behind trusted proxies the nearest hop that can be parsed and is not one of
/// them. Elements further left were written by that hop or its clients, and are not trusted.
pub(super) fn client_address(proxies: &[Cidr], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let is_trusted = |ip: IpAddr| proxies.iter().any(|p| p.contains(ip));
    let peer = peer.to_canonical();
    if !is_trusted(peer) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    let lines: Vec<String> = lines.collect();
    let mut nearest = None;
    let mut has_unknown = false;
    for text in lines.iter().flat_map(|line| line.split(',')).rev().map(str::trim).filter(|t| !t.is_empty()) {
        match parse(text) {
            Some(ip) if is_trusted(ip) => nearest = Some(ip),
            Some(ip) => return ip,
            None => has_unknown = true,
        }
    }
    if has_unknown { UNKNOWN } else { nearest.unwrap_or(peer) }
}

/// An address as proxies write it: bare, with a port, in brackets, in quotes, with a zone.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text).trim();
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    let bare = bare.split('%').next().unwrap_or(bare);
    let parsed = bare.parse::<IpAddr>().ok();
    let parsed = parsed.or_else(|| text.parse::<SocketAddr>().ok().map(|a| a.ip()));
    parsed.map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, lines: &[&str]) -> String {
        let proxies = ["127.0.0.1", "::1", "10.0.0.0/8"].map(|p| p.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        client_address(&proxies, peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn addresses_of_proxies_are_parsed() {
        for (lines, expected) in [
            (&["203.0.113.9"][..], "203.0.113.9"),
            (&["203.0.113.9:1234"], "203.0.113.9"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["[2001:db8::1]:5"], "2001:db8::1"),
            (&["\"[2001:db8::1]:5\""], "2001:db8::1"),
            (&["\"203.0.113.9\""], "203.0.113.9"),
            (&["fe80::1%eth0"], "fe80::1"),
            (&["::ffff:203.0.113.9"], "203.0.113.9"),
            (&["[::ffff:203.0.113.9]:80"], "203.0.113.9"),
            (&["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
            (&["198.51.100.1, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
            (&["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
            (&["203.0.113.9, , "], "203.0.113.9"),
            (&["203.0.113.9, unknown"], "203.0.113.9"),
            (&["203.0.113.9", "_hidden, 10.1.2.3"], "203.0.113.9"),
            (&["unknown"], "0.0.0.0"),
            (&["203.0.113.9:99999"], "0.0.0.0"),
            (&["unknown, 10.1.2.3"], "0.0.0.0"),
            (&["::ffff:127.0.0.1"], "127.0.0.1"),
            (&["10.9.9.9, 10.1.2.3"], "10.9.9.9"),
            (&[""], "127.0.0.1"),
            (&[], "127.0.0.1"),
        ] {
            assert_eq!(client("127.0.0.1", lines), expected, "{lines:?}");
            assert_eq!(client("::ffff:127.0.0.1", lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn other_peers_cannot_state_clients() {
        assert_eq!(client("198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        assert_eq!(client("::ffff:198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
    }
}
