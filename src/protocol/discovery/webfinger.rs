//! WebFinger (RFC 7033) as the fediverse uses it.
//!
//! ```
//! use dassie::protocol::discovery::webfinger::{Account, Resource, document, read};
//!
//! let query = Resource::parse("acct:ana@Good.example").unwrap();
//! assert_eq!(query, Resource::Account { username: "ana".into(), host: "good.example".into() });
//!
//! let jrd = document(&Account {
//!     subject: "ana@good.example".into(),
//!     actor: "https://good.example/users/ana".into(),
//!     page: "https://good.example/@ana".into(),
//!     avatar: None,
//!     subscribe: None,
//! });
//! assert_eq!(jrd["subject"], "acct:ana@good.example");
//! assert_eq!(read(&jrd).unwrap().actor, "https://good.example/users/ana");
//! ```

use serde_json::{Value, json};

use crate::limits;
use crate::protocol::characters::without_ignorable;

/// The relation of the page that opens objects of other servers.
const SUBSCRIBE: &str = "http://ostatus.org/schema/1.0/subscribe";
/// The media type of a JRD (RFC 7033 section 10.2).
pub const CONTENT_TYPE: &str = "application/jrd+json; charset=utf-8";

/// The `resource` parameter of a WebFinger query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// `acct:user@host`.
    Account {
        /// The part before the `@`, as written.
        username: String,
        /// The host in canonical ASCII form, with its port if one is named.
        host: String,
    },
    /// An actor id or profile URL.
    Url(String),
    /// A URI of another scheme, which never names an account here.
    Other,
}

/// The resource is neither an account nor a URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The parameter `resource` must be acct:user@host or a URL")]
pub struct NotAResource;

impl Resource {
    /// Parses a resource: `acct:` in any letter case or a bare handle, with or without `@` before the name; or a URI.
    ///
    /// # Errors
    /// [`NotAResource`] if the text is none of these.
    pub fn parse(text: &str) -> Result<Self, NotAResource> {
        if text.len() > limits::URL {
            return Err(NotAResource);
        }
        if text.starts_with("https://") || text.starts_with("http://") {
            let is_url = url::Url::parse(text).is_ok() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
            return if is_url { Ok(Self::Url(text.to_owned())) } else { Err(NotAResource) };
        }
        let text = without_ignorable(text);
        let (account, stated) = match text.split_at_checked(5) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("acct:") => (rest, true),
            _ => (text.as_str(), false),
        };
        if !stated && is_uri(account) {
            return Ok(Self::Other);
        }
        let (username, host) = account.trim_start_matches('@').rsplit_once('@').ok_or(NotAResource)?;
        let bad_name = username.is_empty() || username.contains(not_in_name) || (!stated && username.contains(':'));
        let host = canonical_host(host).filter(|_| !bad_name).ok_or(NotAResource)?;
        Ok(Self::Account { username: username.to_owned(), host })
    }
}

/// Characters that a user name cannot have: URI delimiters, white space and control characters. A colon is accepted after
/// `acct:`, because some peers put a port there.
fn not_in_name(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "@/?#[]<>\"\\^`{|}".contains(c)
}

/// Returns `true` for `scheme:rest` without white space.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let in_scheme = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(in_scheme)
        && !rest.is_empty()
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}".contains(c))
}

/// Returns the canonical form of a host name: lower-case ASCII (IDNA), no final dot, with its port if given. Returns `None` for
/// text that could pass for another host.
pub fn canonical_host(host: &str) -> Option<String> {
    let suspicious = |c: char| c.is_control() || c.is_whitespace() || "@/\\%?#<>\"".contains(c);
    if host.is_empty() || host.len() > 253 || host.chars().any(suspicious) {
        return None;
    }
    let url = url::Url::parse(&format!("http://{host}/")).ok()?;
    if !url.username().is_empty() || url.path() != "/" {
        return None;
    }
    let name = url.host_str()?.trim_end_matches('.');
    if name.is_empty() {
        return None;
    }
    Some(match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    })
}

/// What our JRD states about an account.
#[derive(Debug, Clone)]
pub struct Account {
    /// `user@domain`.
    pub subject: String,
    /// The actor's id.
    pub actor: String,
    /// The profile page.
    pub page: String,
    /// Media type and URL of the avatar.
    pub avatar: Option<(&'static str, String)>,
    /// The URL template of the remote-follow page, with `{uri}`.
    pub subscribe: Option<String>,
}

/// Builds our JRD.
pub fn document(a: &Account) -> Value {
    let mut links = vec![
        json!({"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": a.page}),
        json!({"rel": "self", "type": "application/activity+json", "href": a.actor}),
        json!({
            "rel": "self",
            "type": "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "href": a.actor,
        }),
    ];
    if let Some(template) = &a.subscribe {
        links.push(json!({"rel": SUBSCRIBE, "template": template}));
    }
    if let Some((media_type, href)) = &a.avatar {
        links.push(json!({"rel": "http://webfinger.net/rel/avatar", "type": media_type, "href": href}));
    }
    json!({"subject": format!("acct:{}", a.subject), "aliases": [a.page, a.actor], "links": links})
}

/// The parts of another server's JRD that Dassie uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jrd {
    /// Its subject.
    pub subject: Option<String>,
    /// The actor's id: the `self` link of an ActivityPub type.
    pub actor: String,
}

/// Returns the actors in another server's JRD, communities first: Lemmy lists a person and a community of the same name and
/// states the type of each in `properties`.
pub fn read_group(value: &Value) -> Vec<String> {
    let is_group = |link: &Value| {
        let kind = &link["properties"]["https://www.w3.org/ns/activitystreams#type"];
        kind.as_str().is_some_and(|kind| kind == "Group")
    };
    let links = value["links"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut links: Vec<&Value> = links.iter().take(100).filter(|link| is_self(link)).collect();
    links.sort_by_key(|link| !is_group(link));
    let mut actors: Vec<String> = links.into_iter().filter_map(|link| address(&link["href"])).collect();
    actors.dedup();
    actors
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|t| t.len() <= limits::URL).map(str::to_owned)
}

fn address(href: &Value) -> Option<String> {
    text(href).filter(|h| h.starts_with("https://") || h.starts_with("http://"))
}

/// Returns `true` for a link to an ActivityPub actor.
fn is_self(link: &Value) -> bool {
    let media_type = link["type"].as_str().unwrap_or_default();
    link["rel"].as_str() == Some("self")
        && (media_type.starts_with("application/activity+json") || media_type.starts_with("application/ld+json"))
}

/// Returns the template of the page on which an account's server opens objects of other servers (OStatus 1.0 subscription).
pub fn interaction_template(value: &Value) -> Option<String> {
    let is_subscription = |link: &&Value| link["rel"].as_str() == Some(SUBSCRIBE);
    let link = value["links"].as_array()?.iter().take(100).find(is_subscription)?;
    address(&link["template"]).filter(|template| template.contains("{uri}"))
}

/// Inserts a URI into a template.
pub fn expand(template: &str, uri: &str) -> String {
    let uri: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
    template.replace("{uri}", &uri)
}

/// Reads another server's JRD. Returns `None` if it names no actor.
pub fn read(value: &Value) -> Option<Jrd> {
    let link = value["links"].as_array()?.iter().take(100).find(|link| is_self(link))?;
    let actor = address(&link["href"])?;
    Some(Jrd { subject: text(&value["subject"]), actor })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(text: &str) -> Option<(String, String)> {
        match Resource::parse(text) {
            Ok(Resource::Account { username, host }) => Some((username, host)),
            _ => None,
        }
    }

    #[test]
    fn the_template_of_a_subscription_is_expanded() {
        let links = |template: &str| json!({"links": [{"rel": "self"}, {"rel": SUBSCRIBE, "template": template}]});
        let template = interaction_template(&links("https://good.example/authorize-follow?acct={uri}")).unwrap();
        let expected = "https://good.example/authorize-follow?acct=https%3A%2F%2Fme.example%2Fa%26b";
        assert_eq!(expand(&template, "https://me.example/a&b"), expected);
        for bad in ["https://good.example/", "javascript:alert({uri})", "/relative?{uri}"] {
            assert_eq!(interaction_template(&links(bad)), None, "{bad}");
        }
    }

    #[test]
    fn all_spellings_of_an_account_are_read() {
        for text in [
            "acct:ana@good.example",
            "ACCT:ana@GOOD.example",
            "@ana@good.example",
            "ana@good.example.",
            "acct:@ana@good.example",
        ] {
            assert_eq!(account(text), Some(("ana".into(), "good.example".into())), "{text}");
        }
        assert_eq!(account("ana@127.0.0.1:3000").map(|a| a.1).as_deref(), Some("127.0.0.1:3000"));
        assert_eq!(account("ana@bücher.example").map(|a| a.1).as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(account("acct:a\u{ad}na@good.example"), Some(("ana".into(), "good.example".into())));
        assert!(matches!(Resource::parse("https://good.example/@ana"), Ok(Resource::Url(_))));
        for other in ["foo://host", "urn:x:y", "mailto:ana@good.example", "ftp://good.example"] {
            assert_eq!(Resource::parse(other), Ok(Resource::Other), "{other}");
        }
        for malformed in ["=acct:ana@good.example", "acct:ana", "https://", "http://a b/", "acct:", "foo:", ":x"] {
            assert_eq!(Resource::parse(malformed), Err(NotAResource), "{malformed}");
        }
    }

    #[test]
    fn ambiguous_account_names_are_refused() {
        for text in [
            "",
            "ana",
            "acct:",
            "acct:@good.example",
            "ana@",
            "ana@good.example/evil",
            "ana@good.example%00",
            "ana@g%6Fod",
            "ana@good.example?x",
            "ana@good.example#x",
            "ana@go od",
            "ana@good.example\u{0}",
            "a/b@good.example",
            "a b@good.example",
            "ana@good\\evil",
            "ana@.",
            "ftp://good.example",
            "javascript:alert(1)",
        ] {
            assert!(account(text).is_none(), "{text}");
        }
        assert_eq!(canonical_host("good。example").as_deref(), Some("good.example"));
        assert_eq!(canonical_host("ＧＯＯＤ.example").as_deref(), Some("good.example"));
    }

    #[test]
    fn the_actor_is_found_among_the_links() {
        let jrd = json!({"subject": "acct:a@b", "links": [{"rel": "self", "type": "text/html", "href": "https://b/no"},
            {"rel": "self", "type": "application/activity+json", "href": "https://b/a"}]});
        assert_eq!(read(&jrd), Some(Jrd { subject: Some("acct:a@b".into()), actor: "https://b/a".into() }));
        let link = |href: &str, kind: &str| {
            let properties = json!({"https://www.w3.org/ns/activitystreams#type": kind});
            json!({"rel": "self", "type": "application/activity+json", "href": href, "properties": properties})
        };
        let both = json!({"links": [link("https://b/u/a", "Person"), link("https://b/c/a", "Group")]});
        assert_eq!(read_group(&both), ["https://b/c/a", "https://b/u/a"]);
        assert_eq!(read_group(&jrd), ["https://b/a"]);
        for bad in [
            json!({}),
            json!({"links": {}}),
            json!({"links": [{"rel": "self", "type": "application/activity+json", "href": "javascript:x"}]}),
        ] {
            assert_eq!(read(&bad), None);
        }
    }
}
