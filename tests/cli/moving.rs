//! `dassie move`, beside a running server.

use serde_json::{Value, json};

use super::{dassie, printed};
use crate::support::{TestServer, eventually};

fn succeeds(server: &TestServer, args: &[&str], input: &str) -> String {
    let output = dassie(server.dir(), args, input);
    assert!(output.status.success(), "{args:?}: {}", printed(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn fails(server: &TestServer, args: &[&str], input: &str) -> String {
    let output = dassie(server.dir(), args, input);
    assert!(!output.status.success(), "{args:?}: {}", printed(&output));
    printed(&output)
}

fn json_of(server: &TestServer, args: &[&str]) -> Value {
    serde_json::from_str(&succeeds(server, &[args, &["--json"]].concat(), "")).unwrap()
}

#[test]
fn the_account_moves_after_a_question_and_the_move_is_cancelled() {
    let (old, new, fan) = (TestServer::start("old"), TestServer::start("new"), TestServer::start("fan"));
    fan.follows(&old);
    let (from, to) = (format!("@old@{}", old.authority), format!("@new@{}", new.authority));
    let refused = fails(&old, &["move", "to", &to, "--yes"], "");
    assert!(refused.contains(&format!("does not list {from}")), "{refused}");

    assert!(succeeds(&new, &["move", "alias", "add", &from], "").contains("may move to this account"));
    let alias = json!({"uri": old.actor(), "handle": from.trim_start_matches('@')});
    assert_eq!(json_of(&new, &["move", "alias", "list"]), json!([alias]));

    // The running server sees what another process wrote within half a second.
    let sees = || !printed(&dassie(old.dir(), &["move", "to", &to], "no\n")).contains("does not list");
    eventually("the new server shows the alias", sees);
    let refused_text = fails(&old, &["move", "to", &to], "no\n");
    assert!(refused_text.contains("you can no longer post"), "{refused_text}");
    assert!(refused_text.contains("nothing was changed"), "{refused_text}");
    assert_eq!(json_of(&old, &["move", "status"])["moved_to"], Value::Null);

    assert!(succeeds(&old, &["move", "to", &to], "y\n").contains("has moved to"));
    assert_eq!(json_of(&old, &["move", "status"])["moved_to"]["uri"], json!(new.actor()));
    eventually("the running server moves the follower", || new.notifications() == ["follow"]);

    assert!(succeeds(&old, &["move", "cancel"], "").contains("cancelled"));
    assert!(succeeds(&old, &["move", "status"], "").contains("has not moved"));
    assert!(fails(&old, &["move", "to", &to, "--yes"], "").contains("30 days"));
    assert_eq!(json_of(&old, &["move", "to", &to, "--yes", "--force"])["moved_to"]["uri"], json!(new.actor()));

    succeeds(&new, &["move", "alias", "remove", &from], "");
    assert_eq!(succeeds(&new, &["move", "alias", "list"], ""), "No aliases\n");
}
