//! Events as streams send them. An event is serialised once; all streams share the text.

use bytes::Bytes;
use serde_json::json;

use crate::domain::streaming::{Channel, Subscription};

/// An event with the channels that it is sent to.
#[derive(Debug)]
pub struct StreamEvent {
    kind: &'static str,
    channels: Vec<Channel>,
    server_sent: Bytes,
    /// The message of a WebSocket after the name of the stream.
    message: String,
}

impl StreamEvent {
    /// An event with a payload: JSON on one line, or an id.
    pub fn new(kind: &'static str, payload: &str, channels: Vec<Channel>) -> Self {
        let message = format!(",\"event\":\"{kind}\",\"payload\":{}}}", json!(payload));
        Self::with_message(kind, payload, message, channels)
    }

    /// An event without a payload.
    pub fn bare(kind: &'static str, channels: Vec<Channel>) -> Self {
        // Browsers drop an event without data. This is what Mastodon sends.
        Self::with_message(kind, "undefined", format!(",\"event\":\"{kind}\"}}"), channels)
    }

    fn with_message(kind: &'static str, data: &str, message: String, channels: Vec<Channel>) -> Self {
        Self { kind, channels, server_sent: format!("event: {kind}\ndata: {data}\n\n").into(), message }
    }

    /// Returns `true` if a subscription receives the event.
    pub fn is_for(&self, subscription: &Subscription) -> bool {
        let is_notification = self.kind == "notification";
        (!is_notification || subscription.notifications) && self.channels.contains(&subscription.channel)
    }

    /// The event in the format of Server-Sent Events.
    pub fn server_sent(&self) -> Bytes {
        self.server_sent.clone()
    }

    /// The event as a WebSocket message to a subscription.
    pub fn message(&self, subscription: &Subscription) -> String {
        format!("{{\"stream\":{}{}", json!(subscription.name), self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::oauth::Scopes;
    use crate::domain::streaming::Requested;

    fn subscription(scopes: &str, stream: &str) -> Subscription {
        let requested = Requested { stream, tag: Some("Cats"), list: None };
        Subscription::new(&Scopes::parse(scopes).unwrap(), requested).unwrap()
    }

    #[test]
    fn the_payload_of_a_message_is_a_string() {
        let cats = subscription("read", "hashtag");
        let event = StreamEvent::new("update", r#"{"id":"1"}"#, vec![cats.channel.clone()]);
        let expected = json!({"stream": ["hashtag", "Cats"], "event": "update", "payload": "{\"id\":\"1\"}"});
        assert_eq!(serde_json::from_str::<serde_json::Value>(&event.message(&cats)).unwrap(), expected);
        assert_eq!(event.server_sent(), "event: update\ndata: {\"id\":\"1\"}\n\n");
        let bare = StreamEvent::bare("filters_changed", vec![cats.channel.clone()]);
        assert_eq!(bare.message(&cats), r#"{"stream":["hashtag","Cats"],"event":"filters_changed"}"#);
        assert_eq!(bare.server_sent(), "event: filters_changed\ndata: undefined\n\n");
    }

    #[test]
    fn notifications_need_their_scope() {
        let event = StreamEvent::new("notification", "{}", vec![Channel::User, Channel::Notifications]);
        assert!(event.is_for(&subscription("read", "user")));
        assert!(event.is_for(&subscription("read:notifications", "user:notification")));
        assert!(!event.is_for(&subscription("read:statuses", "user")));
        assert!(!event.is_for(&subscription("read", "public")));
    }
}
