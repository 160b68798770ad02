//! Replies, likes and quotes of blocked or silenced actors are hidden from all pages and API responses.

use dassie::domain::federation_policy::{self, Decision};
use dassie::store::peers::domain_policies::Severity;
use serde_json::{Value, json};

use super::meeting::{Meeting, follows};
use super::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

fn host(peer: &Peer) -> &str {
    peer.base.trim_start_matches("http://")
}

/// Alice's post with a reply by Mallory, which Ana quotes and which has a hashtag.
struct Scene {
    world: Meeting,
    post: Value,
}

impl Scene {
    fn set() -> Self {
        let world = Meeting::new();
        let post = world.alice.posts("speak freely", "public");
        let mut reply = world.evil.note("mallory", "answer", "nasty words", &[PUBLIC]);
        reply["object"]["inReplyTo"] = post["uri"].clone();
        reply["object"]["tag"] = json!([{"type": "Hashtag", "name": "#nasty"}]);
        world.deliver(&world.evil, "mallory", &reply);
        let like = json!({"id": format!("{}/likes/1", world.evil.base), "type": "Like",
            "actor": world.evil.actor("mallory"), "object": post["uri"]});
        world.deliver(&world.evil, "mallory", &like);
        let mut quoting = world.good.note("ana", "quoting", "look what she says", &[PUBLIC]);
        quoting["object"]["quoteUrl"] = reply["object"]["id"].clone();
        world.deliver(&world.good, "ana", &quoting);
        Self { world, post }
    }

    fn id(&self) -> &str {
        self.post["id"].as_str().unwrap()
    }

    /// The places where Mallory's text could appear, for the owner and for anonymous clients.
    fn places(&self) -> Vec<(String, bool)> {
        let alice = &self.world.alice;
        let context = format!("/api/v1/statuses/{}/context", self.id());
        let replies = format!("/users/alice/statuses/{}/replies?page=true", self.id());
        let mut texts = Vec::new();
        for path in [
            context.as_str(),
            "/api/v1/timelines/public",
            "/api/v1/timelines/tag/nasty",
            "/api/v2/search?q=nasty&type=statuses",
            "/api/v1/timelines/home",
        ] {
            texts.push((format!("owner {path}: {}", alice.get(path)), true));
        }
        for path in [context.as_str(), &format!("/@alice/{}", self.id())] {
            texts.push((format!("anonymous {path}: {}", alice.send(&Request::get(path)).expect(200).text()), false));
        }
        let replies = alice.send(&Request::get(&replies).activity()).expect(200).text();
        texts.push((format!("peers: {replies}"), false));
        texts
    }

    fn likers(&self, as_owner: bool) -> usize {
        let path = format!("/api/v1/statuses/{}/favourited_by", self.id());
        let response = match as_owner {
            true => self.world.alice.get(&path),
            false => self.world.alice.send(&Request::get(&path)).expect(200).json(),
        };
        response.as_array().unwrap().len()
    }
}

fn contains_post(text: &str) -> bool {
    text.contains("nasty words") || text.contains("/notes/answer")
}

#[test]
fn posts_by_blocked_actors_are_hidden_from_everyone() {
    let scene = Scene::set();
    assert!(scene.places().iter().filter(|(text, _)| contains_post(text)).count() >= 7, "it is there before");
    let alice = &scene.world.alice;
    let query = format!("/api/v2/search?resolve=true&type=accounts&q={}", scene.world.evil.actor("mallory"));
    let id = alice.get(&query)["accounts"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/accounts/{id}/block"), json!({}));
    for (text, _) in scene.places() {
        assert!(!text.contains("nasty words"), "{text}");
    }
    let quote = alice.sees("look what she says").unwrap()["quote"].clone();
    assert_eq!((&quote["state"], &quote["quoted_status"]), (&json!("blocked_account"), &Value::Null));
    assert_eq!((scene.likers(true), scene.likers(false)), (0, 0));
}

#[test]
fn posts_of_a_silenced_server_are_visible_to_the_owner_only() {
    let scene = Scene::set();
    let decision = Decision { severity: Severity::Silence, ..Decision::default() };
    federation_policy::decide(&scene.world.alice.app.domain, host(&scene.world.evil), decision).unwrap();
    for (text, of_owner) in scene.places() {
        assert_eq!(contains_post(&text), of_owner, "{text}");
    }
    assert_eq!((scene.likers(true), scene.likers(false)), (1, 0));
}

/// A handle may be on another domain than the document of its actor; a decision on either is meant.
#[test]
fn a_policy_for_the_domain_of_a_handle_applies_to_its_actor() {
    let (alice, home, brand) = (TestServer::start("alice"), Peer::start(), Peer::start());
    home.add_actor("bob");
    let subject = format!("acct:bob@{}", host(&brand));
    let link = json!({"rel": "self", "type": "application/activity+json", "href": home.actor("bob")});
    for peer in [&home, &brand] {
        let response = json!({"subject": subject, "links": [link]});
        peer.serve_as("/.well-known/webfinger", "application/jrd+json", response);
    }
    follows(&alice, &home, "bob");
    home.delivers(&alice, "bob", &home.follow("bob", &alice)).expect(202);
    eventually("both follow", || alice.is_settled());
    let decision = Decision { severity: Severity::Suspend, ..Decision::default() };
    federation_policy::decide(&alice.app.domain, host(&brand), decision).unwrap();
    eventually("the deliveries are done", || alice.is_settled());
    home.delivers(&alice, "bob", &home.note("bob", "1", "still here", &[PUBLIC])).expect(202);
    eventually("it is processed", || alice.is_settled());
    assert!(alice.sees("still here").is_none());
    let before = home.received().len();
    alice.posts("for followers", "private");
    eventually("it is sent", || alice.is_settled());
    assert_eq!(home.received().len(), before);
}
