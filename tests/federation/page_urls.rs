//! Page URLs where an id is expected: they resolve to the post or actor of the page.

use serde_json::{Value, json};

use super::meeting::{Meeting, words};
use super::world::PUBLIC;
use crate::support::eventually;

/// Every spelling of our post and of the owner that another server may have found.
fn spellings(world: &Meeting, post: &Value) -> Vec<(String, String)> {
    let (page, uri) = (post["url"].as_str().unwrap(), post["uri"].as_str().unwrap());
    let profile = world.alice.url("/@alice");
    vec![
        (page.to_owned(), profile.clone()),
        (format!("{page}/"), format!("{profile}/")),
        (format!("{uri}/"), format!("{}/", world.alice.actor())),
        (format!("{page}?x=1#y"), world.alice.url("/%40Alice")),
    ]
}

#[test]
fn local_page_urls_resolve_to_ids_in_all_incoming_activities() {
    let world = Meeting::new();
    let post = world.alice.posts("answer me", "public");
    let id = post["id"].as_str().unwrap();
    let status = || world.alice.get(&format!("/api/v1/statuses/{id}"));
    for (n, (page, profile)) in spellings(&world, &post).into_iter().enumerate() {
        world.alice.post("/api/v1/notifications/clear", json!({}));
        let mut reply = world.evil.note("mallory", &format!("{n}"), "a reply", &[PUBLIC]);
        reply["object"]["inReplyTo"] = json!(page);
        reply["object"]["cc"] = json!([profile]);
        reply["object"]["tag"] = json!([{"type": "Mention", "href": profile, "name": "@alice"}]);
        world.deliver(&world.evil, "mallory", &reply);
        assert_eq!(status()["replies_count"], n + 1, "{page}");
        for (kind, counter) in [("Like", "favourites_count"), ("Announce", "reblogs_count")] {
            let act = json!({"id": format!("{}/{kind}/{n}", world.evil.base), "type": kind,
                "actor": world.evil.actor("mallory"), "object": page, "to": [PUBLIC]});
            world.deliver(&world.evil, "mallory", &act);
            assert_eq!(status()[counter], 1, "{kind} of {page}");
            let undone = json!({"id": format!("{}/un{kind}/{n}", world.evil.base), "type": "Undo",
                "actor": world.evil.actor("mallory"),
                "object": {"type": kind, "actor": world.evil.actor("mallory"), "object": page}});
            world.deliver(&world.evil, "mallory", &undone);
            assert_eq!(status()[counter], 0, "Undo of {kind} of {page}");
        }
        let mut quote = world.evil.note("mallory", &format!("quote{n}"), "a quote", &[PUBLIC]);
        quote["object"]["quoteUrl"] = json!(page);
        world.deliver(&world.evil, "mallory", &quote);
        assert_eq!(status()["quotes_count"], n + 1, "{page}");
        for text in [&page, &profile] {
            let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let found = world.alice.get(&format!("/api/v2/search?resolve=true&q={query}"));
            let (posts, people) = (found["statuses"].as_array().unwrap(), found["accounts"].as_array().unwrap());
            assert_eq!(posts.len() + people.len(), 1, "{text}: {found}");
        }
        let mut notified = world.alice.notifications();
        notified.sort();
        assert_eq!(notified, ["mention", "quote"], "{page}");
    }
}

#[test]
fn a_follow_block_or_flag_of_the_owners_page_applies_to_the_owner() {
    let world = Meeting::new();
    let profile = world.alice.url("/@alice");
    world.mallory("Follow", json!(profile));
    assert_eq!(world.alice.notifications(), ["follow"]);
    eventually("it is accepted", || world.evil.received().iter().any(|a| a["type"] == "Accept"));
    world.mallory("Flag", json!([profile]));
    let reports = "SELECT count(*) FROM reports";
    let count = |c: &dassie::store::Conn| Ok(c.query_row(reports, [], |r| r.get::<_, i64>(0))?);
    assert_eq!(world.alice.app.domain.store.read(count).unwrap(), 1);
    world.mallory("Block", json!(profile));
    assert_eq!(world.alice.rows()[1], 0, "the follow has ended");
}

/// WordPress: the id is `?p=12`, and links use the permalink.
#[test]
fn a_permalink_resolves_to_the_post_of_its_document() {
    let world = Meeting::new();
    let (g, ana) = (&world.good.base, world.good.actor("ana"));
    let (id, page) = (format!("{g}/p/12"), format!("{g}/2026/11/28/title/"));
    let mut document = words(&id, &ana, "an article");
    document["url"] = json!(page);
    world.good.serve("/p/12", document.clone());
    world.good.serve("/2026/11/28/title/", document);
    let reply = |n: u32, to: &str| {
        let mut reply = world.evil.note("mallory", &format!("{n}"), "a comment", &[PUBLIC, &world.alice.actor()]);
        reply["object"]["inReplyTo"] = json!(to);
        world.deliver(&world.evil, "mallory", &reply);
        format!("{}/notes/{n}", world.evil.base)
    };
    let parent = |uri: &str| {
        let found = world.searches(uri);
        found[0]["in_reply_to_id"].as_str().map(str::to_owned)
    };
    let first = reply(1, &page);
    assert_eq!(parent(&first), None);
    let opened = world.searches(&first)[0]["id"].as_str().unwrap().to_owned();
    world.alice.get(&format!("/api/v1/statuses/{opened}/context"));
    eventually("the thread is fetched", || world.alice.is_settled());
    let article = world.searches(&id)[0]["id"].as_str().map(str::to_owned);
    assert!(article.is_some());
    assert_eq!(parent(&first), article, "joined when its parent was fetched");
    assert_eq!(parent(&reply(2, &page)), article, "joined on arrival");
    world.mallory("Announce", json!(page));
    assert_eq!(world.searches(&id)[0]["reblogs_count"], 1, "boosted by its page");
    assert_eq!(world.searches(&page)[0]["uri"], id.as_str(), "found by its page");
}

/// A document that states no page URL is known by the URL at which it was requested.
#[test]
fn a_url_that_resolves_to_a_document_matches_it_in_deferred_activities() {
    let world = Meeting::new();
    let (g, ana) = (&world.good.base, world.good.actor("ana"));
    let (id, alias) = (format!("{g}/p/1"), format!("{g}/alias"));
    for path in ["/p/1", "/alias"] {
        world.good.serve(path, words(&id, &ana, "an article"));
    }
    world.mallory("Announce", json!(alias));
    assert_eq!(world.searches(&id)[0]["reblogs_count"], 1);
}

/// The page of one server cannot be claimed by a post of another.
#[test]
fn the_page_of_another_server_cannot_be_claimed() {
    let world = Meeting::new();
    let page = format!("{}/title/", world.good.base);
    let mut thief = world.evil.note("mallory", "thief", "evil words", &[PUBLIC]);
    thief["object"]["url"] = json!(page);
    world.deliver(&world.evil, "mallory", &thief);
    let mut reply = world.good.note("ana", "1", "a comment", &[PUBLIC, &world.alice.actor()]);
    reply["object"]["inReplyTo"] = json!(page);
    world.deliver(&world.good, "ana", &reply);
    let found = world.searches(&format!("{}/notes/1", world.good.base));
    assert_eq!(found[0]["in_reply_to_id"], Value::Null);
}
