//! Thread pages: the number of posts that one response holds, and the notice about the others.

use dassie::limits;
use dassie::protocol::activitystreams::types::Emoji;
use dassie::protocol::visibility::Visibility;
use dassie::store::statuses::NewStatus;
use serde_json::json;

use crate::federation::world::PUBLIC;
use crate::support::{Graph, Peer, Request, TestServer, eventually};

fn page(alice: &TestServer, path: &str) -> String {
    alice.send(&Request::get(path)).expect(200).text()
}

/// The address of the link with these words.
fn link(page: &str, words: &str) -> String {
    let end = page.find(&format!(">{words}</a>")).unwrap_or_else(|| panic!("no {words}: {page}"));
    let start = page[..end].rfind("href=\"").unwrap() + 6;
    page[start..].split('"').next().unwrap().split('#').next().unwrap().replace("&amp;", "&")
}

fn articles(page: &str) -> usize {
    page.matches("<article").count()
}

#[test]
fn a_thread_of_twelve_hundred_posts_has_pages_and_a_total() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "own");
    let posts = graph.insert((0..1_200).map(|n: usize| graph.draft(n, n.checked_sub(1), true)).collect());
    let first = page(&alice, &format!("/@alice/{}", posts[0].id));
    assert!(first.contains("1,199 replies") && first.contains("page 1 of 24"), "{first}");
    assert_eq!(articles(&first), 1 + limits::THREAD_PAGE_REPLIES);
    let second = page(&alice, &link(&first, "More replies"));
    assert!(second.contains("page 2 of 24") && second.contains("post 51<") && !second.contains("post 50<"));
    let last = page(&alice, &link(&second, "Last"));
    assert!(last.contains("post 1199<") && last.contains("Previous replies") && !last.contains("More replies"));
    // The last post shows the nearest posts above it, and where the others are.
    let end = page(&alice, &format!("/@alice/{}", posts[1_199].id));
    assert!(end.contains("1,179 earlier posts") && end.contains("post 1198<") && !end.contains("post 1178<"), "{end}");
    let above = page(&alice, &link(&end, "1,179 earlier posts"));
    assert!(above.contains("1,159 earlier posts") && above.contains("post 1178<") && !above.contains("post 1198<"));
    assert!(above.contains("20 posts in between"));
    let context = alice.get(&format!("/api/v1/statuses/{}/context", posts[0].id));
    assert_eq!(context["descendants"].as_array().unwrap().len(), 1_199);
}

#[test]
fn long_replies_are_spread_over_pages_of_bounded_size() {
    let alice = TestServer::start("alice");
    let root = alice.posts("a question", "public")["id"].as_str().unwrap().to_owned();
    let uri = alice.get(&format!("/api/v1/statuses/{root}"))["uri"].as_str().unwrap().to_owned();
    let graph = Graph::new(&alice, "long");
    let content = format!("<p>{}</p>", "word ".repeat(12_000));
    let long =
        |n| NewStatus { content: content.clone(), in_reply_to_uri: Some(uri.clone()), ..graph.draft(n, None, false) };
    graph.insert((0..100).map(long).collect());
    let first = alice.send(&Request::get(&format!("/@alice/{root}"))).expect(200);
    assert!(first.text().contains("100 replies"), "the total is shown");
    assert!(first.body.len() < 2 * limits::THREAD_PAGE_BYTES, "{}", first.body.len());
    let context = alice.send(&Request::get(&format!("/api/v1/statuses/{root}/context"))).expect(200);
    assert!(context.body.len() < 2 * limits::CONTEXT_BYTES, "{}", context.body.len());
    let mut shown = 0;
    let mut next = Some(format!("/@alice/{root}"));
    while let Some(path) = next {
        let html = page(&alice, &path);
        shown += articles(&html) - 1;
        next = html.contains("More replies").then(|| link(&html, "More replies"));
    }
    assert_eq!(shown, 100, "every reply is on some page");
}

#[test]
fn the_size_of_emoji_in_a_post_is_limited() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let emoji = |n: usize| json!({"type": "Emoji", "name": format!(":e{n}:"), "icon": {"type": "Image", "url": format!("https://p.example/{n}/{}", "x".repeat(1_900))}});
    let codes: String = (0..200).map(|n| format!(":e{n}:")).collect();
    let mut create = peer.note("mallory", "emoji", &codes.repeat(60), &[PUBLIC, &alice.actor()]);
    let tags = create["object"]["tag"].as_array_mut().unwrap();
    tags.extend((0..199).map(emoji));
    let root = alice.posts("hello", "public");
    create["object"]["inReplyTo"] = root["uri"].clone();
    peer.delivers(&alice, "mallory", &create).expect(202);
    eventually("it arrives", || alice.notifications().len() == 1);
    let id = root["id"].as_str().unwrap();
    let html = page(&alice, &format!("/@alice/{id}"));
    assert!(html.contains("class=\"emoji\"") && html.len() < 200_000, "{}", html.len());
    let context = alice.send(&Request::get(&format!("/api/v1/statuses/{id}/context"))).expect(200);
    assert!(context.body.len() < 200_000, "{}", context.body.len());
}

/// As [`the_size_of_emoji_in_a_post_is_limited`], of rows that an older version wrote.
#[test]
fn the_size_of_emoji_in_stored_posts_is_limited() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "emoji");
    let emoji = (0..50).map(|n| Emoji {
        shortcode: format!("e{n}"),
        url: format!("https://p.example/{n}/{}", "x".repeat(1_900)),
        still: None,
    });
    let content = (0..50).map(|n| format!(":e{n}:")).collect::<String>().repeat(200);
    let draft = NewStatus { emoji: emoji.collect(), content, ..graph.draft(0, None, true) };
    let id = graph.insert(vec![draft])[0].id;
    let html = page(&alice, &format!("/@alice/{id}"));
    assert!(html.len() < 150_000, "{}", html.len());
    let entity = alice.send(&Request::get(&format!("/api/v1/statuses/{id}"))).expect(200);
    assert!(entity.body.len() < 150_000, "{}", entity.body.len());
}

#[test]
fn private_replies_do_not_hide_public_ones() {
    let alice = TestServer::start("alice");
    let graph = Graph::new(&alice, "crowd");
    let mut drafts = vec![graph.draft(0, None, true)];
    let hidden = |n| NewStatus { visibility: Visibility::Private, ..graph.draft(n, Some(0), false) };
    drafts.extend((1..=1_050).map(hidden));
    drafts.extend((1_051..=1_053).map(|n| graph.draft(n, Some(0), false)));
    let root = graph.insert(drafts)[0].id;
    let html = page(&alice, &format!("/@alice/{root}"));
    assert!(html.contains("3 replies") && html.contains("post 1053<"), "{html}");
    let context = alice.send(&Request::get(&format!("/api/v1/statuses/{root}/context"))).expect(200).json();
    assert_eq!(context["descendants"].as_array().unwrap().len(), 3);
}

/// A reply whose parent was deleted on its server.
#[test]
fn a_reply_to_a_post_deleted_on_its_server_states_that() {
    for status in ["404 Not Found", "410 Gone"] {
        let (alice, peer) = (TestServer::start("alice"), Peer::start());
        let (cookie, _) = alice.session();
        peer.responds("/notes/parent", status);
        let mut create = peer.note("mallory", "reply", "yes", &[PUBLIC, &alice.actor()]);
        create["object"]["inReplyTo"] = json!(format!("{}/notes/parent", peer.base));
        peer.delivers(&alice, "mallory", &create).expect(202);
        eventually("it arrives", || alice.notifications().len() == 1);
        let id = alice.get("/api/v1/notifications")[0]["status"]["id"].as_str().unwrap().to_owned();
        let read = || alice.send(&Request::get(&format!("/t/{id}")).header("cookie", &cookie)).expect(200).text();
        assert!(read().contains("a post on another server"), "before it was fetched");
        eventually("the parent is reported as gone", || {
            read().contains("Replying to a post that is no longer available")
        });
        // It comes back after all.
        let parent = peer.note("mallory", "parent", "the question", &[PUBLIC, &alice.actor()]);
        peer.delivers(&alice, "mallory", &parent).expect(202);
        eventually("it is shown", || read().contains("the question") && !read().contains("is gone"));
    }
}

#[test]
fn a_reply_to_a_deleted_post_states_that() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let parent = peer.note("mallory", "parent", "the question", &[PUBLIC, &alice.actor()]);
    peer.delivers(&alice, "mallory", &parent).expect(202);
    eventually("it arrives", || alice.notifications().len() == 1);
    let id = alice.get("/api/v1/notifications")[0]["status"]["id"].as_str().unwrap().to_owned();
    let own = alice.post("/api/v1/statuses", json!({"status": "an answer", "in_reply_to_id": id}));
    let actor = peer.actor("mallory");
    let uri = format!("{}/notes/parent", peer.base);
    let delete = json!({"@context": "https://www.w3.org/ns/activitystreams", "id": format!("{uri}#delete"), "type": "Delete",
        "actor": actor, "object": {"id": uri, "type": "Tombstone"}, "to": [PUBLIC]});
    peer.delivers(&alice, "mallory", &delete).expect(202);
    let path = format!("/@alice/{}", own["id"].as_str().unwrap());
    eventually("it is reported", || page(&alice, &path).contains("Replying to a post that is no longer available"));
}

#[test]
fn options_of_a_long_poll_are_shown_or_reported_as_omitted() {
    for (options, noticed) in [(25, false), (100, false), (130, true)] {
        let (alice, peer) = (TestServer::start("alice"), Peer::start());
        let (cookie, _) = alice.session();
        let mut create = peer.note("mallory", "poll", "which?", &[PUBLIC, &alice.actor()]);
        create["object"]["type"] = json!("Question");
        create["object"]["oneOf"] =
            (0..options).map(|n| json!({"type": "Note", "name": format!("option {n}.")})).collect();
        peer.delivers(&alice, "mallory", &create).expect(202);
        eventually("it arrives", || alice.notifications().len() == 1);
        let status = alice.get("/api/v1/notifications")[0]["status"].clone();
        let kept = options.min(limits::REMOTE_POLL_OPTIONS);
        assert_eq!(status["poll"]["options"].as_array().unwrap().len(), kept);
        let id = status["id"].as_str().unwrap();
        let html = alice.send(&Request::get(&format!("/t/{id}")).header("cookie", &cookie)).expect(200).text();
        assert!(html.contains(&format!("option {}.", kept - 1)), "{html}");
        for text in [html, status["content"].as_str().unwrap().to_owned()] {
            assert_eq!(text.contains("130 options, 30 more than the first 100"), noticed, "{text}");
        }
    }
}
