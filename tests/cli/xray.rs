//! `dassie xray`, in its three forms.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{dassie, printed};
use crate::federation::world::PUBLIC;
use crate::support::Peer;

/// A data directory, with a server in it that may contact its own machine.
struct Desk {
    dir: tempfile::TempDir,
    peer: Peer,
}

impl Desk {
    fn new() -> Self {
        let desk = Self::empty();
        let init = ["init", "--yes", "--user", "alice", "--domain", "localhost", "--password-stdin"];
        let made = dassie(&desk.data(), &init, "correct horse");
        assert!(made.status.success(), "{}", printed(&made));
        desk
    }

    /// Without a server.
    fn empty() -> Self {
        let peer = Peer::start();
        peer.add_actor("ana");
        Self { dir: tempfile::tempdir().unwrap(), peer }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("d")
    }

    fn host(&self) -> &str {
        self.peer.base.trim_start_matches("http://")
    }

    fn run(&self, what: &str) -> Value {
        let output = dassie(&self.data(), &["xray", what, "--json"], "");
        assert!(output.status.success(), "{what}: {}", printed(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn file(&self, document: &Value) -> String {
        let path = self.dir.path().join("document.json");
        std::fs::write(&path, document.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A public note by Ana with these members on top, served at its id.
    fn note(&self, name: &str, more: Value) -> String {
        let mut note = self.peer.note("ana", name, "<p>hello</p>", &[PUBLIC])["object"].clone();
        note.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.peer.serve(&format!("/notes/{name}"), note);
        format!("{}/notes/{name}", self.peer.base)
    }

    /// From now on, WebFinger resolves to Ana.
    fn serves_webfinger(&self) {
        let link = json!({"rel": "self", "type": "application/activity+json", "href": self.peer.actor("ana")});
        let jrd = json!({"subject": format!("acct:ana@{}", self.host()), "links": [link]});
        self.peer.serve_as("/.well-known/webfinger", "application/jrd+json", jrd);
    }

    /// Every check with whether it is in order.
    fn checks(found: &Value) -> Vec<(&str, bool)> {
        let checks = found["checks"].as_array().unwrap();
        checks.iter().map(|c| (c["what"].as_str().unwrap(), c["ok"].as_bool().unwrap())).collect()
    }
}

#[test]
fn a_file_is_read_without_network_requests() {
    for desk in [Desk::new(), Desk::empty()] {
        let quoted = format!("{}/notes/2", desk.peer.base);
        let mut create = desk.peer.note("ana", "1", "<p>hello</p>", &[PUBLIC]);
        create["object"]["quote"] = json!(quoted);
        create["object"]["quoteAuthorization"] = json!(format!("{quoted}/stamp"));
        let found = desk.run(&desk.file(&create));
        assert_eq!((&found["kind"], &found["type"]), (&json!("activity"), &json!("Create Note")));
        assert_eq!((&found["text"], &found["visibility"]), (&json!("hello"), &json!("public")));
        assert_eq!((&found["object"], &found["objects"]), (&create["object"]["id"], &json!([create["object"]["id"]])));
        assert_eq!(desk.peer.requests.load(std::sync::atomic::Ordering::SeqCst), 0);
        let plain = dassie(&desk.data(), &["xray", &desk.file(&create)], "");
        assert!(printed(&plain).contains("\ntext             hello\n"), "{}", printed(&plain));
    }
    let mistakes = [("{", "not valid JSON"), ("", "not valid JSON")];
    for (text, wanted) in mistakes {
        let desk = Desk::empty();
        std::fs::create_dir_all(desk.data()).unwrap();
        let output = dassie(&desk.data(), &["xray", "-"], text);
        assert!(!output.status.success() && printed(&output).contains(wanted), "{}", printed(&output));
    }
}

#[test]
fn the_json_has_exactly_the_members_that_the_documentation_lists() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/federation.md")).unwrap();
    let table = text.split("## `dassie xray`").nth(1).unwrap();
    let rows = table.lines().filter(|l| l.starts_with("| `"));
    let cells = rows.map(|l| l.split('|').nth(1).unwrap());
    let listed: BTreeSet<&str> = cells.flat_map(|c| c.split('`').skip(1).step_by(2)).collect();
    let desk = Desk::empty();
    let found = desk.run(&desk.file(&desk.peer.note("ana", "1", "x", &[PUBLIC])));
    let there: BTreeSet<&str> = found.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(there, listed);
}

#[test]
fn a_url_is_fetched_and_every_check_is_reported() {
    let desk = Desk::new();
    let found = desk.run(&desk.note("1", json!({})));
    assert_eq!((&found["kind"], &found["verdict"]), (&json!("post"), &json!("stored")), "{found}");
    let in_order = [
        "our request was signed and got a response",
        "it is an ActivityPub document",
        "the document states the id that it was fetched from",
        "its author is on the same server",
    ];
    assert_eq!(Desk::checks(&found)[..4], in_order.map(|what| (what, true)), "{found}");

    let foreign = desk.note("2", json!({"attributedTo": "http://localhost:1/users/eve"}));
    let found = desk.run(&foreign);
    assert!(Desk::checks(&found).contains(&("its author is on the same server", false)), "{found}");
    assert_eq!(found["reason"], "foreign-object");
}

#[test]
fn an_unusable_response_is_reported_with_the_failed_check() {
    let desk = Desk::new();
    let base = &desk.peer.base;
    let gone = format!("{base}/nothing");
    desk.peer.serve_as("/page", "text/html", json!("no link here"));
    desk.peer.serve_as("/broken", "application/activity+json", json!({"id": 1}));
    desk.note("liar", json!({"id": "http://localhost:1/notes/1"}));
    desk.note("other", json!({"id": format!("{base}/notes/liar")}));
    for (address, failed) in [
        (gone, "our request was signed and got a response"),
        (format!("{base}/page"), "it is an ActivityPub document"),
        (format!("{base}/broken"), "the document states the id that it was fetched from"),
        (format!("{base}/notes/other"), "the document states the id that it was fetched from"),
        ("http://peer.example/1".into(), "its server may be contacted"),
    ] {
        let found = desk.run(&address);
        assert_eq!(Desk::checks(&found).last(), Some(&(failed, false)), "{address}: {found}");
        assert_eq!((&found["kind"], &found["source"]), (&json!("unknown"), &json!(address)));
        assert!(found["verdict"].as_str().unwrap().starts_with("refused: "), "{address}: {found}");
        assert_eq!(found["reason"], "unusable-document");
    }
}

#[test]
fn the_approval_of_a_quote_is_fetched() {
    let desk = Desk::new();
    desk.peer.add_actor("eve");
    let quoted = desk.note("quoted", json!({"attributedTo": desk.peer.actor("eve")}));
    let stamp = format!("{}/stamp", desk.peer.base);
    let quoting = |name: &str, more: Value| {
        let mut members = json!({"quote": quoted});
        members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let found = desk.run(&desk.note(name, members));
        (found["quote"]["approved"].as_bool().unwrap(), found["quote"]["why"].as_str().unwrap().to_owned())
    };
    assert!(!quoting("a", json!({"quoteAuthorization": stamp})).0, "the approval does not exist");
    let approval = json!({"id": stamp, "type": "QuoteAuthorization", "attributedTo": desk.peer.actor("eve"), "interactingObject": format!("{}/notes/b", desk.peer.base), "interactionTarget": quoted});
    desk.peer.serve("/stamp", approval);
    let granted = quoting("b", json!({"quoteAuthorization": stamp}));
    assert_eq!(granted, (true, "the server of the quoted post confirms the approval".to_owned()));
    assert!(!quoting("c", json!({"quoteAuthorization": stamp})).0, "it is for another quote");
    assert!(!quoting("d", json!({})).0, "same server, another author");
    let own = quoting("e", json!({"attributedTo": desk.peer.actor("eve")}));
    assert!(own.0, "{own:?}");
}

#[test]
fn a_handle_resolves_to_its_actor() {
    let desk = Desk::new();
    let ana = desk.peer.actor("ana");
    let mut person = desk.peer.document("/users/ana");
    person["attachment"] = json!([{"type": "PropertyValue", "name": "Home", "value": "<b>here</b>"}]);
    person["alsoKnownAs"] = json!(["https://old.example/1"]);
    person["manuallyApprovesFollowers"] = json!(true);
    desk.peer.serve("/users/ana", person);
    desk.serves_webfinger();
    let found = desk.run(&format!("@ana@{}", desk.host()));
    assert_eq!((&found["kind"], &found["id"], &found["verdict"]), (&json!("actor"), &json!(ana), &json!("stored")));
    assert_eq!(found["author"], format!("@ana@{}", desk.host()));
    assert_eq!(found["fields"], json!([{"name": "Home", "value": "here"}]));
    assert_eq!((&found["aliases"], &found["locked"]), (&json!(["https://old.example/1"]), &json!(true)));
    assert_eq!(Desk::checks(&found)[0], ("WebFinger resolves to an actor", true));

    let empty = Desk::new();
    let found = empty.run(&format!("bob@{}", empty.host()));
    assert_eq!(Desk::checks(&found), [("WebFinger resolves to an actor", false)], "{found}");
    assert_eq!(found["kind"], "unknown");
}

#[test]
fn the_report_matches_the_result_of_the_server() {
    let desk = Desk::empty();
    let ana = desk.peer.actor("ana");
    let followers = format!("{}/followers/ana", desk.peer.base);
    let for_followers = desk.peer.note("ana", "1", "x", &[&followers]);
    assert_eq!(desk.run(&desk.file(&for_followers))["visibility"], "private", "Friendica's name for followers");
    let flag = json!({"id": format!("{}/f", desk.peer.base), "type": "Flag", "actor": ana, "object": ["http://localhost/users/owner", "https://b.example/1"]});
    assert_eq!(desk.run(&desk.file(&flag))["objects"], flag["object"]);
    let accept = json!({"id": format!("{}/a", desk.peer.base), "type": "Accept", "actor": ana, "object": "http://localhost/users/owner/statuses/1/quote", "result": format!("{}/stamp", desk.peer.base)});
    assert_eq!(desk.run(&desk.file(&accept))["result"], accept["result"]);
    let request = json!({"id": format!("{}/q", desk.peer.base), "type": "QuoteRequest", "actor": ana, "object": "http://localhost/users/owner/statuses/1", "instrument": format!("{}/notes/2", desk.peer.base)});
    assert_eq!(desk.run(&desk.file(&request))["instrument"], request["instrument"]);
    let collection = json!({"id": format!("{}/c", desk.peer.base), "type": "OrderedCollection", "totalItems": 7});
    let found = desk.run(&desk.file(&collection));
    assert_eq!((&found["kind"], &found["total"]), (&json!("collection"), &json!(7)));
    let nameless = json!({"id": format!("{}/users/x", desk.peer.base), "type": "Application", "inbox": format!("{}/inbox", desk.peer.base)});
    assert_eq!(desk.run(&desk.file(&nameless))["author"], format!("@x@{}", desk.host()));
    let boost = json!({"id": format!("{}/b", desk.peer.base), "type": "Announce", "actor": ana, "object": "https://b.example/1", "to": [PUBLIC]});
    let found = desk.run(&desk.file(&boost));
    assert_eq!((&found["verdict"], &found["fetches"]), (&json!("applied"), &json!(["https://b.example/1"])));
    assert_eq!(found["provided"], "the fetched post permits it");
    let two = |name: &str| json!({"id": format!("{}/v/{name}", desk.peer.base), "type": "Note", "attributedTo": ana, "name": name, "inReplyTo": "http://localhost/users/owner/statuses/1"});
    let votes = json!({"id": format!("{}/v", desk.peer.base), "type": "Create", "actor": ana, "object": [two("tea"), two("coffee")]});
    let found = desk.run(&desk.file(&votes));
    assert_eq!((&found["kind"], &found["text"]), (&json!("vote"), &json!("tea\ncoffee")));

    let desk = Desk::new();
    let note = json!({"id": "http://127.0.0.9/n/1", "type": "Note", "attributedTo": "http://127.0.0.9/u/eve", "content": "x", "to": [PUBLIC]});
    let suspended = dassie(&desk.data(), &["domain", "block", "127.0.0.9"], "");
    assert!(suspended.status.success(), "{}", printed(&suspended));
    let eve = json!({"id": "http://127.0.0.9/u/eve", "type": "Person", "inbox": "http://127.0.0.9/u/eve/inbox"});
    for document in [note, eve] {
        let found = desk.run(&desk.file(&document));
        assert_eq!(
            (&found["verdict"], &found["reason"]),
            (&json!("refused: this server does not federate with the actor's server"), &json!("host-suspended"))
        );
    }
}

#[test]
fn a_server_that_cannot_be_opened_is_an_error() {
    let desk = Desk::new();
    let file = desk.file(&json!({"id": "https://a.example/n/1", "type": "Note", "content": "x"}));
    let database = rusqlite::Connection::open(desk.data().join("dassie.db")).unwrap();
    database.pragma_update(None, "user_version", 999).unwrap();
    let output = dassie(&desk.data(), &["xray", &file], "");
    assert!(!output.status.success() && printed(&output).contains("schema version 999"), "{}", printed(&output));
}

/// Diagnoses of a server must not come from a cache: they would report the state of an hour ago.
#[test]
fn a_handle_is_resolved_without_a_cache() {
    let desk = Desk::new();
    let handle = format!("@ana@{}", desk.host());
    desk.serves_webfinger();
    let named = ("WebFinger resolves to an actor", true);
    assert_eq!(Desk::checks(&desk.run(&handle))[0], named);
    desk.peer.responds("/.well-known/webfinger", "400 Bad Request");
    let found = desk.run(&handle);
    assert_eq!(Desk::checks(&found), [(named.0, false)], "{found}");
    assert!(found["verdict"].as_str().unwrap().starts_with("refused: "), "{found}");
}

#[test]
fn approvals_are_recognised_by_type() {
    let desk = Desk::empty();
    let (author, id) = (desk.peer.actor("ana"), format!("{}/consents/1", desk.peer.base));
    let (reply, post) = ("https://b.example/1".to_owned(), format!("{}/notes/1", desk.peer.base));
    for (kind, allows, who, one, other) in [
        ("ReplyAuthorization", "reply", "attributedTo", "interactingObject", "interactionTarget"),
        ("QuoteAuthorization", "quote", "attributedTo", "interactingObject", "interactionTarget"),
        ("LikeApproval", "like", "actor", "object", "target"),
    ] {
        let found = desk.run(&desk.file(&json!({"id": id, "type": kind, who: author, one: reply, other: post})));
        assert_eq!((&found["kind"], &found["author"]), (&json!("consent"), &json!(author)), "{found}");
        assert_eq!(found["consent"], json!({"allows": allows, "interacting": reply, "to": post}));
        assert_eq!(found["reason"], "standalone-approval");
    }
}

#[test]
fn control_characters_of_a_document_do_not_reach_the_terminal() {
    let desk = Desk::empty();
    let file = desk.dir.path().join("odd.json");
    for kind in ["No\u{1b}]0;x\u{7}te", "A\u{9b}31mB", "x\r\u{202e}y\u{ad}", "Note"] {
        let document = json!({
            "id": "https://a.example/\u{1b}[31m1", "type": kind, "attributedTo": "https://a.example/a",
            "content": "<p>a\u{1b}[2Jb\u{9b}1A</p>", "name": "t\u{8}\u{7f}", "summary": "s\u{1b}c",
        });
        std::fs::write(&file, document.to_string()).unwrap();
        for args in [&["xray", file.to_str().unwrap()][..], &["xray", file.to_str().unwrap(), "--json"][..]] {
            let output = dassie(&desk.data(), args, "");
            let text = printed(&output);
            let harmful = |c: char| c != '\n' && c != '\t' && (c.is_control() || ['\u{202e}', '\u{ad}'].contains(&c));
            assert!(!text.contains(harmful), "{kind:?} {args:?}: {text:?}");
            if args.len() > 2 && output.status.success() {
                serde_json::from_slice::<Value>(&output.stdout).unwrap();
            }
        }
    }
}
