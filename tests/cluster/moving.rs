//! The owner moves to another server and back, through the page and the API.

use std::time::Duration;

use dassie::domain::account::two_factor;
use serde_json::{Value, json};

use crate::support::http::Response;
use crate::support::server::PASSWORD;
use crate::support::{Request, TestServer, eventually};

/// The owner in a browser.
struct Browser<'a> {
    server: &'a TestServer,
    cookie: String,
    csrf: String,
}

impl<'a> Browser<'a> {
    fn of(server: &'a TestServer) -> Self {
        let (cookie, csrf) = server.session();
        Self { server, cookie, csrf }
    }

    fn opens(&self, path: &str) -> String {
        self.server.send(&Request::get(path).header("cookie", &self.cookie)).expect(200).text()
    }

    fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", self.csrf.as_str())]).collect();
        self.server.send(&Request::new("POST", path).header("cookie", &self.cookie).form(&fields))
    }
}

fn handle(server: &TestServer, name: &str) -> String {
    format!("@{name}@{}", server.authority)
}

fn follows(fan: &TestServer, other: &TestServer) -> bool {
    let id = fan.finds(other);
    fan.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0]["following"] == true
}

fn document(server: &TestServer, name: &str) -> Value {
    server.send(&Request::get(&format!("/users/{name}")).activity()).expect(200).json()
}

#[test]
fn followers_are_moved_when_the_owner_moves_on_the_page() {
    let (old, new, fan) = (TestServer::start("old"), TestServer::start("new"), TestServer::start("fan"));
    fan.follows(&old);
    let (here, there) = (Browser::of(&old), Browser::of(&new));
    let target = handle(&new, "new");

    // Without the alias, and with a wrong password, nothing happens, and what was entered is kept.
    let refused = here.sends("/settings/move", &[("account", &target), ("password", PASSWORD)]).expect(422).text();
    assert!(refused.contains("does not list @old@") && refused.contains(&format!("value=\"{target}\"")), "{refused}");
    let refused = here.sends("/settings/move", &[("account", &target), ("password", "wrong horse")]).expect(422).text();
    assert!(refused.contains("The password is wrong"), "{refused}");
    assert_eq!(document(&old, "old").get("movedTo"), None);

    let added = there.sends("/settings/move/aliases", &[("account", &handle(&old, "old"))]).expect(303);
    let page = there.opens(added.header("location").unwrap());
    assert!(page.contains("The alias is added") && page.contains(&handle(&old, "old")), "{page}");
    assert_eq!(document(&new, "new")["alsoKnownAs"], json!([old.actor()]));
    assert!(
        there
            .sends("/settings/move/aliases", &[("account", "nonsense")])
            .expect(422)
            .text()
            .contains("neither a handle")
    );

    let moved = here.sends("/settings/move", &[("account", &target), ("password", PASSWORD)]).expect(303);
    assert!(here.opens(moved.header("location").unwrap()).contains("Cancel the move"));
    assert_eq!(document(&old, "old")["movedTo"], json!(new.actor()));
    eventually("the fan follows the new account", || follows(&fan, &new));
    eventually("and no longer the old one", || !follows(&fan, &old));
    eventually("the new account has the follower", || new.notifications() == ["follow"]);

    // Everyone sees where the account is now.
    let shown = old.send(&Request::get("/@old")).expect(200).text();
    assert!(
        shown.contains("has moved to") && shown.contains(&target) && !shown.contains("Follow from your own server")
    );
    let account = old.get("/api/v1/accounts/verify_credentials");
    assert_eq!(account["moved"]["uri"], json!(new.actor()));
    let page = Browser::of(&fan).opens(&format!("/u/old@{}", old.authority));
    assert!(page.contains("has moved to") && page.contains(&new.actor()));
}

#[test]
fn a_moved_account_cannot_post_or_gain_followers_until_the_move_is_cancelled() {
    let (old, new, fan) = (TestServer::start("old"), TestServer::start("new"), TestServer::start("fan"));
    let post = old.posts("before the move", "public")["id"].as_str().unwrap().to_owned();
    new.api("PUT", "/api/pleroma/aliases", json!({"alias": handle(&old, "old")})).expect(200);
    assert_eq!(new.get("/api/pleroma/aliases"), json!({"aliases": [format!("old@{}", old.authority)]}));
    let request = json!({"target_account": handle(&new, "new"), "password": "wrong horse"});
    old.api("POST", "/api/pleroma/move_account", request).expect(403);
    let request = json!({"target_account": handle(&new, "new"), "password": PASSWORD});
    assert_eq!(old.post("/api/pleroma/move_account", request.clone()), json!({"status": "success"}));

    let target = old.finds(&fan);
    for (path, body) in [
        ("/api/v1/statuses".to_owned(), json!({"status": "after the move"})),
        (format!("/api/v1/statuses/{post}/reblog"), json!({})),
        (format!("/api/v1/accounts/{target}/follow"), json!({})),
    ] {
        let error = old.api("POST", &path, body).expect(403).json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(&handle(&new, "new")) && error.contains("cancel the move"), "{path}: {error}");
    }
    let id = fan.finds(&old);
    fan.post(&format!("/api/v1/accounts/{id}/follow"), json!({}));
    eventually("the follow is rejected", || {
        let relation = &fan.get(&format!("/api/v1/accounts/relationships?id[]={id}"))[0];
        relation["following"] == false && relation["requested"] == false
    });
    assert!(old.notifications().is_empty());

    old.api("DELETE", "/api/pleroma/move_account", Value::Null).expect(200);
    old.api("DELETE", "/api/pleroma/move_account", Value::Null).expect(422);
    assert_eq!(document(&old, "old").get("movedTo"), None);
    assert_eq!(old.get("/api/v1/accounts/verify_credentials").get("moved"), None);
    old.posts("home again", "public");
    fan.follows(&old);

    // Followers are not sent from place to place.
    let again = old.api("POST", "/api/pleroma/move_account", request).expect(422).json();
    assert!(again["error"].as_str().unwrap().contains("30 days"), "{again}");
    new.api("DELETE", "/api/pleroma/aliases", json!({"alias": old.actor()})).expect(200);
    new.api("DELETE", "/api/pleroma/aliases", json!({"alias": old.actor()})).expect(422);
    assert_eq!(document(&new, "new")["alsoKnownAs"], json!([]));
}

#[test]
fn an_account_cannot_move_to_itself_or_to_a_moved_account() {
    let (old, new) = (TestServer::start("old"), TestServer::start("new"));
    let refusal = |by: &TestServer, to: &str| {
        let request = json!({"target_account": to, "password": PASSWORD});
        by.api("POST", "/api/pleroma/move_account", request).expect(422).json()["error"].as_str().unwrap().to_owned()
    };
    assert!(refusal(&old, &handle(&old, "old")).contains("the account of this server"));
    old.api("PUT", "/api/pleroma/aliases", json!({"alias": new.actor()})).expect(200);
    new.api("PUT", "/api/pleroma/aliases", json!({"alias": old.actor()})).expect(200);
    let request = json!({"target_account": handle(&new, "new"), "password": PASSWORD});
    old.post("/api/pleroma/move_account", request);
    assert!(refusal(&old, &handle(&new, "new")).contains("already moved to"));
    assert!(refusal(&new, &handle(&old, "old")).contains("has itself moved"));
    for n in 0..12 {
        let peer = crate::support::Peer::start();
        let response = new.api("PUT", "/api/pleroma/aliases", json!({"alias": peer.actor("mallory")}));
        assert_eq!(response.status, if n < 9 { 200 } else { 422 }, "{n}: {}", response.text());
    }
}

#[test]
fn moving_requires_a_code_if_signing_in_does() {
    let (old, new) = (TestServer::start("old"), TestServer::start("new"));
    new.api("PUT", "/api/pleroma/aliases", json!({"alias": handle(&old, "old")})).expect(200);
    let (domain, target) = (&old.app.domain, handle(&new, "new"));
    let secret = two_factor::offer(domain).unwrap();
    let code = |later| secret.code_at(domain.now().plus(Duration::from_secs(later)));
    two_factor::enable(domain, &code(0)).unwrap();
    let here = Browser::of(&old);
    assert!(here.opens("/settings/move").contains("name=\"code\""));

    let request = json!({"target_account": target, "password": PASSWORD});
    let refused = old.api("POST", "/api/pleroma/move_account", request).expect(403).json();
    assert_eq!(refused["error"], "Invalid code.");
    let refused = here.sends("/settings/move", &[("account", &target), ("password", PASSWORD)]).expect(422).text();
    assert!(refused.contains("The code is wrong"), "{refused}");
    assert_eq!(document(&old, "old").get("movedTo"), None);

    // A move to an account that cannot be moved to leaves the code unused.
    let next = code(30);
    let tries =
        |account: &str| here.sends("/settings/move", &[("account", account), ("password", PASSWORD), ("code", &next)]);
    tries(&handle(&old, "old")).expect(422);
    tries(&target).expect(303);
    assert_eq!(document(&old, "old")["movedTo"], json!(new.actor()));
}
