//! The handshake of WebSockets (RFC 6455 section 4.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use hyper::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_PROTOCOL, UPGRADE};

use crate::error::{Error, Result};
use crate::http::{Request, Response};

/// The constant of RFC 6455 section 1.3.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Returns `true` if a request asks for a WebSocket.
pub(super) fn is_requested(request: &Request) -> bool {
    has_token(request, "upgrade", "websocket")
}

/// The response that turns the connection into a WebSocket. Of the protocols that the client offers, the first is accepted:
/// it is the access token, and browsers close the connection if none is.
///
/// # Errors
/// [`Error::BadRequest`] if the handshake is not that of version 13.
pub(super) fn accept(request: &Request) -> Result<Response> {
    if !has_token(request, "connection", "upgrade") {
        return Err(Error::bad_request("The header `Connection: Upgrade` is missing; a proxy may have removed it"));
    }
    if request.header("sec-websocket-version").is_none_or(|v| v.trim() != "13") {
        return Err(Error::bad_request("Only version 13 of the WebSocket protocol is supported"));
    }
    let key = request.header("sec-websocket-key").map(str::trim).unwrap_or_default();
    if STANDARD.decode(key).map_or(0, |bytes| bytes.len()) != 16 {
        return Err(Error::bad_request("Sec-WebSocket-Key is not 16 bytes in base64"));
    }
    let response = Response::empty(StatusCode::SWITCHING_PROTOCOLS)
        .with_header(CONNECTION, "Upgrade")
        .with_header(UPGRADE, "websocket")
        .with_header(SEC_WEBSOCKET_ACCEPT, &accept_key(key));
    Ok(match request.header("sec-websocket-protocol").and_then(|offered| offered.split(',').next()) {
        Some(first) => response.with_header(SEC_WEBSOCKET_PROTOCOL, first.trim()),
        None => response,
    })
}

fn accept_key(key: &str) -> String {
    let text = format!("{key}{GUID}");
    STANDARD.encode(ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()))
}

fn has_token(request: &Request, header: &str, token: &str) -> bool {
    let values = request.headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_accept_key_is_computed_as_in_the_specification() {
        assert_eq!(super::accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
