//! Registrable domains. Quotas count by them, because the owner of a domain can create any number of hosts below it.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Returns the registrable domain of a host by the public suffix list, without port. A public IPv6 address gives its /64 prefix, a
/// public IPv4 address itself without port. Names without a registrable domain (`localhost`, a public suffix) and
/// private addresses are returned as they are, with port.
pub fn registrable(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let bare = match host.rsplit_once(':') {
        Some((bare, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) && !bare.ends_with(':') => {
            bare
        }
        _ => host.as_str(),
    };
    if let Some(ip) = bare.strip_prefix('[').and_then(|b| b.strip_suffix(']')).and_then(|b| b.parse::<Ipv6Addr>().ok())
    {
        let s = ip.segments();
        let is_global = s[0] & 0xe000 == 0x2000;
        return if is_global { format!("[{:x}:{:x}:{:x}:{:x}::]", s[0], s[1], s[2], s[3]) } else { host };
    }
    if let Ok(ip) = bare.parse::<Ipv4Addr>() {
        let is_local = ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified();
        return if is_local { host } else { bare.to_owned() };
    }
    let name = bare.trim_end_matches('.');
    match psl::domain_str(name) {
        Some(domain) => domain.to_owned(),
        None if name.contains('.') => name.to_owned(),
        None => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_map_to_their_registrable_domain() {
        for (host, name) in [
            ("example.org", "example.org"),
            ("a.b.example.org", "example.org"),
            ("A.Example.ORG", "example.org"),
            ("a.example.org.", "example.org"),
            ("a.example.org:8443", "example.org"),
            ("a.example.co.uk", "example.co.uk"),
            ("example.co.uk", "example.co.uk"),
            ("a.bob.github.io", "bob.github.io"),
            ("a.city.kawasaki.jp", "city.kawasaki.jp"),
            ("b.a.xn--fiqs8s", "a.xn--fiqs8s"),
            ("a1.evil.example", "evil.example"),
            ("co.uk", "co.uk"),
            ("localhost:80", "localhost:80"),
            ("localhost", "localhost"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("10.0.0.1:8080", "10.0.0.1:8080"),
            ("198.51.100.7:8080", "198.51.100.7"),
            ("[::1]:80", "[::1]:80"),
            ("[2001:db8:1:2:3::4]:80", "[2001:db8:1:2::]"),
            ("[2001:db8:1:2::9]", "[2001:db8:1:2::]"),
            ("", ""),
        ] {
            assert_eq!(registrable(host), name, "{host}");
        }
    }
}
