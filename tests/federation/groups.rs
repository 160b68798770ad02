use serde_json::{Value, json};

use super::world::PUBLIC;
use crate::support::{Peer, Request, TestServer, eventually};

/// A community with members: one server holds both, as at Lemmy.
fn community(alice: &TestServer) -> Peer {
    let peer = Peer::start();
    for name in ["cats", "ana"] {
        peer.add_actor(name);
    }
    let mut group = peer.document("/users/cats");
    group["type"] = json!("Group");
    group["name"] = json!("Cats");
    peer.serve("/users/cats", group);
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={}", peer.actor("cats")));
    let id = found["accounts"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("the follow arrives", || peer.received().iter().any(|a| a["type"] == "Follow"));
    let follow = peer.received()[0].clone();
    let accept = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/accept", peer.base), "type": "Accept",
        "actor": peer.actor("cats"), "object": follow,
    });
    peer.delivers(alice, "cats", &accept).expect(202);
    eventually("it is accepted", || {
        alice.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0]["following"] == true
    });
    eventually("the queues are empty", || alice.is_settled());
    peer
}

fn page(peer: &Peer, id: &str, title: &str) -> Value {
    let mut create = peer.note("ana", id, &format!("<p>about {title}</p>"), &[PUBLIC, &peer.actor("cats")]);
    create["object"]["type"] = json!("Page");
    create["object"]["name"] = json!(title);
    create["object"]["audience"] = json!(peer.actor("cats"));
    create["object"]["tag"] = json!([]);
    peer.serve(&format!("/notes/{id}"), create["object"].clone());
    create
}

fn announce(peer: &Peer, n: &str, object: Value) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/announces/{n}", peer.base), "type": "Announce",
        "actor": peer.actor("cats"), "to": [PUBLIC], "cc": [format!("{}/followers", peer.actor("cats"))], "object": object,
    })
}

#[test]
fn announcements_of_a_community_are_posts_and_not_boosts() {
    let alice = TestServer::start("alice");
    let peer = community(&alice);
    let send = |n: &str, object: Value| {
        peer.delivers(&alice, "cats", &announce(&peer, n, object)).expect(202);
        eventually("it is processed", || alice.is_settled());
    };
    // The same post by an activity and by its id: one entry.
    let create = page(&peer, "tom", "Tom");
    send("1", create.clone());
    send("2", create["object"]["id"].clone());
    let home = alice.home();
    assert_eq!(home.len(), 1, "{home:?}");
    assert_eq!((&home[0]["reblog"], &home[0]["account"]["username"]), (&Value::Null, &json!("ana")));
    let (cookie, _) = alice.session();
    let html = alice.send(&Request::get("/home").header("cookie", &cookie)).text();
    assert!(html.contains("in <a") && html.contains(">Cats</a>"), "the page names its community");
    let cats = alice.get(&format!("/api/v2/search?type=accounts&q=cats@{}", peer.base.trim_start_matches("http://")))["accounts"][0]["id"].clone();
    let of_cats = |query: &str| {
        let path = format!("/api/v1/accounts/{}/statuses{query}", cats.as_str().unwrap());
        alice.get(&path).as_array().unwrap().len()
    };
    assert_eq!((of_cats(""), of_cats("?exclude_replies=true"), of_cats("?only_media=true")), (1, 1, 0));

    // Votes, forged text, and activities on things that are not here, change nothing.
    send(
        "3",
        json!({"id": format!("{}/likes/1", peer.base), "type": "Like", "actor": peer.actor("ana"), "object": create["object"]["id"]}),
    );
    let mut forged = page(&peer, "real", "Real");
    forged["object"]["content"] = json!("<p>words that nobody wrote</p>");
    send("4", forged);
    send(
        "5",
        json!({"id": format!("{}/locks/1", peer.base), "type": "Lock", "actor": peer.actor("ana"), "object": create["object"]["id"]}),
    );
    let home = alice.home();
    assert_eq!(home.len(), 2);
    let text = json!(home).to_string();
    assert!(text.contains("about Real") && !text.contains("nobody wrote"), "{text}");

    // An edit and a deletion, as its own server serves them.
    page(&peer, "tom", "Thomas");
    let update = json!({"id": format!("{}/updates/1", peer.base), "type": "Update", "actor": peer.actor("ana"), "object": create["object"]});
    send("6", update);
    assert!(json!(alice.home()).to_string().contains("about Thomas"));
    let delete = |id: &str| json!({"id": format!("{}/deletes/{id}", peer.base), "type": "Delete", "actor": peer.actor("ana"), "object": format!("{}/notes/{id}", peer.base)});
    send("7", delete("tom"));
    assert_eq!(alice.home().len(), 2, "it is still served, so it is not gone");
    peer.serve("/notes/tom", json!({"id": format!("{}/notes/tom", peer.base), "type": "Tombstone"}));
    send("8", delete("tom"));
    assert_eq!(alice.home().len(), 1);
}

#[test]
fn the_owner_posts_and_replies_in_a_community() {
    let alice = TestServer::start("alice");
    let peer = community(&alice);
    let authority = peer.base.strip_prefix("http://").unwrap().to_owned();
    let creates = || peer.received().into_iter().filter(|a| a["type"] == "Create").collect::<Vec<_>>();
    alice.posts(&format!("look @cats@{authority}"), "public");
    eventually("it arrives", || creates().len() == 1);
    let note = creates()[0]["object"].clone();
    assert_eq!(
        (&note["audience"], &creates()[0]["audience"]),
        (&json!(peer.actor("cats")), &json!(peer.actor("cats")))
    );
    assert!(note["cc"].as_array().unwrap().contains(&json!(peer.actor("cats"))), "{note}");
    assert!(note["name"].as_str().unwrap().starts_with("look @cats"), "a post in a community needs a title: {note}");
    let long = format!("@cats@{authority} Robin begins {}", "word ".repeat(60));
    alice.posts(&long, "public");
    eventually("it arrives", || creates().len() == 2);
    let title = creates()[1]["object"]["name"].as_str().unwrap().to_owned();
    assert!(title.starts_with("Robin begins word") && title.ends_with(" word…"), "{title}");
    assert!((190..=200).contains(&title.chars().count()), "{title}");

    let warned = json!({"status": format!("what happens\n@cats@{authority}"), "spoiler_text": "the end of a film"});
    alice.post("/api/v1/statuses", warned);
    eventually("it arrives", || creates().len() == 3);
    assert_eq!(creates()[2]["object"]["name"], "the end of a film", "a title tells nothing that is hidden");

    let create = page(&peer, "tom", "Tom");
    peer.delivers(&alice, "cats", &announce(&peer, "1", create)).expect(202);
    eventually("it is there", || alice.sees("about Tom").is_some());
    let id = alice.sees("about Tom").unwrap()["id"].clone();
    alice.post("/api/v1/statuses", json!({"status": "a fine cat", "in_reply_to_id": id}));
    eventually("the response arrives", || {
        creates().iter().any(|c| c["object"]["content"].to_string().contains("fine cat"))
    });
    let reply = creates().into_iter().find(|c| c["object"]["content"].to_string().contains("fine cat")).unwrap();
    let cats = json!(peer.actor("cats"));
    assert_eq!((&reply["object"]["audience"], &reply["object"]["name"]), (&cats, &Value::Null));
    alice.api("PUT", &path_of(&alice, "fine cat"), json!({"status": "a finer cat"})).expect(200);
    alice.api("DELETE", &path_of(&alice, "finer cat"), json!(null)).expect(200);
    for kind in ["Create", "Update", "Delete"] {
        let of_reply = || peer.received().into_iter().rfind(|a| a["type"] == kind);
        eventually("it arrives", || of_reply().is_some());
        let activity = of_reply().unwrap();
        assert_eq!(activity["audience"], cats, "{activity}");
        assert!(activity["cc"].as_array().unwrap().contains(&cats), "{activity}");
    }
}

fn path_of(server: &TestServer, text: &str) -> String {
    format!("/api/v1/statuses/{}", server.sees(text).unwrap()["id"].as_str().unwrap())
}

/// A stored post that its community announces later belongs to the community from then on.
#[test]
fn an_already_stored_post_is_added_to_its_community() {
    let alice = TestServer::start("alice");
    let peer = community(&alice);
    let mut create = page(&peer, "tom", "Tom");
    create["object"].as_object_mut().unwrap().remove("audience");
    create["object"]["to"] = json!([PUBLIC]);
    peer.serve("/notes/tom", create["object"].clone());
    let found = alice.get(&format!("/api/v2/search?resolve=true&q={}/notes/tom", peer.base));
    assert_eq!(found["statuses"].as_array().unwrap().len(), 1);
    assert!(alice.home().is_empty());
    peer.delivers(&alice, "cats", &announce(&peer, "1", create)).expect(202);
    eventually("it is on the timeline", || alice.sees("about Tom").is_some());
    let (cookie, _) = alice.session();
    let html = alice.send(&Request::get("/home").header("cookie", &cookie)).text();
    assert!(html.contains(">Cats</a>"), "the page names its community");
}

/// A person who forwards an activity is not a community, and a community without local followers forwards nothing.
#[test]
fn posts_are_only_accepted_from_followed_communities() {
    let alice = TestServer::start("alice");
    let peer = community(&alice);
    peer.add_actor("eve");
    super::moving::follow(&alice, &peer, "eve");
    let mut passed = announce(&peer, "1", page(&peer, "tom", "Tom"));
    passed["actor"] = json!(peer.actor("eve"));
    peer.delivers(&alice, "eve", &passed).expect(202);
    eventually("it is processed", || alice.is_settled());
    assert!(alice.home().is_empty(), "{:?}", alice.home());
    let mut unknown = announce(&peer, "2", page(&peer, "max", "Max"));
    unknown["actor"] = json!(peer.actor("mallory"));
    peer.delivers(&alice, "mallory", &unknown).expect(202);
    // An embedded id that is not a URL is ignored.
    let mut broken = page(&peer, "moe", "Moe");
    broken["object"]["id"] = json!("file:///etc/passwd with words");
    peer.delivers(&alice, "cats", &announce(&peer, "3", broken)).expect(202);
    eventually("it is processed", || alice.is_settled());
    assert_eq!(peer.requests_for("/notes/max"), 0);
}

#[test]
fn a_like_that_a_community_forwards_is_fetched_from_its_own_server() {
    let alice = TestServer::start("alice");
    let peer = community(&alice);
    let post = alice.posts("like me", "public");
    let count = || alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()))["favourites_count"].clone();
    let like = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/likes/1", peer.base), "type": "Like",
        "actor": peer.actor("ana"), "object": post["uri"],
    });
    peer.delivers(&alice, "cats", &announce(&peer, "1", like.clone())).expect(202);
    eventually("it is processed", || alice.is_settled());
    assert_eq!(count(), 0, "it is not served by its origin");
    peer.serve("/likes/1", like.clone());
    peer.delivers(&alice, "cats", &announce(&peer, "2", like)).expect(202);
    eventually("it counts", || count() == 1);
}

#[test]
fn posts_from_a_community_leave_the_home_timeline_after_an_unfollow() {
    let alice = TestServer::start("alice");
    let peer = community(&alice);
    let create = page(&peer, "tom", "Tom");
    peer.delivers(&alice, "cats", &announce(&peer, "1", create)).expect(202);
    eventually("it is on the timeline", || alice.home().len() == 1);
    let query = format!("/api/v2/search?type=accounts&q=cats@{}", peer.base.trim_start_matches("http://"));
    let id = alice.get(&query)["accounts"][0]["id"].as_str().unwrap().to_owned();
    alice.post(&format!("/api/v1/accounts/{id}/unfollow"), json!({}));
    assert!(alice.home().is_empty());
}

/// Communities announce all posts to all their members, including the author.
#[test]
fn an_own_post_announced_by_a_community_is_not_a_boost() {
    let alice = TestServer::start("alice");
    let peer = community(&alice);
    let post = alice.posts("about cats", "public");
    let closed = alice.posts("about cats, in private", "private");
    let before = alice.home();
    for (n, post) in [&post, &closed].into_iter().enumerate() {
        peer.delivers(&alice, "cats", &announce(&peer, &n.to_string(), post["uri"].clone())).expect(202);
    }
    // Of a community that Alice does not follow it is nothing at all.
    let mut dogs = peer.document("/users/cats");
    dogs["id"] = json!(peer.actor("dogs"));
    dogs["publicKey"] = peer.person("dogs", &peer.key())["publicKey"].clone();
    peer.serve("/users/dogs", dogs);
    let mut unfollowed = announce(&peer, "9", closed["uri"].clone());
    unfollowed["actor"] = json!(peer.actor("dogs"));
    peer.delivers(&alice, "dogs", &unfollowed).expect(202);
    eventually("all are processed", || alice.is_settled());
    assert_eq!((alice.notifications(), alice.home().len()), (Vec::new(), before.len()));
    let groups = |post: &Value| {
        let id = dassie::protocol::ids::StatusId(post["id"].as_str().unwrap().parse().unwrap());
        alice.app.domain.store.read(|c| dassie::store::statuses::get(c, id)).unwrap().unwrap().group.is_some()
    };
    assert_eq!((groups(&post), groups(&closed)), (true, false));
    let shown = alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()));
    assert_eq!(shown["reblogs_count"], 0);
}
