//! Streams: turns a response that starts one into a connection that sends events. A stream is a task and costs no thread.

mod feed;
mod server_sent;
mod websocket;

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;

use super::connections::limit::{Permit, Streaming};
use super::connections::stream::WireBody;
use super::state::Server;
use super::wire::{self, Wire};
use crate::http::Response;
use crate::http::streams::{StreamStart, Transport};

pub(super) use feed::run as feed;

/// What a stream needs of the connection that it is requested on.
pub(super) struct Line {
    permit: Option<Arc<Permit>>,
    upgrade: Option<OnUpgrade>,
}

impl Line {
    /// Takes it out of a request.
    pub(super) fn take(request: &mut hyper::Request<Incoming>) -> Self {
        let extensions = request.extensions_mut();
        Self { permit: extensions.remove(), upgrade: extensions.remove() }
    }
}

/// Starts a stream and returns the response that the client receives first.
pub(super) fn start(server: &Server, line: Line, start: &StreamStart, response: &Response) -> Wire {
    let Some(permit) = line.permit else { return wire::to_wire(response, false, None) };
    let stream = server.app.streams.open(start);
    let streaming = Streaming::begin(permit);
    match (start.transport, line.upgrade) {
        (Transport::WebSocket, Some(upgrade)) => {
            tokio::spawn(websocket::run(server.app.clone(), upgrade, stream, streaming));
            wire::to_wire(response, false, None)
        }
        (Transport::ServerSentEvents, _) => {
            let (sender, receiver) = tokio::sync::mpsc::channel(1);
            tokio::spawn(server_sent::run(stream, streaming, sender));
            wire::with_body(response, WireBody::events(receiver))
        }
        (Transport::WebSocket, None) => wire::to_wire(response, false, None),
    }
}
