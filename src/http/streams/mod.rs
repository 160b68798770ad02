//! Streams: open connections that receive events until they are closed.

mod event;
mod registry;

pub use event::StreamEvent;
pub use registry::{OpenStream, Streams};

use crate::domain::account::oauth::Scopes;
use crate::domain::streaming::Subscription;
use crate::protocol::ids::TokenId;

/// How events are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// As the body of the response.
    ServerSentEvents,
    /// As messages on the upgraded connection.
    WebSocket,
}

/// What a response that starts a stream asks of the server.
#[derive(Debug, Clone)]
pub struct StreamStart {
    /// The token that the stream ends with.
    pub token: TokenId,
    /// The scopes of the token, for subscriptions that follow.
    pub scopes: Scopes,
    /// The first subscription.
    pub subscription: Option<Subscription>,
    /// How events are sent.
    pub transport: Transport,
}
