//! Lists and counts reveal nothing to others that only the owner may see.

use serde_json::{Value, json};

use crate::support::{Request, TestServer, eventually};

fn anonymous(server: &TestServer, path: &str) -> Value {
    server.send(&Request::get(path)).expect(200).json()
}

/// The accounts that the owner follows and those that follow the owner, read by every requester.
#[test]
fn relationships_of_the_owner_are_visible_to_the_owner_only() {
    let (alice, bob, carol) = (TestServer::start("alice"), TestServer::start("bob"), TestServer::start("carol"));
    alice.follows(&bob);
    carol.follows(&alice);
    let (bob_id, carol_id) = (alice.finds(&bob), alice.finds(&carol));
    for (path, of_owner) in [
        (format!("/api/v1/accounts/{bob_id}/followers"), 1),
        (format!("/api/v1/accounts/{bob_id}/following"), 0),
        (format!("/api/v1/accounts/{carol_id}/followers"), 0),
        (format!("/api/v1/accounts/{carol_id}/following"), 1),
    ] {
        assert_eq!(alice.get(&path).as_array().unwrap().len(), of_owner, "{path}");
        assert_eq!(anonymous(&alice, &path), json!([]), "{path}");
    }
    let search = "/api/v2/search?q=b&type=accounts&following=true";
    assert_eq!(alice.get(search)["accounts"].as_array().unwrap().len(), 1);
    assert_eq!(anonymous(&alice, search)["accounts"], json!([]));
    // What their own servers publish is not secret.
    let forget = |c: &dassie::store::Conn| {
        Ok(c.execute("UPDATE actors SET remote_followers = NULL, remote_following = NULL", []).map(drop)?)
    };
    alice.app.domain.store.write(forget).unwrap();
    for id in [&bob_id, &carol_id] {
        let account = anonymous(&alice, &format!("/api/v1/accounts/{id}"));
        assert_eq!((&account["followers_count"], &account["following_count"]), (&json!(0), &json!(0)));
    }
    // The order of results reveals nothing either: neither has a public post here.
    assert_eq!(anonymous(&alice, "/api/v2/search?q=b&type=accounts")["accounts"], json!([]));
    for path in ["relationships?id[]=", "familiar_followers?id[]="] {
        alice.send(&Request::get(&format!("/api/v1/accounts/{path}{bob_id}"))).expect(401);
    }
}

/// Hashtags and numbers as they are without the posts that are hidden.
#[test]
fn hidden_posts_leave_no_trace_in_tags_and_counts() {
    let (alice, bob) = (TestServer::start("alice"), TestServer::start("bob"));
    bob.follows(&alice);
    let open = alice.posts("for all #open", "public");
    let owner = alice.get("/api/v1/accounts/verify_credentials")["id"].as_str().unwrap().to_owned();
    let numbers = || {
        let account = anonymous(&alice, &format!("/api/v1/accounts/{owner}"));
        let post = anonymous(&alice, &format!("/api/v1/statuses/{}", open["id"].as_str().unwrap()));
        let instance = anonymous(&alice, "/api/v1/instance")["stats"]["status_count"].clone();
        let nodeinfo = anonymous(&alice, "/nodeinfo/2.1")["usage"]["localPosts"].clone();
        let page = alice.send(&Request::get("/@alice")).expect(200).text();
        let shown = page.split("Posts").next().unwrap().len();
        (
            account["statuses_count"].clone(),
            account["last_status_at"].clone(),
            post["replies_count"].clone(),
            instance,
            nodeinfo,
            shown,
        )
    };
    let before = numbers();
    assert_eq!((&before.0, &before.2), (&json!(1), &json!(0)));
    alice.posts("for followers #hiddenone", "private");
    alice.posts("for me #hiddentwo", "direct");
    let reply = json!({"status": "hidden reply", "in_reply_to_id": open["id"], "visibility": "private"});
    alice.post("/api/v1/statuses", reply);
    eventually("all is sent", || alice.is_settled());
    assert_eq!(numbers(), before);
    let tags = |found: Value| -> Vec<String> {
        found["hashtags"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap().to_owned()).collect()
    };
    for query in ["%23", "hidden", "hiddenone", "o"] {
        let path = format!("/api/v2/search?type=hashtags&q={query}");
        let found = tags(anonymous(&alice, &path));
        assert!(found.iter().all(|t| t == "open"), "{query}: {found:?}");
    }
    assert_eq!(tags(alice.get("/api/v2/search?type=hashtags&q=hidden")).len(), 2);
}
