//! Server-Sent Events: the body of a response that does not end.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::http::streams::OpenStream;
use crate::limits;
use crate::server::connections::limit::Streaming;

/// Mastodon's greeting: proxies and clients see that the stream has begun. An empty line would end an event, and
/// Mastodon.py before 2.2 fails on one without fields.
const GREETING: Bytes = Bytes::from_static(b":)\n");
const HEARTBEAT: Bytes = Bytes::from_static(b":thump\n");

/// Sends events until the client is gone or too slow, or the stream must close.
pub(super) async fn run(stream: OpenStream, streaming: Streaming, body: Sender<Bytes>) {
    let closing = stream.closing();
    tokio::select! {
        () = send(stream, &body, limits::STREAM_HEARTBEAT) => {}
        () = closing => {}
        () = body.closed() => {}
    }
    drop(streaming);
}

async fn send(mut stream: OpenStream, body: &Sender<Bytes>, heartbeat: Duration) {
    let mut beat = interval_at(Instant::now() + heartbeat, heartbeat);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next = Some(GREETING);
    while let Some(bytes) = next {
        if body.send(bytes).await.is_err() {
            return;
        }
        next = tokio::select! {
            event = stream.next() => event.map(|event| event.server_sent()),
            _ = beat.tick() => Some(HEARTBEAT),
        };
    }
}
