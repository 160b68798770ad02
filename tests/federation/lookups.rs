//! Error messages that the owner sees when looking up an account or post on another server fails.

use serde_json::{Value, json};

use super::meeting::Meeting;
use crate::support::{Peer, Request, TestServer};

fn host(peer: &Peer) -> &str {
    peer.base.trim_start_matches("http://")
}

fn search(alice: &TestServer, text: &str) -> Value {
    let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    alice.get(&format!("/api/v2/search?resolve=true&q={query}"))
}

#[test]
fn a_missing_account_and_an_unreachable_host_are_reported_as_such() {
    let (alice, peer) = (TestServer::start("alice"), Peer::start());
    // A port that was free a moment ago.
    let dead = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (cookie, _) = alice.session();
    for (handle, status, expected) in [
        (format!("nobody@{}", host(&peer)), 404, format!("There is no such account on {}", host(&peer))),
        (format!("ada@{dead}"), 503, format!("{dead} does not answer")),
    ] {
        let found = search(&alice, &format!("@{handle}"));
        assert_eq!((&found["accounts"], &found["notice"]), (&json!([]), &json!(expected)), "{handle}");
        for path in [format!("/u/{handle}"), format!("/authorize_interaction?uri=acct:{handle}")] {
            let page = alice.send(&Request::get(&path).header("cookie", &cookie));
            assert_eq!(page.status, status, "{path}");
            assert!(page.text().contains(&expected) && !page.text().contains("busy"), "{path}: {}", page.text());
        }
        let page = alice.send(&Request::get(&format!("/search?q=@{handle}")).header("cookie", &cookie)).expect(200);
        assert!(page.text().contains(&expected), "{}", page.text());
        let error = alice
            .app
            .domain
            .remote()
            .unwrap()
            .actor_by_handle(handle.split('@').next().unwrap(), handle.split('@').nth(1).unwrap());
        assert_eq!(error.unwrap_err().to_string(), expected, "as the command line prints it");
    }
    for (url, expected) in [
        (format!("{}/notes/none", peer.base), format!("There is no such account or post on {}", host(&peer))),
        (format!("http://{dead}/notes/1"), format!("{dead} does not answer")),
    ] {
        assert_eq!(search(&alice, &url)["notice"], expected);
    }
}

#[test]
fn every_spelling_of_an_account_finds_it() {
    let world = Meeting::new();
    let host = host(&world.good);
    let mut ana = world.good.document("/users/ana");
    ana["url"] = json!(format!("{}/@ana", world.good.base));
    world.good.serve("/users/ana", ana.clone());
    world.good.serve("/@ana", ana);
    let refresh = world.alice.app.domain.remote().unwrap().fresh_actor(&world.good.actor("ana"));
    assert!(refresh.is_ok());
    for text in [
        format!("acct:ana@{host}"),
        format!("@ana@{host}"),
        format!("ana@{host}"),
        format!("ANA@{host}"),
        format!("@ana@{host}/"),
        world.good.actor("ana"),
        format!("{}/@ana", world.good.base),
        format!("{}/@ana?lang=de#top", world.good.base),
        format!("{}#main", world.good.actor("ana")),
    ] {
        let found = search(&world.alice, &text);
        assert_eq!(found["accounts"][0]["uri"], world.good.actor("ana").as_str(), "{text}: {found}");
    }
}
