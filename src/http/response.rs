//! A response as handlers make it.

use std::path::PathBuf;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION, VARY};

/// The media type of API answers.
pub const JSON: &str = "application/json; charset=utf-8";
/// The media type of pages.
pub const HTML: &str = "text/html; charset=utf-8";

/// Part of a file, sent chunk by chunk instead of being read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePart {
    /// The file.
    pub path: PathBuf,
    /// The first byte.
    pub start: u64,
    /// The number of bytes.
    pub length: u64,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Its body, unless that is a file.
    pub body: Bytes,
    /// The file whose bytes are the body.
    pub file: Option<FilePart>,
    /// It is the same for everybody who asks for this address, and may be kept in memory until something changes.
    pub public: bool,
    /// It is the same for every app of the owner, and may be kept likewise; the client must not keep it.
    pub owners: bool,
}

impl Response {
    /// A response with a body of some type. It is private until [`Response::for_everybody`] says otherwise.
    pub fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![(CONTENT_TYPE, HeaderValue::from_static(content_type))],
            body: body.into(),
            file: None,
            public: false,
            owners: false,
        }
    }

    /// A JSON answer of the API.
    pub fn json(value: &impl serde::Serialize) -> Self {
        Self::json_with(StatusCode::OK, value)
    }

    /// A JSON answer with a status.
    pub fn json_with(status: StatusCode, value: &impl serde::Serialize) -> Self {
        // Our own entities have string keys only, so they always serialise.
        Self::new(status, JSON, serde_json::to_vec(value).unwrap_or_default())
    }

    /// A JSON answer of another type (ActivityPub, JRD).
    pub fn document(content_type: &'static str, value: &serde_json::Value) -> Self {
        Self::new(StatusCode::OK, content_type, serde_json::to_vec(value).unwrap_or_default())
    }

    /// A file of this many bytes, which is streamed; clients may ask for a part of it.
    pub fn file(content_type: &'static str, path: PathBuf, length: u64, etag: &str) -> Self {
        let file = Some(FilePart { path, start: 0, length });
        let response = Self { file, ..Self::new(StatusCode::OK, content_type, Bytes::new()) };
        response.with_header(ETAG, etag).with_header(ACCEPT_RANGES, "bytes")
    }

    /// The number of bytes in the body.
    pub fn length(&self) -> u64 {
        self.file.as_ref().map_or(self.body.len() as u64, |file| file.length)
    }

    /// A page.
    pub fn html(body: String) -> Self {
        Self::new(StatusCode::OK, HTML, body)
    }

    /// No content.
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new(), file: None, public: false, owners: false }
    }

    /// The answer to a form: go and GET that address.
    pub fn see_other(location: &str) -> Self {
        Self::empty(StatusCode::SEE_OTHER).with_header(LOCATION, location)
    }

    /// A lasting other address.
    pub fn moved(location: &str) -> Self {
        Self::empty(StatusCode::MOVED_PERMANENTLY).with_header(LOCATION, location)
    }

    /// Adds a header; a value that no header can carry is left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Sets the status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Says that the answer is the same for everybody: it gets an ETag and may be kept in memory. It depends on
    /// `Accept` where one address has several forms.
    #[must_use]
    pub fn for_everybody(mut self) -> Self {
        let hash = ring::digest::digest(&ring::digest::SHA256, &self.body);
        let etag = format!("\"{}\"", crate::protocol::secret::hex(&hash.as_ref()[..12]));
        self.public = true;
        self.with_header(ETAG, &etag).with_header(CACHE_CONTROL, "public, max-age=0, must-revalidate").varying()
    }

    /// Takes back what [`Response::for_everybody`] said.
    pub fn for_nobody_else(mut self) -> Self {
        self.headers.retain(|(name, _)| *name != ETAG && *name != CACHE_CONTROL);
        self.public = false;
        self
    }

    fn varying(self) -> Self {
        if self.header(&VARY).is_some() { self } else { self.with_header(VARY, "Accept, Accept-Encoding") }
    }

    /// The first header of this name.
    pub fn header(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }
}
