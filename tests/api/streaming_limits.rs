//! Streaming limits: when streams end, and their cost for other requests.

use std::collections::HashSet;

use dassie::domain::account::oauth::{self, Holder, Scopes};
use dassie::domain::account::password;
use dassie::domain::streaming::Channel;
use dassie::http::streams::StreamEvent;
use dassie::limits;
use dassie::store::account::apps;
use dassie::store::{Conn, Store};
use serde_json::json;

use crate::support::streams::{Events, Frame, Socket};
use crate::support::{Request, TestServer, eventually};

/// A stream of each kind with a token.
fn both(alice: &TestServer, token: &str) -> (Socket, Events) {
    let header = format!("authorization: Bearer {token}\r\n");
    let (socket, _) = Socket::request(alice, "/api/v1/streaming?stream=user", &header).unwrap_or_else(|_| panic!());
    let mut events = Events::request(alice, "/api/v1/streaming/user", token).unwrap_or_else(|_| panic!());
    assert_eq!(events.block().as_deref(), Some(":)"));
    (socket, events)
}

fn assert_closed(how: &str, (mut socket, mut events): (Socket, Events)) {
    assert_eq!(socket.receive(), Frame::Closed(Some(1008)), "{how}");
    assert_eq!(events.next(), None, "{how}");
}

/// An app with a token of the owner: the id and secret of the app, and the token.
fn signed_in(alice: &TestServer) -> (String, String, String, apps::App) {
    let fields = json!({"client_name": "x", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read"});
    let app =
        alice.send(&Request::new("POST", "/api/v1/apps").body("application/json", fields.to_string())).expect(200);
    let text = |key: &str| app.json()[key].as_str().unwrap().to_owned();
    let (id, secret) = (text("client_id"), text("client_secret"));
    let row = alice.app.domain.store.read(|c| apps::by_client_id(c, &id)).unwrap().unwrap();
    let scopes = Scopes::parse("read").unwrap();
    let token = oauth::issue(&alice.app.domain, Some(row.id), Holder::Owner, &scopes).unwrap().secret;
    (id, secret, token, row)
}

#[test]
fn streams_end_with_their_token() {
    let alice = TestServer::start("alice");
    let mut witness = Socket::open(&alice, "/api/v1/streaming?stream=user");

    let (id, secret, token, _) = signed_in(&alice);
    let streams = both(&alice, &token);
    let revoke = [("client_id", id.as_str()), ("client_secret", &secret), ("token", &token)];
    alice.send(&Request::new("POST", "/oauth/revoke").form(&revoke)).expect(200);
    assert_closed("revoked by the app", streams);

    let (_, _, token, app) = signed_in(&alice);
    let streams = both(&alice, &token);
    alice.app.domain.store.write(move |c| apps::delete(c, app.id)).unwrap();
    assert_closed("the app is removed", streams);

    let (_, _, token, app) = signed_in(&alice);
    let streams = both(&alice, &token);
    let scopes = Scopes::parse("read").unwrap();
    for _ in 0..limits::TOKENS_PER_APP {
        oauth::issue(&alice.app.domain, Some(app.id), Holder::Owner, &scopes).unwrap();
    }
    assert_closed("newer tokens took its place", streams);

    let (_, _, token, _) = signed_in(&alice);
    let streams = both(&alice, &token);
    let other_process = Store::open(alice.dir()).unwrap();
    let row = other_process.read(|c| apps::token(c, &dassie::protocol::secret::hash(&token))).unwrap().unwrap();
    other_process.write(move |c: &Conn| apps::revoke(c, row.id)).unwrap();
    assert_closed("revoked by another process", streams);

    alice.posts("still here", "public");
    assert_eq!(witness.event().1, "update", "other tokens keep their streams");
    let (_, _, token, _) = signed_in(&alice);
    let streams = both(&alice, &token);
    password::set(&alice.app.domain, "another password").unwrap();
    assert_closed("the password was changed", streams);
    assert_eq!(witness.receive(), Frame::Closed(Some(1008)));
    eventually("all streams are gone", || alice.app.streams.count() == 0);
}

#[test]
fn a_client_that_does_not_read_is_disconnected_and_the_others_continue() {
    let alice = TestServer::start("alice");
    let (mut slow, mut slow_socket) =
        (Events::open(&alice, "/api/v1/streaming/user"), Socket::open(&alice, "/api/v1/streaming?stream=user"));
    let mut quick = Events::open(&alice, "/api/v1/streaming/user");
    eventually("all are open", || alice.app.streams.count() == 3);
    let payload = format!("\"{}\"", "x".repeat(64 * 1024));
    let mut sent = 0;
    while alice.app.streams.count() > 1 {
        alice.app.streams.publish(StreamEvent::new("delete", &payload, vec![Channel::User]));
        assert!(quick.next().is_some());
        sent += 1;
        assert!(sent < 10_000, "slow clients are never disconnected");
    }
    alice.posts("for those who read", "public");
    assert!(quick.next().unwrap().1["content"].is_string());
    let mut received = 0;
    while slow.next().is_some() {
        received += 1;
    }
    assert!(received < sent);
    while let Frame::Text(_) = slow_socket.receive() {}
}

#[test]
fn a_further_stream_replaces_the_oldest_of_its_token() {
    let alice = TestServer::start("alice");
    let mut other = Socket::request(
        &alice,
        &format!("/api/v1/streaming?stream=user&access_token={}", alice.token_with("read")),
        "",
    )
    .unwrap_or_else(|_| panic!())
    .0;
    let mut streams: Vec<Socket> = (0..=limits::STREAMS_PER_HOLDER)
        .map(|n| {
            let socket = Socket::open(&alice, "/api/v1/streaming?stream=user");
            eventually("it is open", || alice.app.streams.count() > (n + 1).min(limits::STREAMS_PER_HOLDER));
            socket
        })
        .collect();
    assert_eq!(streams[0].receive(), Frame::Closed(Some(1008)));
    alice.posts("hello", "public");
    assert!(streams[1..].iter_mut().all(|socket| socket.event().1 == "update"));
    assert_eq!(other.event().1, "update");
}

#[test]
fn many_streams_leave_room_for_requests() {
    let alice = TestServer::start("alice");
    let tokens: Vec<String> = (0..4).map(|_| alice.token_with("read")).collect();
    let mut streams: Vec<Socket> = tokens
        .iter()
        .flat_map(|token| std::iter::repeat_n(token, limits::STREAMS_PER_HOLDER))
        .map(|token| {
            let header = format!("authorization: Bearer {token}\r\n");
            Socket::request(&alice, "/api/v1/streaming?stream=user", &header).unwrap_or_else(|_| panic!()).0
        })
        .collect();
    assert!(streams.len() > limits::CONNECTIONS_PER_ADDRESS);
    eventually("all are open", || alice.app.streams.count() == streams.len());
    alice.send(&Request::get("/@alice")).expect(200);
    alice.posts("hello", "public");
    assert!(streams.iter_mut().all(|socket| socket.event().1 == "update"));
    drop(streams);
    eventually("closed streams are forgotten", || alice.app.streams.count() == 0);
    assert_eq!(alice.app.streams.wanted(), HashSet::new());
}

#[test]
fn streams_end_when_a_client_closes_or_sends_too_much() {
    let alice = TestServer::start("alice");
    let mut polite = Socket::open(&alice, "/api/v1/streaming?stream=user");
    polite.frame(8, &1_000_u16.to_be_bytes());
    assert_eq!(polite.receive(), Frame::Closed(Some(1000)));
    let mut loud = Socket::open(&alice, "/api/v1/streaming?stream=user");
    loud.frame(1, &vec![b'x'; limits::STREAM_MESSAGE + 1]);
    while loud.receive() != Frame::Closed(None) {}
    let mut greedy = Socket::open(&alice, "/api/v1/streaming");
    for n in 0..=limits::STREAM_SUBSCRIPTIONS {
        greedy.send(&json!({"type": "subscribe", "stream": "hashtag", "tag": format!("t{n}")}));
    }
    assert_eq!(greedy.next()["status"], 400);
    drop(greedy);
    eventually("all are gone", || alice.app.streams.count() == 0);
}

#[test]
fn streams_end_when_the_server_stops() {
    let alice = TestServer::start("alice");
    let (mut socket, mut events) = both(&alice, &alice.token);
    drop(alice);
    assert_eq!((socket.receive(), events.next()), (Frame::Closed(Some(1008)), None));
}
