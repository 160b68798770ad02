//! Streaming: the routes that open a stream (<https://docs.joinmastodon.org/methods/streaming/>).

mod events;
mod websocket;

use hyper::StatusCode;

use crate::app::App;
use crate::domain::streaming::{Channel, Requested, Subscription};
use crate::error::{Error, Result};
use crate::http::streams::{StreamHolder, StreamStart, Transport};
use crate::http::{Request, Response};
use crate::protocol::ids::ListId;
use crate::store::relationships::lists;

pub(crate) use events::render;

/// The path below which all streams are.
const ROOT: &str = "/api/v1/streaming";

/// `GET /api/v1/streaming/health`.
pub(super) fn health(_: &App, _: &Request) -> Result<Response> {
    Ok(Response::new(StatusCode::OK, "text/plain; charset=utf-8", "OK"))
}

/// `GET /api/v1/streaming` and the paths below it: a WebSocket if the client requests one, otherwise Server-Sent Events.
/// A WebSocket may subscribe later, by messages.
pub(super) fn open(app: &App, request: &Request) -> Result<Response> {
    let subscription = subscription(request)?;
    if let Some(subscription) = &subscription {
        check_exists(app, &subscription.channel)?;
    }
    let bearer = request.bearer()?;
    let start = |transport, subscription| {
        let holder = StreamHolder::Token(bearer.token.id);
        let subscriptions = Vec::from_iter(subscription);
        Some(Box::new(StreamStart { holder, scopes: bearer.scopes.clone(), subscriptions, transport }))
    };
    if websocket::is_requested(request) {
        let response = websocket::accept(request)?;
        return Ok(Response { stream: start(Transport::WebSocket, subscription), ..response });
    }
    let Some(subscription) = subscription else {
        return Err(Error::bad_request("Missing stream name: use a path like /api/v1/streaming/user, or a WebSocket"));
    };
    Ok(Response { stream: start(Transport::ServerSentEvents, Some(subscription)), ..Response::event_stream() })
}

/// Checks that what a channel shows exists.
///
/// # Errors
/// [`Error::NotFound`] if the owner has no such list.
pub(crate) fn check_exists(app: &App, channel: &Channel) -> Result<()> {
    match channel {
        Channel::List(id) => app.domain.store.read(|c| lists::get(c, ListId(*id)))?.map(|_| ()).ok_or(Error::NotFound),
        _ => Ok(()),
    }
}

/// The subscription that path and query request, if any.
fn subscription(request: &Request) -> Result<Option<Subscription>> {
    let form = request.form()?;
    let path = request.path.strip_prefix(ROOT).unwrap_or_default().trim_matches('/').replace('/', ":");
    let name = if path.is_empty() { form.filled("stream").unwrap_or_default().to_owned() } else { path };
    if name.is_empty() {
        return Ok(None);
    }
    let is_public = name.starts_with("public") && !name.ends_with(":media");
    let name = if is_public && form.is_set("only_media") { format!("{name}:media") } else { name };
    let requested = Requested { stream: &name, tag: form.filled("tag"), list: form.filled("list") };
    Subscription::new(&request.bearer()?.scopes, requested).map(Some)
}
