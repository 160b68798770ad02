//! Conditional requests (RFC 9110 section 13) and compression.

use std::io::Write;

use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue};
use hyper::{HeaderMap, StatusCode};

use super::Response;

/// Returns `true` if the client has this response already: its `If-None-Match` names the ETag (weakly compared).
pub fn is_unchanged(request: &HeaderMap, response: &Response) -> bool {
    let Some(etag) = response.header(&ETAG).and_then(|v| v.to_str().ok()) else { return false };
    request
        .get_all("if-none-match")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .any(|list| list.trim() == "*" || list.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag))
}

/// The 304 response in place of a complete one.
pub fn not_modified(response: &Response) -> Response {
    let headers = response
        .headers
        .iter()
        .filter(|(name, _)| ![CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING].contains(name))
        .cloned()
        .collect();
    Response { headers, sharing: response.sharing, ..Response::empty(StatusCode::NOT_MODIFIED) }
}

/// Smaller bodies are not compressed.
const COMPRESSED_MIN: usize = 1_024;

/// Compresses text with gzip, and changes its ETag: other bytes need another one (RFC 9110 section 8.8.3).
pub fn compress(mut response: Response) -> Response {
    let is_text = response.header(&CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|t| {
        t.starts_with("text/")
            || t.contains("json")
            || t.contains("xml")
            || t.contains("javascript")
            || t.contains("svg")
    });
    if !is_text || response.body.len() < COMPRESSED_MIN || response.header(&CONTENT_ENCODING).is_some() {
        return response;
    }
    let mut encoder =
        flate2::write::GzEncoder::new(Vec::with_capacity(response.body.len() / 3), flate2::Compression::new(5));
    if encoder.write_all(&response.body).is_err() {
        return response;
    }
    if let Ok(packed) = encoder.finish() {
        response.body = packed.into();
        response.headers.push((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
        for (_, etag) in response.headers.iter_mut().filter(|(name, _)| *name == ETAG) {
            let packed = etag.to_str().ok().and_then(|tag| tag.strip_suffix('"')).map(|tag| format!("{tag}-gzip\""));
            if let Some(value) = packed.and_then(|tag| HeaderValue::from_str(&tag).ok()) {
                *etag = value;
            }
        }
    }
    response
}
