//! `dassie owner delete`, with and without a running server.

use dassie::store::database::dir_lock::DirLock;
use serde_json::{Value, json};

use super::{INIT, dassie, printed};
use crate::support::{Request, TestServer, eventually};

#[test]
fn the_command_lists_what_it_will_do_and_deletes_only_after_the_handle_was_typed() {
    let (alice, fan) = (TestServer::start("alice"), TestServer::start("fan"));
    fan.follows(&alice);
    alice.posts("the last post", "public");
    eventually("the post arrives", || fan.sees("the last post").is_some());
    let _serving = DirLock::take(alice.dir()).unwrap();

    let listed = dassie(alice.dir(), &["owner", "delete", "--dry-run", "--json"], "");
    let plan: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let handle = format!("@alice@{}", alice.authority);
    let expected = json!({
        "handle": handle, "posts": 1, "remote_posts": 0, "files": 0, "followers": 1, "following": 0, "servers": 1,
    });
    assert_eq!(plan, expected);
    let refused = dassie(alice.dir(), &["owner", "delete"], "yes\n");
    let text = printed(&refused);
    assert!(!refused.status.success() && text.contains("nothing was deleted"), "{text}");
    for words in ["1 post or boost", "1 follower and", "1 server is asked", "It cannot be undone", &handle] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(fan.sees("the last post").is_some());

    let deleted = dassie(alice.dir(), &["owner", "delete"], &format!("{handle}\n"));
    let text = printed(&deleted);
    assert!(deleted.status.success() && text.contains("Every server has received it"), "{text}");
    assert!(text.contains("left: 0 deliveries, 0 posts, 0 files"), "progress is reported: {text}");
    eventually("the fan loses the account", || fan.home().is_empty());
    eventually("the running server has noticed", || alice.send(&Request::get("/users/alice").activity()).status == 410);

    // Afterwards every command states why it does nothing.
    let again = dassie(alice.dir(), &["owner", "delete", "--json"], "");
    assert_eq!(
        serde_json::from_slice::<Value>(&again.stdout).unwrap(),
        json!({"deleted": true, "deliveries_waiting": 0})
    );
    for args in [&["status"][..], &["post", "hello"], &["init", "--yes"]] {
        let output = dassie(alice.dir(), args, "");
        assert!(!output.status.success() && printed(&output).contains("was deleted"), "{args:?}: {}", printed(&output));
    }
}

#[test]
fn without_a_running_server_the_command_delivers_itself() {
    let fan = TestServer::start("fan");
    let alice = TestServer::start("alice");
    fan.follows(&alice);
    eventually("all is delivered", || alice.is_settled() && fan.is_settled());
    let (data, handle) = (alice.stops(), format!("alice@{}", alice_authority(&fan)));
    let deleted = dassie(data.path(), &["owner", "delete", "--confirm", &handle], "");
    let text = printed(&deleted);
    assert!(deleted.status.success() && text.contains("Every server has received it"), "{text}");
    eventually("the fan no longer has a follower", || following(&fan) == 0);
}

fn following(fan: &TestServer) -> i64 {
    fan.get("/api/v1/accounts/verify_credentials")["following_count"].as_i64().unwrap()
}

/// The authority of the account that the fan follows.
fn alice_authority(fan: &TestServer) -> String {
    let me = fan.get("/api/v1/accounts/verify_credentials")["id"].as_str().unwrap().to_owned();
    let followed = fan.get(&format!("/api/v1/accounts/{me}/following"));
    followed[0]["acct"].as_str().unwrap().split('@').nth(1).unwrap().to_owned()
}

#[test]
fn a_server_without_an_owner_has_nothing_to_delete() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d");
    assert!(printed(&dassie(&data, &["owner", "delete"], "")).contains("no server exists"));
    assert!(dassie(&data, &INIT, "correct horse").status.success());
    let output = dassie(&data, &["owner", "delete", "--confirm", "@bob@example.org"], "");
    assert!(
        !output.status.success() && printed(&output).contains("this is not @alice@example.org"),
        "{}",
        printed(&output)
    );
}
