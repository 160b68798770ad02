//! The size of responses about posts whose texts are short and whose other members are long.

use serde_json::{Value, json};

use crate::federation::world::PUBLIC;
use crate::support::http::Response;
use crate::support::{Peer, Request, TestServer, eventually};

const REPLIES: usize = 36;
/// More than a page of usual posts, and a part of what these would take together.
const MOST: usize = 4_500_000;

/// An actor with the longest profile.
fn talkative(peer: &Peer) {
    let mut person = peer.document("/users/mallory");
    let field = |n: usize| json!({"type": "PropertyValue", "name": format!("{n}"), "value": "é".repeat(1_900)});
    person["attachment"] = (0..20).map(field).collect();
    person["summary"] = json!(format!("<p>{}</p>", "word ".repeat(3_900)));
    peer.serve("/users/mallory", person);
}

/// Replies to a post of the owner, each with sixteen described pictures.
fn replies(alice: &TestServer, peer: &Peer, to: &Value) {
    for n in 0..REPLIES {
        let mut create = peer.note("mallory", &n.to_string(), "short", &[PUBLIC, &alice.actor()]);
        create["object"]["inReplyTo"] = to["uri"].clone();
        let picture = |i: usize| {
            let url = format!("{}/{n}/{i}.png", peer.base);
            json!({"type": "Image", "mediaType": "image/png", "url": url, "name": "a ".repeat(1_500)})
        };
        create["object"]["attachment"] = (0..16).map(picture).collect();
        peer.delivers(alice, "mallory", &create).expect(202);
    }
    eventually("all are stored", || alice.is_settled());
}

fn next(response: &Response) -> Option<String> {
    let link = response.header("link")?.split(", ").find(|link| link.ends_with("rel=\"next\""))?;
    Some(link.split(['<', '>']).nth(1)?.to_owned())
}

#[test]
fn the_size_limit_of_a_page_counts_all_members_of_its_posts() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    talkative(&peer);
    let mallory = alice.follows_actor(&peer, "mallory");
    let post = alice.posts("what do you think?", "public");
    let id = post["id"].as_str().unwrap();
    replies(&alice, &peer, &post);
    let context = format!("/api/v1/statuses/{id}/context");
    let open = alice.send(&Request::get(&context)).expect(200);
    let shown = open.json()["descendants"].as_array().unwrap().len();
    assert!(open.body.len() < MOST && (5..REPLIES).contains(&shown), "{} bytes, {shown} replies", open.body.len());
    let own = alice.get(&context)["descendants"].as_array().unwrap().len();
    assert_eq!(own, REPLIES, "the owner gets all");
    let page = alice.send(&Request::get(&format!("/@alice/{id}"))).expect(200);
    assert!(page.body.len() < MOST, "{}", page.body.len());
    // A list is continued where it was cut.
    for path in [format!("/api/v1/accounts/{mallory}/statuses?limit=40"), "/api/v1/notifications?limit=40".into()] {
        let (mut seen, mut pages, mut path) = (0, 0, Some(path));
        while let Some(here) = path {
            let response =
                alice.send(&Request::get(&here.replace(&alice.url(""), "")).bearer(&alice.token)).expect(200);
            assert!(response.body.len() < MOST, "{here}: {}", response.body.len());
            (seen, pages, path) = (seen + response.json().as_array().unwrap().len(), pages + 1, next(&response));
        }
        assert!(seen == REPLIES && pages > 1, "{seen} on {pages} pages");
    }
}
