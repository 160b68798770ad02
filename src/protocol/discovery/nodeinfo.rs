//! NodeInfo 2.0 and 2.1 (nodeinfo.diaspora.software).

use serde_json::{Value, json};

/// The media type of version 2.0.
pub const CONTENT_TYPE_20: &str =
    "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/2.0#\"; charset=utf-8";
/// The media type of version 2.1.
pub const CONTENT_TYPE_21: &str =
    "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/2.1#\"; charset=utf-8";

/// What the NodeInfo document of this server states.
#[derive(Debug, Clone)]
pub struct ServerInfo {
    /// Its title.
    pub title: String,
    /// A sentence about it.
    pub description: String,
    /// Number of users: one, or zero before the server is set up.
    pub users: i64,
    /// Posts written by the owner.
    pub local_posts: i64,
}

/// Builds the discovery document (`/.well-known/nodeinfo`), with the instance actor of FEP-2677. Version 2.0 is last, because
/// GoToSocial chooses the last 2.x link and reads only 2.0.
pub fn links(base: &str, instance_actor: &str) -> Value {
    let schema = |version: &str| {
        json!({
            "rel": format!("http://nodeinfo.diaspora.software/ns/schema/{version}"),
            "href": format!("{base}/nodeinfo/{version}"),
        })
    };
    json!({"links": [
        schema("2.1"),
        schema("2.0"),
        {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": instance_actor},
    ]})
}

/// Builds the document of a schema version, `2.0` or `2.1`. Apps based on megalodon identify a server by `metadata.upstream`.
pub fn document(version: &str, about: &ServerInfo) -> Value {
    let mut software = json!({"name": "dassie", "version": env!("CARGO_PKG_VERSION")});
    if version == "2.1" {
        software["repository"] = json!(env!("CARGO_PKG_REPOSITORY"));
    }
    json!({
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": false,
        "usage": {
            "users": {"total": about.users, "activeMonth": about.users, "activeHalfyear": about.users},
            "localPosts": about.local_posts,
        },
        "metadata": {
            "nodeName": about.title,
            "nodeDescription": about.description,
            "upstream": {"name": "mastodon"},
        },
    })
}

/// Returns the URL of the last schema 2.x document in the discovery document of another server.
pub fn document_link(links: &Value) -> Option<String> {
    let links = links["links"].as_array()?.iter().take(20);
    let is_readable = |link: &&Value| {
        link["rel"].as_str().is_some_and(|rel| rel.starts_with("http://nodeinfo.diaspora.software/ns/schema/2."))
    };
    links.filter(is_readable).filter_map(|link| link["href"].as_str()).next_back().map(str::to_owned)
}

/// Returns the software name in the NodeInfo document of another server, in lower case.
pub fn software_name(document: &Value) -> Option<String> {
    let name = document["software"]["name"].as_str()?.trim().to_ascii_lowercase();
    let is_name = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    ((1..=64).contains(&name.len()) && name.bytes().all(is_name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_2_0_is_the_last_link() {
        let links = links("https://a.example", "https://a.example/actor");
        let of_nodeinfo = |link: &Value| link["href"].as_str().filter(|h| h.contains("nodeinfo")).map(str::to_owned);
        let found: Vec<_> = links["links"].as_array().unwrap().iter().filter_map(of_nodeinfo).collect();
        assert_eq!(found, ["https://a.example/nodeinfo/2.1", "https://a.example/nodeinfo/2.0"]);
    }

    #[test]
    fn software_of_another_server_is_read() {
        let links = links("https://a.example", "https://a.example/actor");
        assert_eq!(document_link(&links).as_deref(), Some("https://a.example/nodeinfo/2.0"));
        assert_eq!(document_link(&json!({"links": [{"rel": "x", "href": "y"}]})), None);
        let name = |name: Value| software_name(&json!({"software": {"name": name}}));
        assert_eq!(name(json!("Lemmy")).as_deref(), Some("lemmy"));
        for bad in [json!(""), json!(7), json!("a b"), json!("x".repeat(65))] {
            assert_eq!(name(bad), None);
        }
    }
}
