//! `dassie emoji`, beside the running server.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{dassie, printed};
use crate::support::{Peer, TestServer};

fn png(path: &Path, shade: u8) {
    image::RgbImage::from_pixel(30, 30, image::Rgb([shade, 1, 2])).save(path).unwrap();
}

fn json_of(server: &TestServer, args: &[&str]) -> Value {
    let output = dassie(server.dir(), args, "");
    assert!(output.status.success(), "{args:?}: {}", printed(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn emoji_are_added_listed_changed_and_removed() {
    let alice = TestServer::start("alice");
    let files = tempfile::tempdir().unwrap();
    let file = files.path().join("a.png");
    png(&file, 1);
    let path = file.to_str().unwrap();
    let run = |args: &[&str]| dassie(alice.dir(), args, "");
    assert!(printed(&run(&["emoji", "list"])).contains("There are no custom emoji"));
    assert!(printed(&run(&["emoji", "add", "cat", path, "--category", "Pets"])).contains(":cat: has been added"));
    assert_eq!(alice.get("/api/v1/custom_emojis")[0]["category"], "Pets", "the running server has it");
    assert_eq!(alice.posts("a :cat:", "public")["emojis"][0]["shortcode"], "cat");
    let again = run(&["emoji", "add", "cat", path]);
    assert!(
        !again.status.success() && printed(&again).contains("There is an emoji :cat: already"),
        "{}",
        printed(&again)
    );
    assert!(run(&["emoji", "add", ":cat:", path, "--replace"]).status.success());
    run(&["emoji", "edit", "cat", "--name", "kitten", "--listed", "false"]);
    let listed = json_of(&alice, &["--json", "emoji", "list"]);
    assert_eq!((&listed[0]["shortcode"], &listed[0]["listed"]), (&json!("kitten"), &json!(false)));
    assert_eq!(listed[0]["category"], "Pets");
    assert!(printed(&run(&["emoji", "list"])).contains(":kitten: (Pets) hidden"));
    let missing = run(&["emoji", "remove", "cat"]);
    assert!(
        !missing.status.success() && printed(&missing).contains("there is no emoji :cat:"),
        "{}",
        printed(&missing)
    );
    assert!(run(&["emoji", "remove", ":kitten:"]).status.success());
    assert_eq!(alice.get("/api/v1/custom_emojis"), json!([]));
}

#[test]
fn a_folder_is_imported_and_an_emoji_of_another_server_is_copied() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    let pack = tempfile::tempdir().unwrap();
    png(&pack.path().join("one.png"), 1);
    png(&pack.path().join("t-w-o.png"), 2);
    fs::write(pack.path().join("bad name.png"), "x").unwrap();
    let imported = json_of(&alice, &["--json", "emoji", "import", pack.path().to_str().unwrap(), "--category", "New"]);
    assert_eq!(imported["imported"], 2);
    assert_eq!(imported["skipped"].as_array().unwrap().len(), 1);
    let url = format!("{}/f.png", peer.base);
    peer.serve_file("/f.png", "image/png", fs::read(pack.path().join("one.png")).unwrap());
    peer.serve_as("/api/v1/custom_emojis", "application/json", json!([{"shortcode": "fox", "url": url}]));
    let name = format!(":fox:@{}", peer.base.trim_start_matches("http://"));
    json_of(&alice, &["--json", "emoji", "copy", &name, "--as", "red_fox"]);
    let listed = json_of(&alice, &["--json", "emoji", "list"]);
    let names: Vec<&str> = listed.as_array().unwrap().iter().map(|e| e["shortcode"].as_str().unwrap()).collect();
    assert_eq!(names, ["one", "red_fox", "t_w_o"]);
    assert_eq!(listed[0]["category"], "New");
    let wrong = dassie(alice.dir(), &["emoji", "import", "/nonexistent"], "");
    assert!(!wrong.status.success() && printed(&wrong).contains("/nonexistent"), "{}", printed(&wrong));
}
