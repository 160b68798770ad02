//! A canary in one post of each visibility, and a crawl of every URL by every kind of requester.

use dassie::http::{Access, Surface, Verb};

use crate::support::{Request, TestServer, eventually};

struct Canaries {
    alice: TestServer,
    bob: TestServer,
    carol: TestServer,
    ids: Vec<(&'static str, String)>,
}

const WORDS: [(&str, &str); 4] = [
    ("public", "canarypublic"),
    ("unlisted", "canaryunlisted"),
    ("private", "canaryprivate"),
    ("direct", "canarydirect"),
];

/// Alice posts; Bob follows her; Carol has no relationship to her.
fn world() -> Canaries {
    let (alice, bob, carol) = (TestServer::start("alice"), TestServer::start("bob"), TestServer::start("carol"));
    bob.follows(&alice);
    let ids = WORDS
        .iter()
        .map(|(visibility, word)| {
            (
                *visibility,
                alice.posts(&format!("{word} #canary #{word}"), visibility)["id"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    Canaries { alice, bob, carol, ids }
}

fn seen_in(text: &str) -> Vec<&'static str> {
    WORDS.iter().filter(|(_, word)| text.contains(word)).map(|(visibility, _)| *visibility).collect()
}

#[test]
fn posts_are_visible_to_their_audience_only() {
    let world = world();
    let alice = &world.alice;
    eventually("followers get what is for them", || world.bob.sees("canaryprivate").is_some());
    for word in ["canarypublic", "canaryunlisted", "canaryprivate"] {
        assert!(world.bob.sees(word).is_some(), "{word}");
    }
    assert!(world.bob.sees("canarydirect").is_none());
    for route in alice.routes.iter().filter(|r| r.method == Verb::Get) {
        for (_, id) in &world.ids {
            let path = route
                .path
                .replace("@{name}", "@alice")
                .replace("{name}", "alice")
                .replace("{id}", id)
                .replace("{tag}", "canary")
                .replace("{handle}", "alice@x")
                .replace("{*file}", "dassie.css");
            for accept in ["text/html", "application/activity+json"] {
                let request =
                    Request::get(&format!("{path}?page=true&q=canary&uri=x&resource=acct:alice@{}", alice.authority))
                        .header("accept", accept);
                let response = alice.send(&request);
                assert_ne!(response.status, 500, "{path}: {}", response.text());
                let hidden: Vec<_> =
                    seen_in(&response.text()).into_iter().filter(|v| !["public", "unlisted"].contains(v)).collect();
                assert!(hidden.is_empty(), "{path} shows {hidden:?} to anonymous clients");
            }
        }
    }
}

#[test]
fn hidden_and_missing_posts_get_the_same_response() {
    let world = world();
    let alice = &world.alice;
    let private = &world.ids.iter().find(|(v, _)| *v == "private").unwrap().1;
    for pattern in [
        "/@alice/ID",
        "/users/alice/statuses/ID",
        "/users/alice/statuses/ID/activity",
        "/users/alice/statuses/ID/replies",
        "/api/v1/statuses/ID",
        "/api/v1/statuses/ID/context",
        "/api/v1/statuses/ID/favourited_by",
    ] {
        let request = |id: &str| {
            let response = alice.send(&Request::get(&pattern.replace("ID", id)).activity());
            let headers: Vec<_> = response.headers.into_iter().filter(|(n, _)| n != "date").collect();
            (response.status, headers, response.body)
        };
        let hidden = request(private);
        assert_eq!(hidden.0, 404, "{pattern}");
        assert_eq!(hidden, request("117000000000000000"), "{pattern}");
    }
}

#[test]
fn a_signed_fetch_returns_what_its_signer_may_see_and_is_not_cached() {
    let world = world();
    let (alice, bob, carol) = (&world.alice, &world.bob, &world.carol);
    let private = &world.ids.iter().find(|(v, _)| *v == "private").unwrap().1;
    let path = format!("/users/alice/statuses/{private}");
    let fetch = |who: &TestServer| {
        use dassie::protocol::signature::{RequestToSign, SignatureScheme, sign};
        let owner = who.app.domain.owner().unwrap();
        let url = url::Url::parse(&alice.url(&path)).unwrap();
        let outgoing = RequestToSign { method: "GET", url: &url, body: None, content_type: None };
        let mut request = Request::get(&path).activity();
        for (name, value) in sign(SignatureScheme::Cavage, &outgoing, &owner.key_id, &owner.key, dassie::domain::now())
        {
            request = request.header(name, &value);
        }
        alice.send(&request)
    };
    let for_bob = fetch(bob).expect(200);
    assert!(for_bob.text().contains("canaryprivate"));
    assert_eq!(for_bob.header("cache-control"), Some("private, no-store"));
    fetch(carol).expect(404);
    alice.send(&Request::get(&path).activity()).expect(404);
}

#[test]
fn tokens_permit_what_their_scopes_cover() {
    let alice = TestServer::start("alice");
    let tokens: Vec<(&str, String)> = ["read", "write", "follow", "read:statuses", "write:media", "push", "profile"]
        .into_iter()
        .map(|s| (s, alice.token_with(s)))
        .collect();
    let mut checked = 0;
    for route in alice.routes.iter().filter(|r| r.surface == Surface::Api) {
        let Access::Token(wanted) = route.access else { continue };
        let method = match route.method {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        };
        let path = route.path.replace("{id}", "1").replace("{tag}", "x");
        alice.send(&Request::new(method, &path)).expect(401);
        alice.send(&Request::new(method, &path).bearer("nonsense")).expect(401);
        for (scope, token) in &tokens {
            let granted = dassie::domain::account::oauth::Scopes::parse(scope).unwrap();
            let may = wanted.split(' ').any(|w| granted.cover(w));
            let response = alice.send(&Request::new(method, &path).bearer(token));
            assert_eq!(response.status == 403, !may, "{method} {path} with {scope}: {}", response.text());
            assert!(response.status == 200 || response.json()["error"].is_string(), "{path}");
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked}");
}
