//! Origin checks: an object is only accepted as its own server serves it at its id.

use serde_json::{Value, json};

use super::meeting::{Meeting, words};
use super::picture::Picture;

#[test]
fn a_note_is_only_accepted_with_the_two_valid_content_types() {
    let world = Meeting::new();
    let ana = world.good.actor("ana");
    for (n, (content_type, taken)) in [
        ("text/plain", false),
        ("application/json", false),
        ("image/png", false),
        ("application/ld+json", false),
        ("application/ld+json; profile=\"https://example.org/other\"", false),
        ("text/html", false),
        ("application/octet-stream; x=application/activity+json", false),
        ("", false),
        ("application/activity+json; charset=utf-8", true),
        ("application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"", true),
    ]
    .into_iter()
    .enumerate()
    {
        for way in ["boosted", "searched", "named"] {
            let path = format!("/notes/{way}{n}");
            let id = format!("{}{path}", world.good.base);
            world.good.serve_as(&path, content_type, words(&id, &ana, "a note"));
            match way {
                "boosted" => world.mallory("Announce", json!(id)),
                "searched" => assert_eq!(world.searches(&id).len(), usize::from(taken), "{content_type}"),
                _ => {
                    let create = json!({"id": format!("{id}/create"), "type": "Create", "actor": ana, "object": id});
                    world.deliver(&world.good, "ana", &create);
                }
            }
            assert_eq!(world.stored(&id).is_some(), taken, "{way} as {content_type:?}");
        }
    }
}

/// The requested URL, the id of the document served there, and the id under which it may be stored.
#[test]
fn a_note_is_only_accepted_at_its_own_id() {
    let world = Meeting::new();
    let (good, evil) = (&world.good, &world.evil);
    let (ana, mallory) = (good.actor("ana"), evil.actor("mallory"));
    let (g, e) = (&good.base, &evil.base);
    let evil_words = |id: &str| words(id, &ana, "evil words");
    for n in 1..=3 {
        good.serve(&format!("/notes/true{n}"), words(&format!("{g}/notes/true{n}"), &ana, "true words"));
    }
    evil.serve("/claims-true", evil_words(&format!("{g}/notes/true1")));
    evil.serve("/claims-missing", evil_words(&format!("{g}/notes/missing")));
    evil.redirect("/to-good", &format!("{g}/notes/true2"));
    good.redirect("/notes/to-evil", &format!("{e}/as-good"));
    evil.serve("/as-good", evil_words(&format!("{g}/notes/to-evil")));
    good.redirect("/notes/to-evils-own", &format!("{e}/own"));
    evil.serve("/own", words(&format!("{e}/own"), &mallory, "evil words"));
    good.serve("/alias", words(&format!("{g}/notes/true3"), &ana, "other words"));
    good.serve("/notes/swap", words(&format!("{g}/notes/swapped"), &ana, "evil words"));
    good.serve("/notes/swapped", words(&format!("{g}/notes/swap"), &ana, "evil words"));
    for url in [
        format!("{e}/claims-true"),
        format!("{e}/claims-missing"),
        format!("{e}/to-good"),
        format!("{g}/notes/to-evil"),
        format!("{g}/notes/swap"),
    ] {
        world.mallory("Announce", json!(url));
        assert_eq!(world.stored(&url), None, "{url} was boosted");
        let found = world.searches(&url);
        assert!(found.iter().all(|s| s["content"] == "<p>true words</p>" || s["content"] == "true words"), "{found:?}");
        assert_eq!(world.stored(&url), None, "a search for {url}");
    }
    world.mallory("Announce", json!(format!("{g}/notes/to-evils-own")));
    assert_eq!(world.stored(&format!("{g}/notes/to-evils-own")), None);
    assert!(!world.everything().contains("evil words"));
    // Another URL of the same server resolves to the note at its own id, with the content served there.
    world.mallory("Announce", json!(format!("{g}/alias")));
    assert!(world.stored(&format!("{g}/notes/true3")).unwrap().contains("true words"));
    assert!(world.everything().contains("true words"));
}

#[test]
fn a_note_and_its_author_must_have_the_same_origin() {
    let world = Meeting::new();
    let (g, e) = (&world.good.base, &world.evil.base);
    // The same listener under a name: another origin than under its address.
    let named = g.replace("127.0.0.1", "localhost");
    let loud = named.replace("localhost", "LOCALHOST");
    let mut lo = world.good.person("lo", &crate::support::Peer::other_key());
    for member in ["id", "inbox", "outbox", "followers"] {
        lo[member] = json!(lo[member].as_str().unwrap().replace(g, &named));
    }
    lo["publicKey"] = Value::Null;
    world.good.serve("/users/lo", lo);
    let (ana, mallory, lo) = (world.good.actor("ana"), world.evil.actor("mallory"), format!("{named}/users/lo"));
    for (base, author, taken) in [
        (g, &mallory, false),
        (e, &ana, false),
        (e, &lo, false),
        (g, &lo, false),
        (&named, &ana, false),
        (&loud, &ana, false),
        (g, &format!("{g}:80/users/ana"), false),
        (g, &ana.replace("http://", "https://"), false),
        (&named, &lo, true),
        (&loud, &lo, true),
        (g, &ana, true),
    ] {
        let path = format!("/notes/{}", world.next());
        let id = format!("{base}{path}");
        for peer in [&world.good, &world.evil] {
            peer.serve(&path, words(&id, author, "a note"));
        }
        world.mallory("Announce", json!(id));
        assert_eq!(world.stored(&id).is_some(), taken, "{id} by {author} was boosted");
        if !taken {
            assert_eq!(world.searches(&id), Vec::<Value>::new(), "a search for {id} by {author}");
            world.mallory("Create", words(&id, author, "a note"));
            if base != e {
                world.mallory("Create", words(&id, &mallory, "a note"));
            }
            assert_eq!(world.stored(&id), None, "{id} by {author} was sent");
        }
    }
}

#[test]
fn the_page_url_is_on_the_server_of_the_post() {
    let world = Meeting::new();
    let (good, evil) = (&world.good, &world.evil);
    let g = &good.base;
    let link = |href: String| json!({"type": "Link", "mediaType": "text/html", "href": href});
    for (url, shown) in [
        (json!(format!("{g}/@ana/1")), Some(format!("{g}/@ana/1"))),
        (json!([link(format!("{}/x", evil.base)), link(format!("{g}/@ana/2"))]), Some(format!("{g}/@ana/2"))),
        (json!(format!("{}/@ana/1", evil.base)), None),
        (json!(link(format!("{}/@ana/1", evil.base))), None),
        (json!(format!("{}@{}/1", g, evil.base.trim_start_matches("http://"))), None),
        (json!(format!("{}.evil.example/1", g.replace(":", "-"))), None),
        (json!("javascript:alert(1)"), None),
        (json!("data:text/html,x"), None),
        (json!("//evil.example/1"), None),
        (json!(format!("http://user:pw@{}/1", g.trim_start_matches("http://"))), None),
        (Value::Null, None),
    ] {
        let path = format!("/notes/{}", world.next());
        let id = format!("{g}{path}");
        let mut note = words(&id, &good.actor("ana"), "a note");
        note["url"] = url.clone();
        good.serve(&path, note);
        let found = world.searches(&id);
        assert_eq!(found[0]["url"], shown.clone().unwrap_or(id), "{url}");

        let name = format!("p{}", world.next());
        let mut person = good.person(&name, &crate::support::Peer::other_key());
        person["url"] = url.clone();
        good.serve(&format!("/users/{name}"), person);
        let query: String = url::form_urlencoded::byte_serialize(good.actor(&name).as_bytes()).collect();
        let found = world.alice.get(&format!("/api/v2/search?resolve=true&type=accounts&q={query}"));
        assert_eq!(found["accounts"][0]["url"], shown.unwrap_or(good.actor(&name)), "{url} of an actor");
    }
}

#[test]
fn local_objects_cannot_be_changed_from_other_servers() {
    let world = Meeting::new();
    let post = world.alice.posts("mine", "public");
    let (id, me) = (post["uri"].as_str().unwrap().to_owned(), world.alice.actor());
    let tables = ["timelines", "notifications"];
    let mallory = world.evil.actor("mallory");
    let before = Picture::of(&world.alice).without(&tables);
    let port = world.alice.authority.rsplit(':').next().unwrap().to_owned();
    for ours in [
        id.clone(),
        format!("{id}/"),
        format!("{id}?x=1"),
        format!("{id}#x"),
        id.replace("http://", "HTTP://"),
        id.replace("/users/", "//users/"),
        id.replace("/users/alice", "/users/x/../alice"),
        id.replace("127.0.0.1", "127.1"),
        id.replace("127.0.0.1", "2130706433"),
        id.replace("127.0.0.1", "localhost"),
        id.replace("127.0.0.1", "[::1]"),
        id.replace(&port, &format!("0{port}")),
        format!("{me}/statuses/1"),
        format!("{}/notes/1", world.alice.url("")),
    ] {
        for author in [&me, &mallory] {
            world.mallory("Create", words(&ours, author, "forged"));
            world.mallory("Update", words(&ours, author, "forged"));
        }
        // Another spelling of the id identifies the same post, so a boost of it is a boost of the post.
        if ours != id && world.alice.app.domain.site.id_of(&ours, "alice").is_none() {
            world.mallory("Announce", words(&ours, &me, "forged"));
            world.mallory("Announce", json!(ours));
        }
        world.mallory("Delete", json!(ours));
        let after = Picture::of(&world.alice).without(&tables).without(&["tombstones"]);
        assert_eq!(before.changes(&after), Vec::<String>::new(), "{ours}");
    }
    assert_eq!(
        world.alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()))["content"],
        "<p>mine</p>"
    );
    assert!(!world.everything().contains("forged"));
}

/// The same path on another port belongs to another server.
#[test]
fn another_port_is_another_server() {
    let world = Meeting::new();
    let post = world.alice.posts("mine", "public");
    let path = post["uri"].as_str().unwrap().trim_start_matches(&world.alice.url("")).to_owned();
    let theirs = format!("{}{path}", world.evil.base);
    world.mallory("Create", words(&theirs, &world.evil.actor("mallory"), "theirs"));
    assert!(world.stored(&theirs).unwrap().contains("theirs"));
    assert_eq!(world.stored(post["uri"].as_str().unwrap()).as_deref(), Some("<p>mine</p>"));
    let local = world.alice.get("/api/v1/timelines/public?local=true").to_string();
    assert!(local.contains("mine") && !local.contains("theirs"));
}
