//! Streams: open connections that receive events until they are closed.

mod event;
mod registry;

pub use event::StreamEvent;
pub use registry::{OpenStream, Streams};

use crate::domain::account::oauth::Scopes;
use crate::domain::streaming::Subscription;
use crate::protocol::ids::{SessionId, TokenId};

/// How events are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// As the body of the response.
    ServerSentEvents,
    /// As messages on the upgraded connection.
    WebSocket,
}

/// What gave access to a stream: the stream ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StreamHolder {
    /// A token of an app.
    Token(TokenId),
    /// A browser in which the owner is signed in.
    Session(SessionId),
}

/// What a response that starts a stream asks of the server.
#[derive(Debug, Clone)]
pub struct StreamStart {
    /// The token or session that the stream ends with.
    pub holder: StreamHolder,
    /// Its scopes, for subscriptions that follow.
    pub scopes: Scopes,
    /// The first subscriptions.
    pub subscriptions: Vec<Subscription>,
    /// How events are sent.
    pub transport: Transport,
}
