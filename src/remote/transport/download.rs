//! Downloads: bodies that are passed on as they arrive, whole or from an offset.

use std::io::Read;

use ureq::Body;
use ureq::http::{HeaderMap, HeaderValue, Response, header};

use super::http_client::{Get, HttpClient, encoded, remote_error, retry_after};
use super::public_url::PublicUrl;
use crate::error::{RemoteError, Result};
use crate::limits;

/// The bytes that are read and passed on at once.
const PIECE: usize = 64 * 1024;
/// Everything is accepted: the type is detected by the content, and some servers know no type for what they serve.
const ACCEPT: &str = "image/*, video/*, audio/*, */*;q=0.5";

/// The rest of a file that was interrupted.
#[derive(Debug, Clone)]
pub(crate) struct Rest {
    /// The bytes that have arrived.
    pub(crate) from: u64,
    /// The strong ETag of the file that they are from.
    pub(crate) etag: String,
}

/// What is known of a file before its body arrives.
#[derive(Debug)]
pub(crate) struct FileHead {
    /// Its URL after redirects.
    pub(crate) url: PublicUrl,
    /// The size of the whole file.
    pub(crate) length: Option<u64>,
    /// Its strong ETag, if parts of it can be requested.
    pub(crate) etag: Option<String>,
}

/// Receives a response.
pub(crate) trait Receiver {
    /// Called before the body is read.
    ///
    /// # Errors
    /// If the body is not wanted.
    fn head(&mut self, head: FileHead) -> Result<()>;

    /// The next part of the body.
    ///
    /// # Errors
    /// If no more is wanted.
    fn piece(&mut self, bytes: &[u8]) -> Result<()>;
}

impl HttpClient {
    /// Requests a file, or the rest of it.
    ///
    /// # Errors
    /// [`RemoteError`] as for [`HttpClient::get`]; and the errors of the receiver.
    pub(crate) fn download(&self, url: &PublicUrl, rest: Option<&Rest>, receiver: &mut dyn Receiver) -> Result<()> {
        let range = |_: &url::Url| match rest {
            Some(rest) => vec![("range", format!("bytes={}-", rest.from)), ("if-range", rest.etag.clone())],
            None => Vec::new(),
        };
        let request = Get {
            accept: ACCEPT,
            max_bytes: 0,
            deadline: limits::REMOTE_FILE_TIMEOUT,
            same_origin_redirects: false,
            sign: Some(&range),
        };
        let (url, mut response) = self.follow(url, &request)?;
        let length = check(&response, rest.map_or(0, |rest| rest.from))?;
        receiver.head(FileHead { url, length, etag: etag_for_ranges(response.headers()) })?;
        let mut reader = response.body_mut().as_reader();
        let mut buffer = vec![0; PIECE];
        loop {
            match reader.read(&mut buffer).map_err(|e| remote_error(ureq::Error::from(e)))? {
                0 => return Ok(()),
                n => receiver.piece(&buffer[..n])?,
            }
        }
    }
}

/// Returns the size of the whole file, if it is stated.
fn check(response: &Response<Body>, from: u64) -> Result<Option<u64>, RemoteError> {
    let (status, headers) = (response.status().as_u16(), response.headers());
    if !response.status().is_success() {
        return Err(RemoteError::Status { status, retry_after: retry_after(headers) });
    }
    if let Some(encoding) = encoded(headers) {
        return Err(RemoteError::Malformed(format!("it is compressed ({encoding}) without a request for compression")));
    }
    if from == 0 {
        return Ok(response.body().content_length());
    }
    let changed =
        || RemoteError::Malformed("the file changed while it was fetched, or its server sends no parts".into());
    let text = headers.get(header::CONTENT_RANGE).and_then(|v| v.to_str().ok()).ok_or_else(changed)?;
    let (first, total) = content_range(text).filter(|_| status == 206).ok_or_else(changed)?;
    if first == from { Ok(total) } else { Err(changed()) }
}

/// The first byte and the total size in a `Content-Range` (RFC 9110 section 14.4).
fn content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, _) = range.split_once('-')?;
    Some((first.parse().ok()?, total.parse().ok()))
}

fn etag_for_ranges(headers: &HeaderMap) -> Option<String> {
    let text = |v: &HeaderValue| v.to_str().ok().map(str::to_owned);
    let refuses = headers.get(header::ACCEPT_RANGES).is_some_and(|v| v.as_bytes().eq_ignore_ascii_case(b"none"));
    headers.get(header::ETAG).and_then(text).filter(|etag| !refuses && etag.starts_with('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_parsed_as_in_rfc_9110() {
        assert_eq!(content_range("bytes 5-9/10"), Some((5, Some(10))));
        assert_eq!(content_range("bytes 5-9/*"), Some((5, None)));
        for bad in ["bytes */10", "items 5-9/10", "bytes 5-9", "bytes x-9/10", ""] {
            assert_eq!(content_range(bad), None, "{bad}");
        }
    }
}
