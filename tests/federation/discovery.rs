use crate::support::{Request, TestServer};

#[test]
fn webfinger_resolves_every_name_of_the_owner() {
    let alice = TestServer::start("alice");
    let request = |resource: &str| {
        let resource: String = url::form_urlencoded::byte_serialize(resource.as_bytes()).collect();
        alice.send(&Request::get(&format!("/.well-known/webfinger?resource={resource}")))
    };
    let host = &alice.authority;
    for name in [
        format!("acct:alice@{host}"),
        format!("ACCT:Alice@{host}"),
        format!("acct:@alice@{host}"),
        format!("alice@{host}"),
        alice.actor(),
        alice.url("/@alice"),
    ] {
        let response = request(&name).expect(200);
        assert_eq!(response.header("content-type"), Some("application/jrd+json; charset=utf-8"));
        assert_eq!(response.header("access-control-allow-origin"), Some("*"));
        assert_eq!(response.json()["subject"], format!("acct:alice@{host}"), "{name}");
    }
    // GoToSocial takes no name with a port in it; older documents of ours had one.
    let server = alice.send(&Request::get("/actor").activity()).expect(200).json();
    assert_eq!(server["preferredUsername"], "127.0.0.1");
    for name in [format!("acct:127.0.0.1@{host}"), format!("acct:{host}@{host}"), alice.url("/actor")] {
        let response = request(&name).expect(200).json();
        assert_eq!(response["subject"], format!("acct:127.0.0.1@{host}"), "{name}");
        assert_eq!(response["links"][1]["href"], alice.url("/actor"), "{name}");
    }
    request(&format!("acct:bob@{host}")).expect(404);
    request("acct:alice@elsewhere.example").expect(404);
    for unknown in ["foo://host", "urn:x:y", "mailto:alice@example.org", "https://elsewhere.example/"] {
        assert_eq!(request(unknown).status, 404, "{unknown}");
    }
    for malformed in ["nonsense", "=acct:alice@127.0.0.1", "acct:alice", "https://", "foo:", "", "acct:a b@127.0.0.1"] {
        assert_eq!(request(malformed).status, 400, "{malformed}");
    }
    alice.send(&Request::get("/.well-known/webfinger")).expect(400);
    let twice = format!("resource=acct:alice@{host}");
    alice.send(&Request::get(&format!("/.well-known/webfinger?{twice}&{twice}"))).expect(400);
}

#[test]
fn the_front_page_resolves_to_the_instance_actor() {
    let alice = TestServer::start("alice");
    for url in [alice.url("/"), alice.url(""), format!("https://{}/", alice.authority)] {
        let resource: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
        let response =
            alice.send(&Request::get(&format!("/.well-known/webfinger?resource={resource}"))).expect(200).json();
        assert_eq!(response["links"][1]["href"], alice.url("/actor"), "{url}");
    }
}

#[test]
fn favourites_of_the_owner_are_neither_listed_nor_counted() {
    let alice = TestServer::start("alice");
    let liked = alice.send(&Request::get("/users/alice/liked").activity()).expect(200).json();
    assert_eq!(liked["type"], "OrderedCollection");
    assert!(liked.get("totalItems").is_none() && liked.get("orderedItems").is_none(), "{liked}");
}

#[test]
fn one_url_serves_a_document_and_a_page() {
    let alice = TestServer::start("alice");
    let post = alice.posts("hello", "public");
    let id = post["id"].as_str().unwrap();
    for path in ["/@alice".to_owned(), format!("/@alice/{id}")] {
        let document = alice.send(&Request::get(&path).activity()).expect(200);
        assert_eq!(document.header("content-type"), Some("application/activity+json; charset=utf-8"));
        assert!(document.header("vary").unwrap().contains("Accept"));
        let page = alice.send(&Request::get(&path).header("accept", "text/html")).expect(200);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        for (response, accept) in [(&document, "application/activity+json"), (&page, "text/html")] {
            let again =
                Request::get(&path).header("accept", accept).header("if-none-match", response.header("etag").unwrap());
            let unchanged = alice.send(&again).expect(304);
            assert!(unchanged.body.is_empty());
        }
    }
    let kept = alice.send(&Request::get("/@alice").activity()).header("etag").unwrap().to_owned();
    alice.api("PATCH", "/api/v1/accounts/update_credentials", serde_json::json!({"display_name": "New"})).expect(200);
    let changed = alice.send(&Request::get("/@alice").activity().header("if-none-match", &kept)).expect(200);
    assert_eq!(changed.json()["name"], "New", "a write invalidates cached responses");
}

#[test]
fn methods_and_paths_have_one_interpretation() {
    let alice = TestServer::start("alice");
    alice.send(&Request::new("POST", "/users/alice/outbox")).expect(405);
    for path in [
        "/users%2Falice",
        "/users/../actor",
        "/users/alice%00",
        "/%2e%2e/etc/passwd",
        "/media/..%2f..%2fdassie.db",
        "/static/%5c..%5cx",
    ] {
        alice.send(&Request::get(path)).expect(400);
    }
    alice.send(&Request::get("/media/aa/bb/nothing.html")).expect(404);
    let page = alice.send(&Request::get("/users/alice/")).expect(303);
    assert_eq!(page.header("location"), Some("/@alice"));
}

/// Web apps read why a name is not known.
#[test]
fn errors_of_discovery_are_readable_from_other_origins() {
    let alice = TestServer::start("alice");
    for (path, status) in [("/.well-known/webfinger", 400), ("/.well-known/webfinger?resource=acct:bob@a.example", 404)]
    {
        let refused = alice.send(&Request::get(path)).expect(status);
        assert_eq!(refused.header("access-control-allow-origin"), Some("*"), "{path}");
    }
}
