//! Author attribution: a page names an account, and the account names the domain of the page.

use dassie::config::Config;
use dassie::store::Conn;
use serde_json::{Value, json};

use crate::support::{Peer, Request, TestServer, eventually};

/// Posts a link and returns its card.
fn card(server: &TestServer, link: &str) -> Value {
    let post = server.posts(link, "public");
    let due = |c: &Conn| Ok(c.execute("UPDATE jobs SET due = 0 WHERE kind = 'preview_card'", [])?);
    server.app.domain.store.write(due).unwrap();
    server.app.domain.signals.jobs.notify();
    let id = post["id"].as_str().unwrap();
    eventually("the page is fetched", || server.get(&format!("/api/v1/statuses/{id}"))["card"] != Value::Null);
    server.get(&format!("/api/v1/statuses/{id}"))["card"].clone()
}

fn page(creator: &str) -> String {
    format!(
        "<title>Story</title><meta name=author content=Written><meta name='fediverse:creator' content='@{creator}'>"
    )
}

#[test]
fn an_author_is_linked_only_if_the_account_permits_the_domain() {
    let (alice, site, home) =
        (TestServer::start_with_previews("alice", Config::default()), Peer::start(), Peer::start());
    let host = home.base.trim_start_matches("http://").to_owned();
    for (name, domains) in [("grace", json!(["127.0.0.1"])), ("mallory", json!(["elsewhere.example"]))] {
        let mut person = home.person(name, &home.key());
        person["attributionDomains"] = domains;
        person["name"] = json!("Grace H.");
        home.serve(&format!("/users/{name}"), person);
        site.serve_file(&format!("/by-{name}"), "text/html", page(&format!("{name}@{host}")));
    }
    let link = |name: &str, to: &str| {
        let jrd = json!({"subject": format!("acct:{name}@{host}"), "links": [{"rel": "self", "type": "application/activity+json", "href": to}]});
        home.serve_as("/.well-known/webfinger", "application/jrd+json", jrd);
    };
    link("grace", &home.actor("grace"));
    let permitted = card(&alice, &format!("{}/by-grace", site.base));
    assert_eq!(permitted["authors"][0]["account"]["acct"], format!("grace@{host}"), "{permitted}");
    assert_eq!((&permitted["authors"][0]["name"], &permitted["author_name"]), (&json!("Grace H."), &json!("Written")));
    link("mallory", &home.actor("mallory"));
    let refused = card(&alice, &format!("{}/by-mallory", site.base));
    assert_eq!(refused["authors"], json!([{"name": "Written", "url": "", "account": null}]));
}

#[test]
fn the_owner_names_the_domains_of_their_pages() {
    let (alice, site) = (TestServer::start_with_previews("alice", Config::default()), Peer::start());
    site.serve_file("/mine", "text/html", page(&format!("alice@{}", alice.authority)));
    let set = |domains: Value| alice.api("PATCH", "/api/v1/profile", json!({"attribution_domains": domains}));
    assert_eq!(
        set(json!(["Blog.Example", "127.0.0.1"])).expect(200).json()["attribution_domains"],
        json!(["blog.example", "127.0.0.1"])
    );
    let source = alice.get("/api/v1/accounts/verify_credentials")["source"]["attribution_domains"].clone();
    assert_eq!(source, json!(["blog.example", "127.0.0.1"]));
    let document = alice.send(&Request::get("/users/alice").activity()).expect(200).json();
    assert_eq!(document["attributionDomains"], json!(["blog.example", "127.0.0.1"]));
    assert!(document["@context"].to_string().contains("toot:attributionDomains"), "{document}");
    let card = card(&alice, &format!("{}/mine", site.base));
    assert_eq!(card["authors"][0]["account"]["username"], "alice", "{card}");
    set(json!(["not a domain"])).expect(422);
    set(json!([])).expect(200);
    let id = alice.home()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(alice.get(&format!("/api/v1/statuses/{id}"))["card"]["authors"][0]["account"], Value::Null);
}
