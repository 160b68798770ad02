//! The address of this server and its URLs.

use crate::error::{Error, Result};
use crate::protocol::ids::StatusId;

/// The address of this server and the domain of its handles. Both are permanent, because all ids contain them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    scheme: &'static str,
    authority: String,
    handle_domain: String,
}

impl Site {
    /// A site at `domain` (a host name, or `host:port`), whose handles end in `handle_domain` or `domain`.
    ///
    /// Loopback names and addresses use http, because no certificate can exist for them; all others use https.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a domain is not a host name.
    pub fn new(domain: &str, handle_domain: Option<&str>) -> Result<Self> {
        let authority = canonical(domain)?;
        let scheme = if is_loopback(&authority) { "http" } else { "https" };
        let handle_domain = match handle_domain {
            Some(d) => canonical(d)?,
            None => authority.clone(),
        };
        Ok(Self { scheme, authority, handle_domain })
    }

    /// `https`, or `http` on loopback.
    pub fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// The host, with its port unless that is the default.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The authority without its port: the user name of the instance actor. GoToSocial accepts no colon in user names, and
    /// responds with 500 to each GET that such an actor signs.
    pub fn host(&self) -> &str {
        match self.authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => &self.authority,
        }
    }

    /// The domain of the owner's handle.
    pub fn handle_domain(&self) -> &str {
        &self.handle_domain
    }

    /// The handle of the account of this server with this name, `user@domain`.
    pub fn handle_of(&self, username: &str) -> String {
        format!("{username}@{}", self.handle_domain())
    }

    /// True if this server is reachable only from its own machine.
    pub fn is_loopback(&self) -> bool {
        self.scheme == "http"
    }

    /// `https://host`, without a trailing slash.
    pub fn base(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }

    /// The absolute URL of a path, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.authority)
    }

    /// The id of the owner's actor.
    pub fn actor(&self, username: &str) -> String {
        self.url(&format!("/users/{username}"))
    }

    /// The URL of the owner's profile page.
    pub fn profile(&self, username: &str) -> String {
        self.url(&format!("/@{username}"))
    }

    /// The id of the instance actor.
    pub fn instance_actor(&self) -> String {
        self.url("/actor")
    }

    /// The shared inbox.
    pub fn shared_inbox(&self) -> String {
        self.url("/inbox")
    }

    /// The id of a status of the owner.
    pub fn status(&self, username: &str, id: StatusId) -> String {
        self.url(&format!("/users/{username}/statuses/{id}"))
    }

    /// The id of an approval by the owner.
    pub fn approval(&self, username: &str, id: i64) -> String {
        self.url(&format!("/users/{username}/approvals/{id}"))
    }

    /// The URL of the page of a status of the owner.
    pub fn status_page(&self, username: &str, id: StatusId) -> String {
        self.url(&format!("/@{username}/{id}"))
    }

    /// The URL of the page of a hashtag.
    pub fn tag(&self, tag: &str) -> String {
        self.url(&format!("/tags/{}", percent_encoding::utf8_percent_encode(tag, percent_encoding::NON_ALPHANUMERIC)))
    }

    /// The id of a custom emoji of the owner.
    pub fn emoji(&self, id: i64) -> String {
        self.url(&format!("/emoji/{id}"))
    }

    /// The URL of a file in the media directory.
    pub fn media(&self, file: &str) -> String {
        self.url(&format!("/media/{file}"))
    }

    /// True if an id or URL is on this server.
    pub fn owns(&self, url: &str) -> bool {
        url::Url::parse(url).is_ok_and(|u| {
            let port = u.port().map_or(String::new(), |p| format!(":{p}"));
            u.scheme() == self.scheme && format!("{}{port}", u.host_str().unwrap_or_default()) == self.authority
        })
    }

    /// The id of the owner or of a post of the owner in canonical form, from the URL of its page, or from the id with a
    /// trailing slash, other letter case in host or name, or `http` instead of `https`. `None` if the URL is none of these,
    /// or is canonical already.
    ///
    /// Every id that another server sends is looked up here, because WordPress, GNU social and others refer to posts and
    /// actors by the URLs of their pages.
    pub fn id_of(&self, address: &str, username: &str) -> Option<String> {
        let url = url::Url::parse(address).ok().filter(|u| matches!(u.scheme(), "http" | "https"))?;
        let ours = self.host() == url.host_str()? && self.port() == url.port().filter(|port| *port != 80);
        if !ours || !url.username().is_empty() {
            return None;
        }
        let path = percent_encoding::percent_decode_str(url.path()).decode_utf8().ok()?;
        let mut parts = path.trim_start_matches('/').trim_end_matches('/').split('/');
        let is_page = path.starts_with("/@");
        // With a query or fragment it is another id: the key of an actor, a page of a collection.
        if !is_page && (url.query().is_some() || url.fragment().is_some()) {
            return None;
        }
        let name = match parts.next()? {
            "users" => parts.next()?,
            page => page.strip_prefix('@')?,
        };
        let name = match name.split_once('@') {
            Some((name, domain)) if is_page && self.owns_domain(domain) => name,
            _ => name,
        };
        if !name.eq_ignore_ascii_case(username) {
            return None;
        }
        let id = match (is_page, parts.next(), parts.next()) {
            (_, None, _) => Some(self.actor(username)),
            (true, Some(post), None) | (false, Some("statuses"), Some(post)) => {
                post.parse().ok().map(|id| self.status(username, StatusId(id)))
            }
            _ => None,
        };
        id.filter(|id| id != address && parts.next().is_none())
    }

    /// The port, unless it is the default.
    fn port(&self) -> Option<u16> {
        self.authority.strip_prefix(self.host())?.strip_prefix(':')?.parse().ok()
    }

    /// True if the domain of a handle is that of this server.
    pub fn owns_domain(&self, domain: &str) -> bool {
        domain.eq_ignore_ascii_case(&self.handle_domain) || domain.eq_ignore_ascii_case(&self.authority)
    }
}

fn canonical(domain: &str) -> Result<String> {
    let wrong = |why: &str| Error::invalid(format!("the domain `{domain}` {why}; write it like example.org"));
    if domain.contains("://") || domain.contains('/') || domain.contains('@') {
        return Err(wrong("must be a bare host name"));
    }
    let url = url::Url::parse(&format!("http://{domain}/")).map_err(|_| wrong("is not a host name"))?;
    let host = url.host_str().ok_or_else(|| wrong("is not a host name"))?.trim_end_matches('.').to_owned();
    if host.is_empty() {
        return Err(wrong("is empty"));
    }
    match url.port() {
        Some(443) | None => Ok(host),
        Some(port) => Ok(format!("{host}:{port}")),
    }
}

/// True for `localhost` and the loopback addresses, with or without a port.
pub fn is_loopback(authority: &str) -> bool {
    match url::Url::parse(&format!("http://{authority}/")).ok().and_then(|u| u.host().map(|h| h.to_owned())) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_canonicalized() {
        let base = |d: &str| Site::new(d, None).map(|s| s.base()).ok();
        assert_eq!(base("Example.ORG").as_deref(), Some("https://example.org"));
        assert_eq!(base("example.org.").as_deref(), Some("https://example.org"));
        assert_eq!(base("example.org:8443").as_deref(), Some("https://example.org:8443"));
        assert_eq!(base("bücher.example").as_deref(), Some("https://xn--bcher-kva.example"));
        assert_eq!(base("localhost:8080").as_deref(), Some("http://localhost:8080"));
        assert_eq!(base("127.0.0.1:3000").as_deref(), Some("http://127.0.0.1:3000"));
        assert_eq!(base("[::1]:3000").as_deref(), Some("http://[::1]:3000"));
        let host = |d: &str| Site::new(d, None).map(|s| s.host().to_owned()).ok();
        for (domain, name) in [
            ("example.org", "example.org"),
            ("example.org:8443", "example.org"),
            ("[::1]", "[::1]"),
            ("[::1]:3000", "[::1]"),
        ] {
            assert_eq!(host(domain).as_deref(), Some(name));
        }
        for bad in ["", "https://example.org", "example.org/x", "me@example.org", "a b"] {
            assert_eq!(base(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_url_of_a_local_page_resolves_to_its_id() {
        let site = Site::new("social.example:8443", Some("example.org")).unwrap();
        let base = "https://social.example:8443";
        let (actor, post) = (format!("{base}/users/robin"), format!("{base}/users/robin/statuses/12"));
        for (address, id) in [
            ("https://social.example:8443/@robin", &actor),
            ("https://social.example:8443/@robin/", &actor),
            ("https://social.example:8443/@Robin", &actor),
            ("https://social.example:8443/%40robin", &actor),
            ("https://social.example:8443/@robin@example.org", &actor),
            ("https://SOCIAL.example:8443/@robin?a=1#b", &actor),
            ("http://social.example:8443/users/robin", &actor),
            ("https://social.example:8443/users/robin/", &actor),
            ("https://social.example:8443/users/Robin", &actor),
            ("https://social.example:8443/@robin/12", &post),
            ("https://social.example:8443/@robin/12/", &post),
            ("https://social.example:8443/@robin/12#top", &post),
            ("https://social.example:8443/users/robin/statuses/12/", &post),
        ] {
            assert_eq!(site.id_of(address, "robin").as_ref(), Some(id), "{address}");
        }
        for other in [
            actor.as_str(),
            post.as_str(),
            "https://social.example:8443/@wren",
            "https://social.example:8443/@robin/x",
            "https://social.example:8443/@robin/12/34",
            "https://social.example:8443/@robin@elsewhere.example",
            "https://social.example:8443/users/robin#main-key",
            "https://social.example:8443/users/robin/statuses/12/activity",
            "https://social.example:8443/users/robin/outbox?page=true",
            "https://social.example:444/@robin",
            "https://social.example.evil/@robin",
            "https://me@social.example:8443/@robin",
            "acct:robin@example.org",
            "",
        ] {
            assert_eq!(site.id_of(other, "robin"), None, "{other}");
        }
        let plain = Site::new("example.org", None).unwrap();
        for address in ["http://example.org/@robin", "https://example.org:443/@robin", "http://example.org:80/@robin"] {
            assert_eq!(plain.id_of(address, "robin").as_deref(), Some("https://example.org/users/robin"), "{address}");
        }
    }

    #[test]
    fn only_the_exact_origin_is_local() {
        let site = Site::new("example.org", None).unwrap();
        assert!(site.owns("https://example.org/users/a") && site.owns("https://EXAMPLE.org:443/x"));
        for other in ["http://example.org/x", "https://example.org:444/x", "https://example.org.evil/x", "nonsense"] {
            assert!(!site.owns(other), "{other}");
        }
    }
}
