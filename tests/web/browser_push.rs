//! Notifications in the owner's browser: the subscription belongs to its session.

use serde_json::json;

use super::browser::Browser;
use crate::support::push::{PushService, Subscriber};
use crate::support::{Peer, Request, eventually};

const PAGE: &str = "/settings/notifications";

fn turns_on(b: &Browser, service: &PushService, path: &str, kinds: &[&str]) -> Subscriber {
    let keys = Subscriber::new();
    let subscription = keys.subscription(&format!("{}{path}", service.base), true);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (endpoint, p256dh) = (text(&subscription["endpoint"]), text(&subscription["keys"]["p256dh"]));
    let auth = text(&subscription["keys"]["auth"]);
    let mut fields = vec![("endpoint", endpoint.as_str()), ("p256dh", &p256dh), ("auth", &auth)];
    fields.extend(kinds.iter().map(|kind| (*kind, "true")));
    b.submits("/settings/notifications/browser/on", &fields);
    keys
}

fn mention(b: &Browser, peer: &Peer, id: &str) {
    let note = peer.note("mallory", id, "<p>hello you</p>", &[&b.alice.actor()]);
    peer.delivers(&b.alice, "mallory", &note).expect(202);
}

#[test]
fn a_browser_is_notified_and_a_click_opens_the_post() {
    let (b, peer, service) = (Browser::new(), Peer::start(), PushService::start());
    let page = b.page(PAGE);
    assert!(page.contains("action=\"/settings/notifications/browser/on\"") && page.contains("data-push=\""), "{page}");
    let keys = turns_on(&b, &service, "/here", &["mentions"]);
    assert!(b.page(PAGE).contains("action=\"/settings/notifications/browser/off\""));
    mention(&b, &peer, "1");
    eventually("the browser is notified", || service.received().len() == 1);
    let received = service.received();
    let message = keys.decrypt(&received[0]);
    assert_eq!((&message["title"], &message["body"]), (&json!("mallory mentioned you"), &json!("hello you")));
    assert!(message.get("access_token").is_none(), "a browser has no token: {message}");
    let opened = b.page(message["url"].as_str().unwrap());
    assert!(opened.contains("hello you"), "{opened}");
}

#[test]
fn a_subscription_ends_with_its_session() {
    let (b, peer, service) = (Browser::new(), Peer::start(), PushService::start());
    turns_on(&b, &service, "/first", &["mentions"]);
    let (cookie, csrf) = b.alice.session();
    let other = Browser { alice: b.alice, cookie, csrf };
    assert!(other.page(PAGE).contains("data-push=\""), "it is that of another browser");
    turns_on(&other, &service, "/other", &["mentions", "follows"]);
    let logout = Request::new("POST", "/logout").header("cookie", &b.cookie).form(&[("csrf", &b.csrf)]);
    other.alice.send(&logout).expect(303);
    let b = other;
    mention(&b, &peer, "1");
    eventually("the other browser is notified", || !service.received().is_empty());
    b.submits("/settings/notifications/browser/change", &[("follows", "true")]);
    mention(&b, &peer, "2");
    b.submits("/settings/notifications/browser/off", &[]);
    mention(&b, &peer, "3");
    eventually("all are stored", || b.alice.get("/api/v1/notifications").as_array().unwrap().len() == 3);
    let paths: Vec<String> = service.received().into_iter().map(|message| message.path).collect();
    assert_eq!(paths, ["/other"]);
}

#[test]
fn invalid_subscriptions_are_refused() {
    let b = Browser::new();
    let path = "/settings/notifications/browser/on";
    b.tries(path, &[]).expect(400);
    b.tries(path, &[("endpoint", "ftp://x"), ("p256dh", "x"), ("auth", "x")]).expect(422);
    b.tries("/settings/notifications/browser/change", &[]).expect(404);
    b.tries("/settings/notifications/browser/dance", &[]).expect(404);
}
