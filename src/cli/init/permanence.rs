//! Domains that are a bad choice for a permanent name.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::domain::urls::Site;

/// The reason why a domain is a bad choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Concern {
    /// A loopback name or address: good for testing.
    ThisMachine,
    /// An IP address: no certificate, and it may change.
    Address,
    /// A name without a dot.
    SingleLabel,
    /// A top-level domain that does not exist in the public DNS.
    Reserved,
}

/// Top-level domains of RFC 2606, 6761, 6762, 8375 and the one that ICANN reserved for private use.
const RESERVED: [&str; 9] = ["test", "example", "invalid", "local", "internal", "lan", "home", "arpa", "localdomain"];

/// The concern about a site's domain or handle domain, if there is one.
pub(crate) fn of(site: &Site) -> Option<Concern> {
    if site.is_loopback() {
        return Some(Concern::ThisMachine);
    }
    of_host(site.host()).or_else(|| of_host(site.handle_domain()))
}

fn of_host(host: &str) -> Option<Concern> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<Ipv4Addr>().is_ok() || bare.parse::<Ipv6Addr>().is_ok() {
        return Some(Concern::Address);
    }
    match host.rsplit_once('.') {
        None => Some(Concern::SingleLabel),
        Some((_, top)) if RESERVED.contains(&top) => Some(Concern::Reserved),
        Some(_) => None,
    }
}

impl Concern {
    /// The concern in words.
    pub(crate) fn describe(self, domain: &str) -> String {
        match self {
            Self::ThisMachine => {
                format!("{domain} is this machine alone: good for testing, but no other server can reach it")
            }
            Self::Address => {
                format!("{domain} is an IP address: it can change, and other servers accept no certificate for it")
            }
            Self::SingleLabel => format!("{domain} has no dot: it is not a name that other servers can reach"),
            Self::Reserved => {
                format!("{domain} ends in a reserved name: only servers in your own network can reach it")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_choices_are_recognised() {
        for (domain, expected) in [
            ("localhost", Some(Concern::ThisMachine)),
            ("localhost:8080", Some(Concern::ThisMachine)),
            ("127.0.0.1:9", Some(Concern::ThisMachine)),
            ("1.2.3.4", Some(Concern::Address)),
            ("192.168.0.7:8443", Some(Concern::Address)),
            ("example", Some(Concern::SingleLabel)),
            ("example:8443", Some(Concern::SingleLabel)),
            ("nas.local", Some(Concern::Reserved)),
            ("a.test", Some(Concern::Reserved)),
            ("example.org", None),
            ("social.example.co.uk", None),
        ] {
            assert_eq!(of(&Site::new(domain, None).unwrap()), expected, "{domain}");
        }
        let handles = Site::new("social.example.org", Some("example")).unwrap();
        assert_eq!(of(&handles), Some(Concern::SingleLabel));
    }
}
