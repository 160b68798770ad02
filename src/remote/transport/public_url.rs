//! URLs of other servers, checked against the connection rules.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::error::RemoteError;
use crate::limits;
use crate::protocol::address::{Cidr, is_public, unwrapped};

/// Last labels of names that never resolve to a public server (RFC 6761, 6762, 7686, 8375, 9476 and home routers).
const LOCAL_NAMES: [&str; 14] = [
    "local",
    "internal",
    "localhost",
    "localdomain",
    "onion",
    "i2p",
    "invalid",
    "alt",
    "arpa",
    "lan",
    "home",
    "corp",
    "intranet",
    "private",
];

/// The origin of this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// `https`, or `http` on a loopback name.
    pub scheme: String,
    /// The name or address; IPv6 with or without brackets.
    pub host: String,
    /// The port, also if it is the default of the scheme.
    pub port: u16,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

/// The connection rules, fixed at start.
#[derive(Debug)]
pub(crate) struct Rules {
    own: Origin,
    own_is_loopback: bool,
    allowed: Vec<Cidr>,
    reach: Reach,
}

/// Which servers may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All that the rules permit.
    Internet,
    /// None: this is a demo.
    Nothing,
}

impl Rules {
    pub(crate) fn new(own: Origin, allowed: Vec<Cidr>) -> Self {
        let own_is_loopback = is_loopback_name(&own.host);
        Self { own, own_is_loopback, allowed, reach: Reach::Internet }
    }

    pub(crate) fn with_reach(self, reach: Reach) -> Self {
        Self { reach, ..self }
    }

    /// Returns `true` if this address of `host` may be connected to.
    ///
    /// Loopback is permitted only if this server is on loopback and the host is a loopback name: a public name that
    /// resolves to 127.0.0.1 is refused.
    pub(crate) fn permits(&self, host: &str, ip: IpAddr) -> bool {
        self.reach == Reach::Internet
            && (is_public(ip)
                || self.allowed.iter().any(|block| block.contains(ip))
                || (self.own_is_loopback && is_loopback_name(host) && unwrapped(ip).is_loopback()))
    }

    fn check(&self, url: &Url) -> Result<(), String> {
        if self.reach == Reach::Nothing {
            return Err("this is a demo, which connects to no other server".into());
        }
        let host = url.host_str().unwrap_or_default();
        let on_loopback = self.own_is_loopback && is_loopback_name(host);
        match url.scheme() {
            "https" => {}
            "http" if on_loopback => {}
            "http" => return Err("http is not encrypted; only https is used".into()),
            other => return Err(format!("`{other}` is not https")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it contains a user name or password".into());
        }
        let port = url.port_or_known_default().unwrap_or(0);
        if port != 443 && port < 1024 {
            return Err(format!("port {port} is not allowed (443, or 1024 and above)"));
        }
        self.check_own(host, port)?;
        match url.host() {
            None => Err("it names no host".into()),
            Some(Host::Ipv4(ip)) => self.check_address(host, ip.into()),
            Some(Host::Ipv6(ip)) => self.check_address(host, ip.into()),
            Some(Host::Domain(_)) if on_loopback => Ok(()),
            Some(Host::Domain(name)) => check_name(name),
        }
    }

    fn check_address(&self, host: &str, ip: IpAddr) -> Result<(), String> {
        if self.permits(host, ip) { Ok(()) } else { Err(format!("{ip} is not a public address")) }
    }

    /// This server never sends requests to itself. On loopback, where several servers share an address, they differ by
    /// port; elsewhere all ports of our own host are refused.
    fn check_own(&self, host: &str, port: u16) -> Result<(), String> {
        let same = if self.own_is_loopback {
            is_loopback_name(host) && port == self.own.port
        } else {
            bare(host).eq_ignore_ascii_case(bare(&self.own.host))
        };
        if same { Err(format!("it is on this server ({})", self.own)) } else { Ok(()) }
    }
}

fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host)
}

/// `localhost`, or an address of the loopback interface.
fn is_loopback_name(host: &str) -> bool {
    let host = bare(host);
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| unwrapped(ip).is_loopback())
}

fn check_name(name: &str) -> Result<(), String> {
    let last = match name.rsplit_once('.') {
        Some((before, last)) if !before.is_empty() && !last.is_empty() => last,
        _ => return Err(format!("`{name}` is not the full name of a public server")),
    };
    if name.len() > 253 || name.split('.').any(|label| label.is_empty() || label.len() > 63) {
        return Err("the host name is invalid".into());
    }
    if LOCAL_NAMES.contains(&last) { Err(format!("`.{last}` names are local")) } else { Ok(()) }
}

/// A URL of another server that the rules allow. Its host name is looked up, and the addresses checked, when a connection
/// is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    pub(crate) fn parse(text: &str, rules: &Rules) -> Result<Self, RemoteError> {
        if text.len() > limits::URL {
            return Err(RemoteError::Refused(format!("the URL is longer than {} bytes", limits::URL)));
        }
        let url = Url::parse(text).map_err(|e| RemoteError::Refused(format!("not a URL: {e}")))?;
        Self::from_url(url, rules)
    }

    /// The target of a redirect, which may be relative to this URL.
    pub(crate) fn redirected(&self, location: &str, rules: &Rules) -> Result<Self, RemoteError> {
        if location.len() > limits::URL {
            return Err(RemoteError::Malformed("it redirects to a URL that is too long".into()));
        }
        let url = self.0.join(location).map_err(|_| RemoteError::Malformed("it redirects to an invalid URL".into()))?;
        Self::from_url(url, rules)
    }

    fn from_url(mut url: Url, rules: &Rules) -> Result<Self, RemoteError> {
        rules.check(&url).map_err(RemoteError::Refused)?;
        // A fragment is never sent; with it, the redirect loop would not recognise a URL.
        url.set_fragment(None);
        if url.as_str().len() > limits::URL {
            return Err(RemoteError::Refused(format!("the URL is longer than {} bytes", limits::URL)));
        }
        Ok(Self(url))
    }

    /// The whole URL without a fragment, as it is requested.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The parsed URL.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// The host as in the `Host` header and in signatures: with the port if it is not the default of the scheme.
    pub fn authority(&self) -> &str {
        self.0.authority()
    }

    /// Returns `true` if scheme, host and port are equal.
    pub fn is_same_origin(&self, other: &Self) -> bool {
        self.0.origin() == other.0.origin()
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(own: &str, allowed: &[&str]) -> Rules {
        let url = Url::parse(own).unwrap();
        let own = Origin {
            scheme: url.scheme().into(),
            host: url.host_str().unwrap().into(),
            port: url.port_or_known_default().unwrap(),
        };
        Rules::new(own, allowed.iter().map(|c| c.parse().unwrap()).collect())
    }

    #[test]
    fn a_public_server_talks_only_to_public_https() {
        let rules = rules("https://own.example", &[]);
        for text in [
            "https://peer.example/users/a",
            "https://peer.example:8443/inbox?x=y",
            "https://93.184.216.34/",
            "https://[2606:4700::1111]/",
            "https://bücher.example/",
            "https://under_score.peer.example/",
        ] {
            assert!(PublicUrl::parse(text, &rules).is_ok(), "{text}");
        }
        let long = format!("https://peer.example/{}", "a".repeat(limits::URL));
        let grows = format!("https://peer.example/{}", "ä".repeat(limits::URL / 3));
        for text in [
            "",
            "peer.example",
            "//peer.example/",
            "http://peer.example/",
            "ftp://peer.example/",
            "file:///etc/passwd",
            "data:text/plain,x",
            "gopher://peer.example/",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://a:b@peer.example/",
            "https://a@peer.example/",
            "https://:b@peer.example/",
            "https://peer.example:22/",
            "https://peer.example:80/",
            "https://peer.example:0/",
            "https://peer.example:1023/",
            "https://peer/",
            "https://localhost/",
            "https://localhost./",
            "https://localhost.localdomain/",
            "https://a.localhost/",
            "https://a.local/",
            "https://a.internal/",
            "https://a.onion/",
            "https://router.lan/",
            "https://x.home.arpa/",
            "https://A.LOCAL/",
            "https://peer.example./",
            "https://.example/",
            "https://a..example/",
            "https://own.example/inbox",
            "https://OWN.example/",
            "https://own.example:8443/",
            "https://%6fwn.example/",
            &long,
            &grows,
        ] {
            assert!(PublicUrl::parse(text, &rules).is_err(), "{text}");
        }
    }

    #[test]
    fn obscure_spellings_of_private_addresses_are_refused() {
        let rules = rules("https://own.example", &[]);
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "017700000001",
            "127.1",
            "127.0.1",
            "0",
            "0x0",
            "00000000177.0.0.01",
            "127.0.0.1.",
            "１２７.0.0.1",
            "127。0。0。1",
            "%31%32%37.0.0.1",
            "10.1",
            "0xa9fea9fe",
            "2852039166",
            "0251.0376.0251.0376",
            "192.168.257",
            "[::]",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::ffff:a9fe:a9fe]",
            "[64:ff9b::7f00:1]",
            "[fe80::1]",
            "[fe80::1%25eth0]",
            "[fe80::1%eth0]",
            "[fd00::1]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::]",
            "[ff02::1]",
            "256.256.256.256",
            "1.2.3.4.5",
            "4294967296",
            "[::1",
            "::1",
        ] {
            let text = format!("https://{host}/");
            assert!(PublicUrl::parse(&text, &rules).is_err(), "{text}");
        }
    }

    #[test]
    fn a_loopback_server_talks_http_to_loopback_and_nothing_else_changes() {
        let rules = rules("http://127.0.0.1:4000", &[]);
        for text in
            ["http://127.0.0.1:4001/", "http://localhost:4001/", "http://[::1]:4001/", "https://localhost:4001/"]
        {
            assert!(PublicUrl::parse(text, &rules).is_ok(), "{text}");
        }
        for text in [
            "http://127.0.0.1:4000/",
            "http://localhost:4000/",
            "http://[::1]:4000/",
            "http://127.0.0.1:22/",
            "http://127.0.0.1/",
            "http://10.0.0.1:4001/",
            "https://10.0.0.1:4001/",
            "http://peer.example/",
            "http://a.localhost:4001/",
            "https://router.lan/",
            "http://0.0.0.0:4001/",
        ] {
            assert!(PublicUrl::parse(text, &rules).is_err(), "{text}");
        }
        assert!(rules.permits("localhost", "127.0.0.1".parse().unwrap()));
        assert!(!rules.permits("peer.example", "127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn an_allowed_block_opens_addresses_but_not_http() {
        let rules = rules("https://own.example", &["10.0.0.0/8"]);
        assert!(PublicUrl::parse("https://10.1.2.3/", &rules).is_ok());
        assert!(rules.permits("peer.example", "::ffff:10.1.2.3".parse().unwrap()));
        for text in ["http://10.1.2.3/", "https://192.168.0.1/", "https://10.1.2.3:22/"] {
            assert!(PublicUrl::parse(text, &rules).is_err(), "{text}");
        }
    }

    #[test]
    fn fragments_are_removed_and_authorities_retain_unusual_ports() {
        let rules = rules("https://own.example", &[]);
        let url = PublicUrl::parse("https://Peer.example:8443/users/a#main-key", &rules).unwrap();
        assert_eq!((url.as_str(), url.authority()), ("https://peer.example:8443/users/a", "peer.example:8443"));
        let plain = PublicUrl::parse("https://peer.example:443/", &rules).unwrap();
        assert_eq!(plain.authority(), "peer.example");
        assert!(!plain.is_same_origin(&url));
    }
}
