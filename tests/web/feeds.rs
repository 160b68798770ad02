use serde_json::json;

use crate::federation::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

fn feed(alice: &TestServer, path: &str) -> String {
    alice.send(&Request::get(path)).expect(200).text()
}

#[test]
fn the_formats_contain_the_same_posts() {
    let alice = TestServer::start("alice");
    alice.posts("first #rocks", "public");
    let warned = json!({"status": "second", "spoiler_text": "A <spider>", "language": "en"});
    alice.post("/api/v1/statuses", warned);
    alice.posts("hidden", "private");
    let atom = feed(&alice, "/@alice/feed.atom");
    let rss = feed(&alice, "/@alice/feed.rss");
    assert_eq!((atom.matches("<entry>").count(), rss.matches("<item>").count()), (2, 2));
    assert!(rss.contains("&lt;details&gt;&lt;summary&gt;A &amp;lt;spider&amp;gt;"), "{rss}");
    assert!(rss.contains("<pubDate>") && rss.contains(" GMT</pubDate>"), "{rss}");
    let feed = alice.send(&Request::get("/@alice/feed.json")).expect(200);
    assert_eq!(feed.header("content-type"), Some("application/feed+json; charset=utf-8"));
    let feed = feed.json();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!((&feed["items"][0]["title"], &feed["items"][0]["language"]), (&json!("A <spider>"), &json!("en")));
    assert_eq!(feed["items"][1]["tags"], json!(["rocks"]));
    assert!(feed["items"][1].get("title").is_none(), "{feed}");
    assert!(!format!("{atom}{rss}{feed}").contains("hidden"));
}

#[test]
fn replies_boosts_and_hashtags_are_variants() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    peer.add_actor("ana");
    alice.follows_actor(&peer, "ana");
    peer.delivers(&alice, "ana", &peer.note("ana", "1", "a question", &[PUBLIC])).expect(202);
    eventually("the question arrives", || alice.sees("a question").is_some());
    let question = alice.sees("a question").unwrap();
    alice.post("/api/v1/statuses", json!({"status": "an answer", "in_reply_to_id": question["id"]}));
    let first = alice.posts("first #rocks", "public");
    let id = first["id"].as_str().unwrap();
    alice.post(&format!("/api/v1/statuses/{id}/reblog"), json!({}));
    let count = |query: &str| feed(&alice, &format!("/@alice/feed.atom{query}")).matches("<entry>").count();
    assert_eq!((count(""), count("?replies=true"), count("?boosts=true")), (1, 2, 2));
    assert_eq!(count("?replies=true&boosts=true"), 3);
    let tagged = alice.send(&Request::get("/@alice/tagged/Rocks/feed.json")).expect(200).json();
    assert_eq!(tagged["items"].as_array().unwrap().len(), 1);
    assert!(tagged["feed_url"].as_str().unwrap().ends_with("/@alice/tagged/Rocks/feed.json"));
    alice.send(&Request::get("/@bob/feed.rss")).expect(404);
}

#[test]
fn an_unchanged_feed_is_not_sent_again() {
    let alice = TestServer::start("alice");
    alice.posts("first", "public");
    for path in ["/@alice/feed.atom", "/@alice/feed.rss", "/@alice/feed.json"] {
        let response = alice.send(&Request::get(path)).expect(200);
        let etag = response.header("etag").unwrap().to_owned();
        alice.send(&Request::get(path).header("if-none-match", &etag)).expect(304);
    }
    let page = feed(&alice, "/@alice");
    for kind in ["atom+xml", "rss+xml", "feed+json"] {
        assert!(page.contains(&format!("rel=\"alternate\" type=\"application/{kind}\"")), "{kind}");
    }
}

#[test]
fn the_feed_of_an_invalid_hashtag_is_a_404() {
    let alice = TestServer::start("alice");
    alice.posts("a stone", "public");
    for tag in ["%20", "%23", "two%20words", "123", &"x".repeat(500)] {
        for page in ["", "/feed.atom", "/feed.rss", "/feed.json"] {
            alice.send(&Request::get(&format!("/@alice/tagged/{tag}{page}"))).expect(404);
        }
    }
    alice.send(&Request::get("/@alice/tagged/stones/feed.json")).expect(200);
}
