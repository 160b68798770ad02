//! WebSockets: several subscriptions on one connection, which change by messages.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::api;
use crate::app::App;
use crate::domain::streaming::{Channel, Requested, Subscription};
use crate::error::{Error, Result};
use crate::http::error_response;
use crate::http::streams::OpenStream;
use crate::limits;
use crate::server::connections::limit::Streaming;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Read buffer of a connection; messages of clients are short.
const READ_BUFFER: usize = 1_024;
/// How long the client may take to receive the reason why the connection closes.
const FAREWELL: Duration = Duration::from_millis(500);

/// Sends events until the client closes, is gone or too slow, or the stream must close.
pub(super) async fn run(app: Arc<App>, upgrade: OnUpgrade, stream: OpenStream, streaming: Streaming) {
    let closing = stream.closing();
    let Ok(upgraded) = upgrade.await else { return };
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(Some(limits::STREAM_MESSAGE))
        .max_frame_size(Some(limits::STREAM_MESSAGE));
    let mut socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    let reason = tokio::select! {
        reason = serve(&app, &mut socket, stream) => reason,
        () = closing => Some(CloseCode::Policy),
    };
    if let Some(code) = reason {
        let frame = CloseFrame { code, reason: "".into() };
        // Whether or not the client still reads, the connection ends.
        let _ = timeout(FAREWELL, socket.close(Some(frame))).await;
    }
    drop(streaming);
}

/// Returns the reason to close the connection; `None` if the client has closed it or is gone.
async fn serve(app: &Arc<App>, socket: &mut Socket, mut stream: OpenStream) -> Option<CloseCode> {
    let mut ping = interval_at(Instant::now() + limits::STREAM_PING, limits::STREAM_PING);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut unanswered = 0;
    loop {
        let messages = tokio::select! {
            event = stream.next() => {
                // Too slow: events were dropped, so the client must connect again.
                let Some(event) = event else { return Some(CloseCode::Again) };
                stream.receivers(&event).map(|subscription| Message::text(event.message(subscription))).collect()
            }
            message = socket.next() => {
                unanswered = 0;
                match message {
                    Some(Ok(Message::Text(text))) => answer(app, &mut stream, &text).await.into_iter().collect::<Vec<_>>(),
                    Some(Ok(Message::Close(_))) => {
                        // The answer to it waits in the buffer.
                        let _ = timeout(FAREWELL, socket.flush()).await;
                        return None;
                    }
                    Some(Err(_)) | None => return None,
                    Some(Ok(_)) => Vec::new(),
                }
            }
            _ = ping.tick() => {
                if unanswered == 2 {
                    return Some(CloseCode::Away);
                }
                unanswered += 1;
                vec![Message::Ping(Bytes::new())]
            }
        };
        for message in messages {
            if socket.send(message).await.is_err() {
                return None;
            }
        }
    }
}

/// A message of a client.
#[derive(Deserialize)]
struct Request {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    stream: String,
    tag: Option<String>,
    list: Option<Text>,
}

/// An id, which some clients send as a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    String(String),
    Number(i64),
}

impl Text {
    fn into_string(self) -> String {
        match self {
            Self::String(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// Carries out a message, and returns the error if that is not possible.
async fn answer(app: &Arc<App>, stream: &mut OpenStream, text: &str) -> Option<Message> {
    let error = carry_out(app, stream, text).await.err()?;
    let body = json!({"error": error_response::message(&error), "status": error_response::status(&error).as_u16()});
    Some(Message::text(body.to_string()))
}

async fn carry_out(app: &Arc<App>, stream: &mut OpenStream, text: &str) -> Result<()> {
    let request: Request = serde_json::from_str(text)
        .map_err(|_| Error::bad_request("The message is not JSON with `type` and `stream`"))?;
    let list = request.list.map(Text::into_string);
    let requested = Requested { stream: &request.stream, tag: request.tag.as_deref(), list: list.as_deref() };
    match request.kind.as_str() {
        "subscribe" => {
            let subscription = Subscription::new(stream.scopes(), requested)?;
            if let Channel::List(_) = &subscription.channel {
                let (app, channel) = (app.clone(), subscription.channel.clone());
                let checked = tokio::task::spawn_blocking(move || api::streaming::check_exists(&app, &channel)).await;
                checked.map_err(|_| Error::internal("the look-up of a list was cancelled"))??;
            }
            stream.subscribe(subscription)
        }
        "unsubscribe" => {
            stream.unsubscribe(&Channel::read(requested)?);
            Ok(())
        }
        _ => Err(Error::bad_request("The `type` of a message is `subscribe` or `unsubscribe`")),
    }
}
