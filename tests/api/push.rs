//! Web Push: subscriptions, and the messages that a push service receives.

use dassie::store::queues::jobs;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};

use crate::support::push::{PushService, Pushed, Subscriber};
use crate::support::{Peer, Request, TestServer, eventually};

const PATH: &str = "/api/v1/push/subscription";

fn call(alice: &TestServer, token: &str, method: &str, fields: &Value) -> crate::support::http::Response {
    let request = Request::new(method, PATH).bearer(token);
    alice.send(&if fields.is_null() { request } else { request.body("application/json", fields.to_string()) })
}

/// A token with a subscription to everything at this service.
fn subscribe(alice: &TestServer, service: &PushService, path: &str, standard: bool) -> (String, Subscriber) {
    let (token, keys) = (alice.token_with("read push"), Subscriber::new());
    let subscription = keys.subscription(&format!("{}{path}", service.base), standard);
    let alerts = json!({"mention": true, "favourite": true, "follow": true, "reblog": true});
    call(alice, &token, "POST", &json!({"subscription": subscription, "data": {"alerts": alerts}})).expect(200);
    (token, keys)
}

fn mention(alice: &TestServer, peer: &Peer, id: &str) {
    peer.delivers(alice, "mallory", &peer.note("mallory", id, "<p>hello <b>you</b></p>", &[&alice.actor()]))
        .expect(202);
}

fn no_jobs(alice: &TestServer) -> bool {
    alice.app.domain.store.read(jobs::count).unwrap() == 0
}

/// The claims of the token that a message is signed with.
fn claims(message: &Pushed, server_key: &str) -> Value {
    let authorization = message.header("authorization");
    let token = match authorization.strip_prefix("vapid t=") {
        Some(rest) => {
            let (token, key) = rest.split_once(", k=").unwrap();
            assert_eq!(key, server_key);
            token
        }
        None => {
            assert!(message.header("crypto-key").ends_with(&format!(";p256ecdsa={server_key}")));
            authorization.strip_prefix("WebPush ").unwrap()
        }
    };
    let bytes = |text: &str| dassie::protocol::web_push::decode(text).unwrap();
    let (text, signature) = token.rsplit_once('.').unwrap();
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes(server_key));
    key.verify(text.as_bytes(), &bytes(signature)).unwrap();
    serde_json::from_slice(&bytes(text.split_once('.').unwrap().1)).unwrap()
}

#[test]
fn a_notification_reaches_the_app_in_either_encryption() {
    let (alice, peer, service) = (TestServer::start("alice"), Peer::start(), PushService::start());
    let server_key = alice.get("/api/v2/instance")["configuration"]["vapid"]["public_key"].as_str().unwrap().to_owned();
    let mut apps =
        vec![("/new", subscribe(&alice, &service, "/new", true)), ("/old", subscribe(&alice, &service, "/old", false))];
    mention(&alice, &peer, "1");
    eventually("both are notified", || service.received().len() == 2);
    let id = alice.get("/api/v1/notifications")[0]["id"].as_str().unwrap().parse::<i64>().unwrap();
    for message in service.received() {
        let at = apps.iter().position(|(path, _)| *path == message.path).unwrap();
        let (path, (token, keys)) = apps.remove(at);
        let encoding = if path == "/new" { "aes128gcm" } else { "aesgcm" };
        assert_eq!(message.header("content-encoding"), encoding);
        assert_eq!((message.header("ttl"), message.header("urgency")), ("172800", "normal"));
        let claims = claims(&message, &server_key);
        assert_eq!((&claims["aud"], &claims["sub"]), (&json!(service.base), &json!(alice.url(""))));
        assert!(claims["exp"].as_i64().unwrap() > dassie::domain::now().seconds());
        let expected = json!({
            "access_token": token, "preferred_locale": "en", "notification_id": id, "notification_type": "mention",
            "icon": alice.url("/static/avatar.png"), "title": "mallory mentioned you", "body": "hello you",
        });
        assert_eq!(keys.decrypt(&message), expected, "{path}");
    }
}

#[test]
fn a_subscription_belongs_to_its_token() {
    let (alice, service) = (TestServer::start("alice"), PushService::start());
    let (token, other) = (alice.token_with("push"), alice.token_with("push"));
    call(&alice, &token, "GET", &json!(null)).expect(404);
    call(&alice, &token, "PUT", &json!({"data": {"policy": "none"}})).expect(404);
    let subscription = Subscriber::new().subscription(&format!("{}/x", service.base), true);
    let data =
        json!({"alerts": {"mention": true, "poll": "1", "admin.sign_up": true, "dance": true}, "policy": "followed"});
    let made = call(&alice, &token, "POST", &json!({"subscription": subscription, "data": data})).expect(200).json();
    assert!(made["id"].is_i64());
    assert_eq!((&made["endpoint"], &made["standard"]), (&subscription["endpoint"], &json!(true)));
    let expected = json!({
        "mention": true, "quote": false, "status": false, "reblog": false, "follow": false, "follow_request": false,
        "favourite": false, "poll": true, "update": false, "quoted_update": false, "admin.sign_up": true,
        "admin.report": false,
    });
    assert_eq!((&made["alerts"], &made["policy"]), (&expected, &json!("followed")));
    let app =
        alice.send(&Request::new("POST", "/api/v1/apps").form(&[("client_name", "x"), ("redirect_uris", "x://y")]));
    assert_eq!(app.expect(200).json()["vapid_key"], made["server_key"]);
    assert_eq!(call(&alice, &token, "GET", &json!(null)).expect(200).json(), made);
    call(&alice, &other, "GET", &json!(null)).expect(404);
    call(&alice, &other, "DELETE", &json!(null)).expect(200);
    let changed = json!({"data": {"alerts": {"follow": true}, "policy": "none"}});
    let changed = call(&alice, &token, "PUT", &changed).expect(200).json();
    assert_eq!(
        (&changed["id"], &changed["policy"], &changed["alerts"]["mention"]),
        (&made["id"], &json!("none"), &json!(false))
    );
    call(&alice, &token, "DELETE", &json!(null)).expect(200);
    call(&alice, &token, "GET", &json!(null)).expect(404);
    call(&alice, &alice.token, "GET", &json!(null)).expect(403);
}

#[test]
fn unusable_subscriptions_are_refused_with_their_reason() {
    let alice = TestServer::start("alice");
    let token = alice.token_with("push");
    let good = Subscriber::new().subscription("http://127.0.0.1:9999/x", false);
    let with = |pointer: &str, value: Value| {
        let mut subscription = good.clone();
        *subscription.pointer_mut(pointer).unwrap() = value;
        call(&alice, &token, "POST", &json!({"subscription": subscription}))
    };
    for endpoint in
        ["https://10.0.0.1/x", "https://[fd00::1]/x", "ftp://example.com/x", "nonsense", &alice.url("/inbox")]
    {
        let refused = with("/endpoint", json!(endpoint)).expect(422).json();
        assert!(refused["error"].as_str().unwrap().contains("Endpoint"), "{refused}");
    }
    with("/endpoint", json!(format!("https://example.com/{}", "x".repeat(2_048)))).expect(422);
    with("/endpoint", json!(null)).expect(400);
    with("/keys/p256dh", json!("AAAA")).expect(422);
    with("/keys/auth", json!("AAAA")).expect(422);
    call(&alice, &token, "POST", &json!({"subscription": good, "data": {"policy": "friends"}})).expect(422);
    call(&alice, &token, "GET", &json!(null)).expect(404);
    call(&alice, &token, "POST", &json!({"subscription": good})).expect(200);
}

#[test]
fn a_subscription_that_is_gone_is_removed_and_one_that_fails_is_retained() {
    let (alice, peer, service) = (TestServer::start("alice"), Peer::start(), PushService::start());
    let (token, _) = subscribe(&alice, &service, "/x", true);
    service.responds("503 Service Unavailable");
    mention(&alice, &peer, "1");
    eventually("it was tried", || service.received().len() == 1);
    eventually("it is tried again later", || {
        let sql = "SELECT count(*) FROM jobs WHERE kind = 'push' AND attempts = 1 AND error IS NOT NULL";
        alice.app.domain.store.read(|c| Ok(c.query_row(sql, [], |r| r.get::<_, i64>(0))?)).unwrap() == 1
    });
    call(&alice, &token, "GET", &json!(null)).expect(200);

    service.responds("410 Gone");
    mention(&alice, &peer, "2");
    eventually("the subscription is removed", || call(&alice, &token, "GET", &json!(null)).status == 404);

    let (token, _) = subscribe(&alice, &service, "/y", true);
    service.responds("400 Bad Request");
    for n in 0..dassie::limits::PUSH_REFUSALS {
        call(&alice, &token, "GET", &json!(null)).expect(200);
        mention(&alice, &peer, &format!("refused-{n}"));
        eventually("it was refused", || service.received().iter().filter(|m| m.path == "/y").count() as i64 == n + 1);
    }
    eventually("it refuses too often", || call(&alice, &token, "GET", &json!(null)).status == 404);
}

#[test]
fn alerts_and_policy_select_what_is_sent() {
    let (alice, peer, service) = (TestServer::start("alice"), Peer::start(), PushService::start());
    for (path, alerts, policy) in [
        ("/mentions", json!({"mention": true}), "all"),
        ("/follows", json!({"follow": true}), "all"),
        ("/followed", json!({"mention": true, "follow": true}), "followed"),
        ("/none", json!({"mention": true, "follow": true}), "none"),
        ("/follower", json!({"mention": true, "follow": true}), "follower"),
    ] {
        let subscription = Subscriber::new().subscription(&format!("{}{path}", service.base), true);
        let fields = json!({"subscription": subscription, "data": {"alerts": alerts, "policy": policy}});
        call(&alice, &alice.token_with("push"), "POST", &fields).expect(200);
    }
    mention(&alice, &peer, "1");
    eventually("the mention is notified", || alice.notifications().len() == 1);
    peer.delivers(&alice, "mallory", &peer.follow("mallory", &alice)).expect(202);
    eventually("the follow is notified", || alice.notifications().len() == 2);
    mention(&alice, &peer, "2");
    eventually("all are sent", || alice.notifications().len() == 3 && no_jobs(&alice));
    let mut paths: Vec<String> = service.received().into_iter().map(|message| message.path).collect();
    paths.sort();
    assert_eq!(paths, ["/follower", "/follower", "/follows", "/mentions", "/mentions"]);
}

#[test]
fn a_revoked_token_has_no_subscription_and_no_token_is_stored_in_plain_text() {
    let (alice, peer, service) = (TestServer::start("alice"), Peer::start(), PushService::start());
    let (token, _) = subscribe(&alice, &service, "/x", true);
    let stored = std::fs::read(alice.dir().join("dassie.db")).unwrap();
    let log = std::fs::read(alice.dir().join("dassie.db-wal")).unwrap_or_default();
    let has_token = |bytes: &[u8]| bytes.windows(token.len()).any(|window| window == token.as_bytes());
    assert!(!has_token(&stored) && !has_token(&log));
    let hash = dassie::protocol::secret::hash(&token);
    let store = &alice.app.domain.store;
    let row = store.read(|c| dassie::store::account::apps::token(c, &hash)).unwrap().unwrap();
    store.write(move |c| dassie::store::account::apps::revoke(c, row.id)).unwrap();
    mention(&alice, &peer, "1");
    eventually("the mention is notified", || alice.notifications().len() == 1 && no_jobs(&alice));
    assert!(service.received().is_empty());
}

#[test]
fn alerts_and_policy_that_cannot_be_read_are_refused() {
    let (alice, service) = (TestServer::start("alice"), PushService::start());
    let (token, _) = subscribe(&alice, &service, "/push", true);
    let before = call(&alice, &token, "GET", &Value::Null).expect(200).json();
    for data in [
        json!({"alerts": {"mention": "maybe"}}),
        json!({"alerts": {"mention": [true]}}),
        json!({"alerts": ["mention"]}),
        json!({"policy": ["followed"]}),
        json!({"policy": "everyone"}),
    ] {
        call(&alice, &token, "PUT", &json!({"data": data})).expect(422);
    }
    assert_eq!(call(&alice, &token, "GET", &Value::Null).expect(200).json(), before);
}
