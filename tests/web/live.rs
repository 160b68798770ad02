//! Updates that pages load while they are open.

use serde_json::json;

use super::browser::Browser;
use crate::support::streams::Events;
use crate::support::{Peer, eventually};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

#[test]
fn an_open_thread_is_notified_of_every_reply_including_old_ones_by_unfollowed_actors() {
    let (browser, peer) = (Browser::new(), Peer::start());
    let alice = &browser.alice;
    peer.add_actor("ana");
    let question = alice.posts("Which way is north?", "public");
    let (id, uri) = (question["id"].as_str().unwrap(), question["uri"].clone());
    let other = alice.posts("Something else", "public");
    let page = browser.page(&format!("/@alice/{id}"));
    assert!(page.contains(&format!("data-live=\"thread={id}\"")), "{page}");

    let mut thread = Events::of_browser(alice, &format!("/live?thread={id}"), &browser.cookie);
    assert_eq!(thread.block().as_deref(), Some(":)"));
    let new = |shown: usize| browser.page(&format!("/live/new?thread={id}&above={shown}"));
    assert!(!new(1).contains("data-label"), "{}", new(1));
    let reply = |name: &str, to: &serde_json::Value, published: &str| {
        let mut create = peer.note("ana", name, "<p>hello</p>", &[PUBLIC, &alice.actor()]);
        create["object"]["inReplyTo"] = to.clone();
        create["object"]["published"] = json!(published);
        peer.delivers(alice, "ana", &create).expect(202);
        eventually("it is processed", || alice.is_settled());
        create["object"]["id"].clone()
    };
    reply("elsewhere", &other["uri"], "2026-01-01T00:00:00Z");
    let first = reply("1", &uri, "2020-01-01T00:00:00Z");
    assert!(new(1).contains("data-label=\"1 new post\""), "{}", new(1));
    let below = reply("2", &first, "2020-01-02T00:00:00Z");
    assert!(new(1).contains("data-label=\"2 new posts\"") && !new(3).contains("data-label"), "{} {}", new(1), new(3));
    let delete = json!({"id": format!("{}/delete", peer.base), "type": "Delete", "actor": peer.actor("ana"), "to": [PUBLIC], "object": below});
    peer.delivers(alice, "ana", &delete).expect(202);
    let mut events = std::iter::from_fn(|| thread.next()).filter(|(kind, _)| kind == "update" || kind == "delete");
    let updates: Vec<_> = events.by_ref().take(2).map(|(_, post)| post["uri"].clone()).collect();
    assert_eq!(updates, [first, below]);
    assert_eq!(events.next().unwrap().0, "delete");
    let hides = json!({"title": "x", "context": ["thread"], "filter_action": "hide", "keywords_attributes": [{"keyword": "hello"}]});
    let filter = alice.post("/api/v2/filters", hides)["id"].as_str().unwrap().to_owned();
    assert!(!new(1).contains("data-label"), "hidden posts are not counted: {}", new(1));
    alice.api("DELETE", &format!("/api/v2/filters/{filter}"), json!(null)).expect(200);
}

#[test]
fn a_thread_that_is_not_visible_has_no_stream() {
    let browser = Browser::new();
    for path in ["/live?thread=7", "/live/new?thread=7"] {
        browser.opens(path).expect(404);
    }
}
