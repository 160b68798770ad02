//! Where this server stands on the web, and every URL that it hands out.

use crate::error::{Error, Result};
pub use crate::protocol::activitystreams::host_of;
use crate::protocol::ids::{ActorId, StatusId};

/// The server's address and the domain of its handles. Both are permanent: every id is built on them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    scheme: &'static str,
    authority: String,
    handle_domain: String,
}

impl Site {
    /// A site at `domain` (a host name, or `host:port`), whose handles end in `handle_domain` or the same.
    ///
    /// A loopback name or address speaks http, because no certificate can exist for it; all others speak https.
    ///
    /// # Errors
    /// When the domain is not a host name: the message says what is wrong with it.
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

    /// The host with its port, if that is not the usual one.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The authority without its port: the name of the server's own actor. GoToSocial takes no name with a colon in it,
    /// and answers 500 to every GET that such an actor signs.
    pub fn host(&self) -> &str {
        match self.authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => &self.authority,
        }
    }

    /// The domain after the `@` of our handle.
    pub fn handle_domain(&self) -> &str {
        &self.handle_domain
    }

    /// True if this server only talks to its own machine.
    pub fn is_loopback(&self) -> bool {
        self.scheme == "http"
    }

    /// `https://host`, without a slash at the end.
    pub fn base(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }

    /// An absolute URL of ours from a path that begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.authority)
    }

    /// The id of the owner's actor.
    pub fn actor(&self, username: &str) -> String {
        self.url(&format!("/users/{username}"))
    }

    /// The owner's page for people.
    pub fn profile(&self, username: &str) -> String {
        self.url(&format!("/@{username}"))
    }

    /// The id of the actor that stands for the server itself.
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

    /// The id of a consent of the owner.
    pub fn approval(&self, username: &str, id: i64) -> String {
        self.url(&format!("/users/{username}/approvals/{id}"))
    }

    /// The page for people of a status of the owner.
    pub fn status_page(&self, username: &str, id: StatusId) -> String {
        self.url(&format!("/@{username}/{id}"))
    }

    /// The page of a hashtag.
    pub fn tag(&self, tag: &str) -> String {
        self.url(&format!("/tags/{}", percent_encoding::utf8_percent_encode(tag, percent_encoding::NON_ALPHANUMERIC)))
    }

    /// A file of the media directory.
    pub fn media(&self, file: &str) -> String {
        self.url(&format!("/media/{file}"))
    }

    /// True if an id or URL lies on this server.
    pub fn owns(&self, url: &str) -> bool {
        url::Url::parse(url).is_ok_and(|u| {
            let port = u.port().map_or(String::new(), |p| format!(":{p}"));
            u.scheme() == self.scheme && format!("{}{port}", u.host_str().unwrap_or_default()) == self.authority
        })
    }

    /// The id that another spelling of it stands for: the page for people of the owner or of a post of the owner, or the
    /// id itself with a slash at the end, with another case of host or name, or with `http` instead of `https`. `None` if
    /// it is no such address, or the id as it is.
    ///
    /// Every address that comes in from outside as an id passes here: WordPress, GNU social and others name what they reply
    /// to and whom they mention by the page that they found.
    pub fn id_of(&self, address: &str, username: &str) -> Option<String> {
        let url = url::Url::parse(address).ok().filter(|u| matches!(u.scheme(), "http" | "https"))?;
        let ours = self.host() == url.host_str()? && self.port() == url.port().filter(|port| *port != 80);
        if !ours || !url.username().is_empty() {
            return None;
        }
        let path = percent_encoding::percent_decode_str(url.path()).decode_utf8().ok()?;
        let mut parts = path.trim_start_matches('/').trim_end_matches('/').split('/');
        let is_page = path.starts_with("/@");
        // What follows an id names something else: the key of an actor, a page of a collection.
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

    /// The port of the address, if it is not the usual one.
    fn port(&self) -> Option<u16> {
        self.authority.strip_prefix(self.host())?.strip_prefix(':')?.parse().ok()
    }

    /// True if a handle's domain is ours.
    pub fn owns_domain(&self, domain: &str) -> bool {
        domain.eq_ignore_ascii_case(&self.handle_domain) || domain.eq_ignore_ascii_case(&self.authority)
    }
}

/// The lists that an actor of ours has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnCollection {
    /// What it said.
    Outbox,
    /// Who follows it.
    Followers,
    /// Whom it follows.
    Following,
    /// What it favourited.
    Liked,
    /// Pinned posts.
    Featured,
    /// Featured hashtags.
    FeaturedTags,
    /// Its followers on the asking server (FEP-8fcf).
    FollowersSynchronization,
}

impl OwnCollection {
    /// Its id.
    pub fn of(self, actor: &str) -> String {
        let path = match self {
            Self::Outbox => "outbox",
            Self::Followers => "followers",
            Self::Following => "following",
            Self::Liked => "liked",
            Self::Featured => "collections/featured",
            Self::FeaturedTags => "collections/tags",
            Self::FollowersSynchronization => "followers_synchronization",
        };
        format!("{actor}/{path}")
    }
}

/// What an actor of ours does, by the path of its id. No id has a fragment: Sharkey refuses such ids, and a server that
/// asks for one would get the actor instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnAction {
    /// Follow of a relay by the server's own actor; that of an actor by the owner.
    Follow,
    /// Like without content.
    Like,
    /// Like with content.
    Reaction,
    /// Dislike.
    Dislike,
    /// A vote in a poll.
    Vote,
    /// Block.
    Block,
    /// Flag.
    Flag,
    /// Move.
    Move,
    /// Add or Remove of a pinned post.
    Pin,
    /// Update of an actor or a post.
    Update,
    /// Accept.
    Accept,
    /// Reject.
    Reject,
}

impl OwnAction {
    const ALL: [(Self, &'static str); 12] = [
        (Self::Follow, "follows"),
        (Self::Like, "likes"),
        (Self::Reaction, "reactions"),
        (Self::Dislike, "dislikes"),
        (Self::Vote, "votes"),
        (Self::Block, "blocks"),
        (Self::Flag, "flags"),
        (Self::Move, "moves"),
        (Self::Pin, "pins"),
        (Self::Update, "updates"),
        (Self::Accept, "accepts"),
        (Self::Reject, "rejects"),
    ];

    /// The path below its actor or post.
    pub fn path(self) -> &'static str {
        Self::ALL.iter().find(|(action, _)| *action == self).map_or("", |(_, path)| path)
    }

    /// Its id: below that of its actor, or of the post that it is about.
    pub fn of(self, subject: &str, number: i64) -> String {
        format!("{subject}/{}/{number}", self.path())
    }

    /// True of an id that [`OwnAction::of`] made for this action.
    pub fn made(self, id: &str) -> bool {
        id.rsplit('/').nth(1) == Some(self.path())
    }

    /// The start of the ids of all answers to the follows of one actor.
    pub fn of_follower(self, owner: &str, follower: ActorId) -> String {
        format!("{owner}/{}/follows/{follower}/", self.path())
    }
}

/// The id of the Undo of an activity of ours. Those that were made before version 0.4 have ids with a fragment, which
/// the Undo must not inherit.
pub fn undo_of(activity: &str) -> String {
    format!("{}/undo", activity.replace('#', "/"))
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
    fn domains_are_taken_as_people_write_them() {
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
    fn a_page_of_ours_stands_for_its_id() {
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
    fn only_the_exact_origin_is_ours() {
        let site = Site::new("example.org", None).unwrap();
        assert!(site.owns("https://example.org/users/a") && site.owns("https://EXAMPLE.org:443/x"));
        for other in ["http://example.org/x", "https://example.org:444/x", "https://example.org.evil/x", "nonsense"] {
            assert!(!site.owns(other), "{other}");
        }
    }
}
