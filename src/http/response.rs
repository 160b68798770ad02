//! A response as handlers make it.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use hyper::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION,
    VARY,
};
use hyper::{HeaderMap, Method, StatusCode};

use super::streams::StreamStart;
use crate::domain::remote_files::Download;

/// The media type of API responses.
pub const JSON: &str = "application/json; charset=utf-8";
/// The media type of pages.
pub const HTML: &str = "text/html; charset=utf-8";

/// The file of a response.
#[derive(Debug, Clone)]
pub enum FileSource {
    /// A stored file.
    Stored(Arc<Path>),
    /// A file that is still being fetched.
    Arriving(Arc<Download>),
}

/// Part of a file, which is streamed.
#[derive(Debug, Clone)]
pub struct FilePart {
    /// The file.
    pub source: FileSource,
    /// The first byte.
    pub start: u64,
    /// The number of bytes.
    pub length: u64,
}

/// A response that waits for a file of another server.
#[derive(Debug, Clone)]
pub struct AwaitedFile {
    /// The file.
    pub download: Arc<Download>,
    /// The method and the headers of the request: they select what is sent of the file.
    pub method: Method,
    /// The headers of the request.
    pub headers: HeaderMap,
}

/// Who may get a cached copy of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// No one: the response is never cached.
    Private,
    /// Every client of the same path; clients may also store it.
    Public,
    /// Every app of the owner; clients must not store it.
    Owner,
}

/// What a page is for; its security headers depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageUse {
    /// Reading, and the owner's own work.
    Own,
    /// Signing in. An app that has opened the page in a window of its own waits for that window.
    SignIn,
    /// As [`PageUse::SignIn`], to consent to an app. Its form may redirect to any URL: Chromium would otherwise block the
    /// redirect to an app's own scheme.
    Consent,
    /// Being shown in a frame of another site's page: it has no form and no script.
    Embed,
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
    /// Who may get a cached copy.
    pub sharing: Sharing,
    /// What it is for, if it is a page.
    pub page_use: PageUse,
    /// The stream that it starts: its body, or what the connection becomes.
    pub stream: Option<Box<StreamStart>>,
    /// The file that it waits for.
    pub awaited: Option<Box<AwaitedFile>>,
}

/// The longest serialised value whose buffer a thread keeps.
const KEPT_BUFFER: usize = 64 * 1024;

/// Serialises into a buffer that each thread keeps, so that a long response is not moved while it grows.
fn to_json(value: &impl serde::Serialize) -> Bytes {
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        // Our own entities have string keys only, so serialising them never fails.
        let _ = serde_json::to_writer(&mut *buffer, value);
        let body = Bytes::copy_from_slice(buffer);
        if buffer.capacity() > KEPT_BUFFER {
            *buffer = Vec::new();
        }
        body
    })
}

impl Response {
    /// A private response with a body of this type.
    pub fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            headers: vec![(CONTENT_TYPE, HeaderValue::from_static(content_type))],
            body: body.into(),
            ..Self::empty(status)
        }
    }

    /// A JSON response of the API.
    pub fn json(value: &impl serde::Serialize) -> Self {
        Self::json_with(StatusCode::OK, value)
    }

    /// A JSON response with this status.
    pub fn json_with(status: StatusCode, value: &impl serde::Serialize) -> Self {
        Self::new(status, JSON, to_json(value))
    }

    /// A JSON response of another media type (ActivityPub, JRD).
    pub fn document(content_type: &'static str, value: &serde_json::Value) -> Self {
        Self::new(StatusCode::OK, content_type, to_json(value))
    }

    /// A file of this many bytes, which is streamed; clients may request ranges.
    pub fn file(content_type: &'static str, path: impl Into<Arc<Path>>, length: u64, etag: &str) -> Self {
        Self::of_source(content_type, FileSource::Stored(path.into()), length).with_header(ETAG, etag)
    }

    /// A file of this many bytes that is still being fetched. Its digest is unknown, so it has no ETag.
    pub fn arriving_file(content_type: &'static str, download: Arc<Download>, length: u64) -> Self {
        Self::of_source(content_type, FileSource::Arriving(download), length)
    }

    fn of_source(content_type: &'static str, source: FileSource, length: u64) -> Self {
        let file = Some(FilePart { source, start: 0, length });
        let response = Self { file, ..Self::new(StatusCode::OK, content_type, Bytes::new()) };
        response.with_header(ACCEPT_RANGES, "bytes")
    }

    /// A response that is made when a file of another server begins to arrive. No thread waits for it.
    pub fn awaiting(awaited: AwaitedFile) -> Self {
        Self { awaited: Some(Box::new(awaited)), ..Self::empty(StatusCode::OK) }
    }

    /// The number of bytes in the body.
    pub fn length(&self) -> u64 {
        self.file.as_ref().map_or(self.body.len() as u64, |file| file.length)
    }

    /// A page.
    pub fn html(body: String) -> Self {
        Self::new(StatusCode::OK, HTML, body)
    }

    /// The beginning of Server-Sent Events.
    pub fn event_stream() -> Self {
        // nginx sends a response on as it arrives if this header says so.
        let buffering = HeaderName::from_static("x-accel-buffering");
        Self::new(StatusCode::OK, "text/event-stream", "").with_header(buffering, "no")
    }

    /// A response without a body.
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            file: None,
            sharing: Sharing::Private,
            page_use: PageUse::Own,
            stream: None,
            awaited: None,
        }
    }

    /// A redirect after a form was processed (303).
    pub fn see_other(location: &str) -> Self {
        Self::empty(StatusCode::SEE_OTHER).with_header(LOCATION, location)
    }

    /// A permanent redirect.
    pub fn moved(location: &str) -> Self {
        Self::empty(StatusCode::MOVED_PERMANENTLY).with_header(LOCATION, location)
    }

    /// Adds a header; a value that is invalid in a header is skipped.
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

    /// Sets what a page is for.
    #[must_use]
    pub fn with_page_use(mut self, page_use: PageUse) -> Self {
        self.page_use = page_use;
        self
    }

    /// Marks the response as the same for every client: it gets an ETag and may be cached. It varies by `Accept`, because
    /// some paths have several forms.
    #[must_use]
    pub fn into_public(mut self) -> Self {
        let hash = ring::digest::digest(&ring::digest::SHA256, &self.body);
        let etag = format!("\"{}\"", crate::protocol::secret::hex(&hash.as_ref()[..12]));
        self.sharing = Sharing::Public;
        self.with_header(ETAG, &etag).with_header(CACHE_CONTROL, "public, max-age=0, must-revalidate").varying()
    }

    /// Lets web apps of other origins show and read a file.
    #[must_use]
    pub fn for_web_apps(self) -> Self {
        self.with_header(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin")
            .with_header(ACCESS_CONTROL_ALLOW_ORIGIN, "*")
    }

    /// Reverts [`Response::into_public`].
    #[must_use]
    pub fn into_private(mut self) -> Self {
        self.headers.retain(|(name, _)| *name != ETAG && *name != CACHE_CONTROL);
        self.sharing = Sharing::Private;
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
