//! `dassie media`: the disk space used by media.

use dassie::domain::remote_files::{Audience, RemoteFile};
use serde_json::{Value, json};

use super::{dassie, printed};
use crate::support::proxy::path_of;
use crate::support::{Origin, OriginFile, Peer, Request, TestServer, eventually};

fn png(size: usize, last: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.resize(size, last);
    bytes
}

fn runs(data: &std::path::Path, args: &[&str]) -> Value {
    let output = dassie(data, &[&["--json", "media"], args].concat(), "");
    assert!(output.status.success(), "{}", printed(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Shows a file that nothing refers to by id to a visitor.
fn shows(alice: &TestServer, url: &str) {
    let address = alice.app.domain.proxied(Audience::Visitor, RemoteFile::Emoji, url);
    alice.send(&Request::get(path_of(&address))).expect(200);
}

#[test]
fn usage_and_prune_count_what_is_in_the_cache() {
    let (alice, origin) = (TestServer::start("alice"), Origin::start());
    for n in 0..3 {
        shows(&alice, &origin.serve(&format!("/{n}.png"), OriginFile::new(png(1_000, n))));
    }
    let usage = runs(alice.dir(), &["usage"]);
    assert_eq!(usage["cache"], json!({"files": 3, "bytes": 3_000, "visitors": 3_000, "budget": 2_000_000_000}));
    assert_eq!(usage["own"], json!({"files": 0, "bytes": 0}));
    let text = printed(&dassie(alice.dir(), &["media", "usage"], ""));
    assert!(text.contains("cache: 3 files, 3.0 KB of 2.0 GB"), "{text}");
    assert_eq!(runs(alice.dir(), &["prune"]), json!({"dry_run": false, "files": 0, "bytes": 0}), "none is old");
    let would = runs(alice.dir(), &["prune", "--older", "0", "--dry-run"]);
    assert_eq!(would, json!({"dry_run": true, "files": 3, "bytes": 3_000}));
    assert_eq!(runs(alice.dir(), &["usage"])["cache"]["files"], 3);
    assert_eq!(runs(alice.dir(), &["prune", "--older", "0"])["files"], 3);
    assert_eq!(runs(alice.dir(), &["usage"])["cache"]["files"], 0);
    shows(&alice, &format!("{}/1.png", origin.base));
    assert_eq!(origin.requests_for("/1.png"), 2, "it is fetched again when it is shown");
}

#[test]
fn orphans_are_unreferenced_files() {
    let (alice, peer, origin) = (TestServer::start("alice"), Peer::start(), Origin::start());
    let mut ana = peer.person("ana", &peer.key());
    ana["icon"] = json!({"type": "Image", "url": origin.serve("/a.png", OriginFile::new(png(2_000, 1)))});
    peer.serve("/users/ana", ana.clone());
    let id = alice.follows_actor(&peer, "ana");
    let avatar = alice.get(&format!("/api/v1/accounts/{id}"))["avatar"].as_str().unwrap().to_owned();
    alice.send(&Request::get(path_of(&avatar))).expect(200);
    let none = json!({"files": 0, "bytes": 0});
    assert_eq!(runs(alice.dir(), &["orphans"]), json!({"dry_run": false, "cache": none, "media": none}));
    // A file without a row, as a crash leaves it, and one of the owner's that a restored database does not know.
    let place = |path: &str| {
        let path = alice.dir().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, b"left").unwrap();
        let old = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        path
    };
    let left = place("cache/00/11/00112233445566778899aabbccddeeff");
    let own = place("media/ba/78/ba7816bf8f01cfea414140de5dae2223.png");
    ana["icon"] = Value::Null;
    let update =
        json!({"id": format!("{}/u1", peer.base), "type": "Update", "actor": peer.actor("ana"), "object": ana});
    peer.delivers(&alice, "ana", &update).expect(202);
    eventually("the avatar is removed", || alice.send(&Request::get(path_of(&avatar))).status == 404);
    let expected =
        |dry| json!({"dry_run": dry, "cache": {"files": 2, "bytes": 2_004}, "media": {"files": 1, "bytes": 4}});
    assert_eq!(runs(alice.dir(), &["orphans", "--dry-run"]), expected(true));
    assert!(left.exists() && own.exists());
    assert_eq!(runs(alice.dir(), &["orphans"]), expected(false));
    assert!(!left.exists() && !own.exists());
}

#[test]
fn refresh_fetches_files_again() {
    let (alice, peer, origin) = (TestServer::start("alice"), Peer::start(), Origin::start());
    let mut ana = peer.person("ana", &peer.key());
    let url = origin.serve("/a.png", OriginFile::new(png(500, 1)));
    ana["icon"] = json!({"type": "Image", "url": url});
    peer.serve("/users/ana", ana);
    let id = alice.follows_actor(&peer, "ana");
    let avatar = alice.get(&format!("/api/v1/accounts/{id}"))["avatar"].as_str().unwrap().to_owned();
    let loads = || alice.send(&Request::get(path_of(&avatar))).expect(200).body;
    assert_eq!(loads(), png(500, 1));
    origin.serve("/a.png", OriginFile::new(png(600, 2)));
    assert_eq!(loads(), png(500, 1), "it stays in the cache");
    let handle = format!("ana@{}", peer.base.trim_start_matches("http://"));
    assert_eq!(runs(alice.dir(), &["refresh", &handle, "--dry-run"])["fetched"], json!([url]));
    assert_eq!(runs(alice.dir(), &["refresh", &handle])["fetched"], json!([url]));
    assert_eq!(loads(), png(600, 2));
    let host = origin.base.trim_start_matches("http://");
    origin.serve("/a.png", OriginFile { status: "404 Not Found", ..OriginFile::new("gone") });
    let failed = dassie(alice.dir(), &["media", "refresh", host], "");
    assert!(!failed.status.success() && printed(&failed).contains("were kept"), "{}", printed(&failed));
    assert_eq!(loads(), png(600, 2), "the present file stays");
    let unknown = dassie(alice.dir(), &["media", "refresh", "@nobody@nowhere.example"], "");
    assert!(!unknown.status.success() && printed(&unknown).contains("no account @nobody@nowhere.example"));
}
