//! Embedded and duplicate objects: an object by another author is fetched from its own server, and no copy
//! can widen the audience of a post.

use serde_json::{Value, json};

use super::meeting::{Meeting, follows, words};
use super::world::PUBLIC;
use crate::support::{Peer, Request};

#[test]
fn an_object_embedded_in_a_boost_is_fetched_from_its_own_server() {
    let world = Meeting::new();
    let (good, ana) = (&world.good, world.good.actor("ana"));
    let id = |name: &str| format!("{}/notes/{name}", good.base);
    good.serve("/notes/there", words(&id("there"), &ana, "true words"));
    world.mallory("Announce", words(&id("there"), &ana, "twisted words"));
    assert!(world.stored(&id("there")).unwrap().contains("true words"));
    for missing in [
        words(&id("missing"), &ana, "twisted words"),
        words(&id("missing"), &world.evil.actor("mallory"), "twisted words"),
        json!({"id": format!("{}/c", good.base), "type": "Create", "actor": ana, "object": words(&id("missing"), &ana, "twisted words")}),
        json!({"type": "Note", "attributedTo": ana, "content": "twisted words", "to": [PUBLIC]}),
    ] {
        world.mallory("Announce", missing);
        assert_eq!(world.stored(&id("missing")), None);
    }
    // A second copy does not change the stored post.
    world.mallory("Announce", words(&id("there"), &ana, "twisted words"));
    assert!(!world.everything().contains("twisted words"));
    assert!(world.everything().contains("true words"));
}

#[test]
fn an_outbox_only_provides_activities_of_its_actor() {
    let world = Meeting::new();
    let (good, evil) = (&world.good, &world.evil);
    let (ana, zed, mallory) = (good.actor("ana"), good.actor("zed"), evil.actor("mallory"));
    let at = |peer: &Peer, name: &str| format!("{}/notes/{name}", peer.base);
    let create = |actor: &str, object: Value| json!({"id": format!("{actor}/c/{}", world.next()), "type": "Create", "actor": actor, "object": object});
    good.add_actor("zed");
    good.serve("/notes/by-id", words(&at(good, "by-id"), &zed, "served words"));
    good.serve("/notes/of-ana-by-id", words(&at(good, "of-ana-by-id"), &ana, "words of ana"));
    evil.serve("/notes/by-id", words(&at(evil, "by-id"), &mallory, "words of mallory"));
    let items = json!([
        create(&zed, words(&at(good, "own"), &zed, "own words")),
        words(&at(good, "bare"), &zed, "own words"),
        at(good, "by-id"),
        create(&ana, words(&at(good, "of-ana"), &ana, "forged words")),
        create(&zed, words(&at(good, "also-of-ana"), &ana, "forged words")),
        create(&zed, words(&at(evil, "elsewhere"), &zed, "forged words")),
        create(&mallory, words(&at(evil, "of-mallory"), &mallory, "forged words")),
        words(&at(evil, "bare"), &mallory, "forged words"),
        at(good, "of-ana-by-id"),
        at(evil, "by-id"),
    ]);
    good.serve(
        "/users/zed/outbox",
        json!({"id": format!("{zed}/outbox"), "type": "OrderedCollection", "orderedItems": items}),
    );
    follows(&world.alice, good, "zed");
    for (id, taken) in [
        (at(good, "own"), true),
        (at(good, "bare"), true),
        (at(good, "by-id"), true),
        (at(good, "of-ana"), false),
        (at(good, "also-of-ana"), false),
        (at(evil, "elsewhere"), false),
        (at(evil, "of-mallory"), false),
        (at(evil, "bare"), false),
        (at(good, "of-ana-by-id"), false),
        (at(evil, "by-id"), false),
    ] {
        assert_eq!(world.stored(&id).is_some(), taken, "{id}");
    }
}

/// Where the owner or a visitor could meet a remote post.
fn can_be_found(world: &Meeting, id: &str, word: &str) -> Vec<String> {
    let alice = &world.alice;
    let read = |c: &dassie::store::Conn| dassie::store::statuses::by_uri(c, id);
    let own = alice.app.domain.store.read(read).unwrap().map_or("1".to_owned(), |s| s.id.to_string());
    let everywhere = [
        "/api/v1/timelines/home?limit=40".to_owned(),
        "/api/v1/timelines/public?limit=40".to_owned(),
        "/api/v1/timelines/tag/secret".to_owned(),
        "/api/v1/notifications".to_owned(),
        format!("/api/v2/search?q={word}"),
        format!("/api/v2/search?resolve=true&q={}", id.replace(':', "%3A").replace('/', "%2F")),
        format!("/api/v1/statuses/{own}"),
        format!("/api/v1/statuses/{own}/context"),
        format!("/api/v1/statuses?id[]={own}"),
    ];
    let (cookie, _) = alice.session();
    let pages = ["/home".to_owned(), format!("/t/{own}"), format!("/search?q={word}"), "/tags/secret".to_owned()];
    let api = everywhere.iter().map(|path| (path, Request::get(path).bearer(&alice.token)));
    let web =
        pages.iter().map(|path| (path, Request::get(path).header("cookie", &cookie).header("accept", "text/html")));
    api.chain(web)
        .filter(|(_, request)| alice.send(request).text().contains(&format!("{word} words")))
        .map(|(p, _)| p.clone())
        .collect()
}

/// Ana's Create of a note with these addressees, tagged so that it could be found.
fn note_to(world: &Meeting, name: &str, word: &str, to: &[&str]) -> Value {
    let mut create = world.good.note("ana", name, &format!("{word} words"), to);
    create["object"]["tag"] = json!([{"type": "Hashtag", "name": "#secret"}]);
    create
}

#[test]
fn a_second_delivery_does_not_widen_the_audience() {
    let world = Meeting::new();
    let me = world.alice.actor();
    let bob = world.evil.actor("bob");
    let (id, word) = (format!("{}/notes/direct", world.good.base), "direct");
    let direct = note_to(&world, "direct", word, &[&bob]);
    // It comes because Ana's server sends all that Ana writes to the shared inbox.
    world.deliver(&world.good, "ana", &direct);
    assert_eq!(can_be_found(&world, &id, word), Vec::<String>::new());

    let mut wide = direct["object"].clone();
    (wide["to"], wide["cc"]) = (json!([PUBLIC, me]), json!([me]));
    wide["tag"] = json!([{"type": "Mention", "href": me}, {"type": "Hashtag", "name": "#secret"}]);
    let mut stolen = wide.clone();
    stolen["attributedTo"] = json!(world.evil.actor("mallory"));
    for object in [wide.clone(), stolen.clone(), json!(id)] {
        for kind in ["Create", "Update", "Announce", "Add"] {
            world.mallory(kind, object.clone());
            assert_eq!(can_be_found(&world, &id, word), Vec::<String>::new(), "after {kind} of {object}");
        }
    }
    // Nor does the author's own server widen it by sending it again.
    let mut again = direct.clone();
    (again["id"], again["to"], again["cc"]) = (json!(format!("{id}/again")), json!([PUBLIC, me]), json!([me]));
    world.deliver(&world.good, "ana", &again);
    again["id"] = json!(format!("{id}/once-more"));
    again["object"] = wide;
    world.deliver(&world.good, "ana", &again);
    assert_eq!(can_be_found(&world, &id, word), Vec::<String>::new());
    assert!(world.stored(&id).is_some(), "it is stored, and visible to no one");

    // What was for the owner from the beginning is found in most of these places.
    let open = note_to(&world, "open", "open", &[PUBLIC, &me]);
    world.deliver(&world.good, "ana", &open);
    assert!(can_be_found(&world, &format!("{}/notes/open", world.good.base), "open").len() > 5);
}

/// A boost by another actor does not reveal a post to anyone outside its audience.
#[test]
fn a_boost_does_not_widen_the_audience() {
    let world = Meeting::new();
    let (good, ana) = (&world.good, world.good.actor("ana"));
    for (name, to) in [
        ("followers", json!([format!("{ana}/followers")])),
        ("direct", json!([world.evil.actor("bob")])),
        ("nobody", json!([])),
    ] {
        let id = format!("{}/notes/{name}", good.base);
        let mut note = words(&id, &ana, &format!("{name} words"));
        note["to"] = to;
        good.serve(&format!("/notes/{name}"), note);
        world.mallory("Announce", json!(id));
        let boosts = world.alice.home().iter().filter(|s| !s["reblog"].is_null()).count();
        assert_eq!(boosts, 0, "{name}");
    }
}

/// A reply to the owner that is only for its author's followers is hidden, unless the owner is one of them.
#[test]
fn a_reply_for_the_followers_of_an_unfollowed_actor_is_hidden_from_the_owner() {
    let world = Meeting::new();
    let post = world.alice.posts("a question", "public");
    world.good.add_actor("eve");
    for (name, found) in [("eve", false), ("ana", true)] {
        let followers = format!("{}/followers", world.good.actor(name));
        let mut reply = world.good.note(name, name, &format!("{name} words"), &[]);
        (reply["to"], reply["object"]["to"]) = (json!([followers]), json!([followers]));
        reply["object"]["inReplyTo"] = post["uri"].clone();
        world.deliver(&world.good, name, &reply);
        let id = format!("{}/notes/{name}", world.good.base);
        let places = can_be_found(&world, &id, name);
        assert_eq!(!places.is_empty(), found, "the reply of {name}: {places:?}");
    }
}

/// A Delete sent by another actor. The origin is only queried for posts that our server may read; a post that it hides
/// appears deleted to all others.
#[test]
fn a_foreign_delete_does_not_remove_a_post_that_its_server_hides() {
    let world = Meeting::new();
    let followers = format!("{}/followers", world.good.actor("ana"));
    world.good.add_actor("eve");
    for (name, to, who) in
        [("closed", followers.as_str(), "mallory"), ("closed-too", &followers, "eve"), ("open", PUBLIC, "eve")]
    {
        let create = world.good.note("ana", name, &format!("{name} words"), &[to]);
        world.deliver(&world.good, "ana", &create);
        let peer = if who == "eve" { &world.good } else { &world.evil };
        let id = create["object"]["id"].as_str().unwrap();
        let delete =
            json!({"id": format!("{id}/delete"), "type": "Delete", "actor": world.good.actor("ana"), "object": id});
        let announce = json!({"id": format!("{}/acts/{name}", peer.base), "type": "Announce", "actor": peer.actor(who),
            "object": delete, "to": [PUBLIC]});
        world.deliver(peer, who, &announce);
        assert!(world.stored(id).is_some(), "{name}");
        assert_eq!(world.good.requests_for(&format!("/notes/{name}")), 0, "{name}");
    }
}
