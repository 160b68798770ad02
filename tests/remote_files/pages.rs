//! Media URLs in pages and API responses: no browser is sent to another server.

use serde_json::{Value, json};

use super::{load, png};
use crate::support::proxy::path_of;
use crate::support::{Origin, OriginFile, Peer, Request, TestServer, eventually, unproxied};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// A server whose owner follows an account with pictures and a post with every kind of media.
struct Scene {
    alice: TestServer,
    peer: Peer,
    origin: Origin,
    actor: String,
}

impl Scene {
    fn new() -> Self {
        let (alice, peer, origin) = (TestServer::start("alice"), Peer::start(), Origin::start());
        let file = |name: &str| origin.serve(name, OriginFile::new(png(500)));
        let image = |name: &str| json!({"type": "Image", "url": file(name)});
        let emoji = json!([{"type": "Emoji", "name": ":blob:", "icon": image("/blob.png")}]);
        let mut ana = peer.person("ana", &peer.key());
        ana["icon"] = image("/avatar.png");
        ana["image"] = image("/header.png");
        ana["name"] = json!("Ana :blob:");
        ana["tag"] = emoji.clone();
        peer.serve("/users/ana", ana);
        let actor = alice.follows_actor(&peer, "ana");
        let mut note = peer.note("ana", "1", "a post :blob:", &[PUBLIC]);
        note["object"]["tag"] = emoji;
        note["object"]["attachment"] =
            json!([{"type": "Document", "mediaType": "image/png", "url": file("/photo.png")}]);
        peer.delivers(&alice, "ana", &note).expect(202);
        eventually("the post arrives", || alice.sees("a post").is_some());
        Self { alice, peer, origin, actor }
    }

    fn post(&self) -> Value {
        self.alice.sees("a post").unwrap()
    }
}

#[test]
fn apps_load_all_files_from_this_server() {
    let scene = Scene::new();
    let post = scene.post();
    let (account, media, emoji) = (&post["account"], &post["media_attachments"][0], &post["emojis"][0]);
    for (url, name) in [
        (&account["avatar"], "/avatar.png"),
        (&account["avatar_static"], "/avatar.png"),
        (&account["header"], "/header.png"),
        (&account["header_static"], "/header.png"),
        (&account["emojis"][0]["url"], "/blob.png"),
        (&emoji["url"], "/blob.png"),
        (&emoji["static_url"], "/blob.png"),
        (&media["url"], "/photo.png"),
        (&media["preview_url"], "/photo.png"),
    ] {
        let url = url.as_str().unwrap();
        assert!(url.starts_with(&scene.alice.url("/proxy/o")), "{url}");
        assert_eq!(unproxied(url), format!("{}{name}", scene.origin.base));
        assert_eq!(load(&scene.alice, path_of(url)).expect(200).body, png(500), "{name}");
    }
    assert_eq!(media["remote_url"], format!("{}/photo.png", scene.origin.base));
    assert_eq!(scene.origin.requests().len(), 4, "each is fetched once");
    let public = scene.alice.send(&Request::get(&format!("/api/v1/accounts/{}", scene.actor))).json();
    let avatar = public["avatar"].as_str().unwrap();
    assert!(avatar.starts_with(&scene.alice.url("/proxy/v")), "visitors have addresses of their own: {avatar}");
    load(&scene.alice, path_of(avatar)).expect(200);
}

#[test]
fn pages_load_all_files_from_this_server() {
    let scene = Scene::new();
    let cookie = scene.alice.session().0;
    let id = scene.post()["id"].as_str().unwrap().to_owned();
    let handle = format!("/u/ana@{}", scene.peer.base.trim_start_matches("http://"));
    for path in ["/home", &format!("/t/{id}"), &handle, &format!("{handle}/media"), "/people/following"] {
        let page = scene.alice.send(&Request::get(path).header("cookie", &cookie)).expect(200);
        let policy = page.header("content-security-policy").unwrap().to_owned();
        assert!(policy.contains("img-src 'self'; media-src 'self';"), "{policy}");
        let text = page.text();
        let sources: Vec<&str> = text.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        for source in sources {
            let own = source.starts_with(&scene.alice.url("/")) || source.starts_with('/');
            assert!(own, "{path} loads {source}");
        }
        assert!(unproxied(&text).contains("avatar.png"), "{path} shows the avatar");
    }
}

#[test]
fn a_file_is_served_while_its_post_and_profile_are_shown() {
    let scene = Scene::new();
    let post = scene.post();
    let [photo, avatar, blob] =
        [&post["media_attachments"][0]["url"], &post["account"]["avatar"], &post["emojis"][0]["url"]]
            .map(|url| path_of(url.as_str().unwrap()).to_owned());
    load(&scene.alice, &photo).expect(200);
    load(&scene.alice, &avatar).expect(200);
    let mut ana = scene.peer.document("/users/ana");
    ana["icon"] = Value::Null;
    let update = json!({"id": format!("{}/u1", scene.peer.base), "type": "Update", "actor": scene.peer.actor("ana"), "object": ana, "to": [PUBLIC]});
    scene.peer.delivers(&scene.alice, "ana", &update).expect(202);
    eventually("the old avatar is not served", || load(&scene.alice, &avatar).status == 404);
    let host = scene.origin.base.trim_start_matches("http://").to_owned();
    scene.alice.post("/api/v1/statuses", json!({"status": "before"}));
    dassie::domain::federation_policy::decide(
        &scene.alice.app.domain,
        &host,
        dassie::domain::federation_policy::Decision { reject_media: true, ..Default::default() },
    )
    .unwrap();
    for path in [&photo, &blob] {
        load(&scene.alice, path).expect(404);
    }
    dassie::domain::federation_policy::withdraw(&scene.alice.app.domain, &host).unwrap();
    load(&scene.alice, &photo).expect(200);
    let delete = json!({"id": format!("{}/d1", scene.peer.base), "type": "Delete", "actor": scene.peer.actor("ana"), "object": format!("{}/notes/1", scene.peer.base), "to": [PUBLIC]});
    scene.peer.delivers(&scene.alice, "ana", &delete).expect(202);
    eventually("the photo of a deleted post is not served", || load(&scene.alice, &photo).status == 404);
}
