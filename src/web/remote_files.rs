//! Files of other servers, from the cache.

use std::net::IpAddr;
use std::sync::Arc;

use hyper::StatusCode;
use hyper::header::{CACHE_CONTROL, RETRY_AFTER};

use super::assets::as_media;
use crate::app::App;
use crate::domain::remote_files::{self, Download, FileFailure, Stage, StoredRemoteFile};
use crate::error::{Error, Result};
use crate::http::rate_limit::Caller;
use crate::http::response::AwaitedFile;
use crate::http::{Request, Response, error_response};
use crate::limits;
use crate::media::file_cache::Found;

/// The file at an address rarely changes, and its address changes with its URL.
const CACHED: &str = "public, max-age=604800";

/// `GET /proxy/SUBJECT/CODE/URL`: a file of another server. If it has to be fetched, the response waits for it.
pub(super) fn file(app: &App, request: &Request) -> Result<Response> {
    match find(app, request) {
        Ok(Found::Stored(file)) => Ok(stored(file)),
        Ok(Found::Fetching(download)) => {
            let (method, headers) = (request.method.clone(), request.headers.clone());
            Ok(Response::awaiting(AwaitedFile { download, method, headers }))
        }
        Ok(Found::Failed(failure)) => Ok(failed(&failure)),
        // No page: the browser shows a picture that is missing.
        Err(e @ (Error::NotFound | Error::Busy { .. })) => Ok(failed(&FileFailure::of(&e))),
        Err(e) => Err(e),
    }
}

fn find(app: &App, request: &Request) -> Result<Found> {
    let [subject, code, url] = ["subject", "code", "url"].map(|name| request.param(name));
    let wanted = remote_files::wanted(&app.domain, subject, code, url)?;
    app.files.find(&wanted, client(request.client).as_deref())
}

/// The name by which the fetches of a visitor are counted; programs on this machine are not.
fn client(ip: IpAddr) -> Option<String> {
    match Caller::address(ip) {
        Caller::Address(ip) if !ip.is_loopback() => Some(ip.to_string()),
        _ => None,
    }
}

/// The response when a download has reached a stage; `None` is when it has not begun in time.
pub fn respond(download: Arc<Download>, stage: Option<Stage>) -> Response {
    match stage {
        Some(Stage::Complete(file)) => stored(file),
        Some(Stage::Receiving(part)) => {
            let response = Response::arriving_file(part.media_type, download, part.length);
            as_media(response.with_header(CACHE_CONTROL, CACHED))
        }
        Some(Stage::Failed(failure)) => failed(&failure),
        Some(Stage::Waiting) | None => {
            let text = "The file has not arrived yet; try again in a moment\n";
            let retry_after = limits::BUSY_RETRY_AFTER.to_string();
            small(StatusCode::GATEWAY_TIMEOUT, text.to_owned()).with_header(RETRY_AFTER, &retry_after)
        }
    }
}

fn stored(file: StoredRemoteFile) -> Response {
    let response = Response::file(file.media_type, file.path, file.bytes, &format!("\"{}\"", file.digest));
    as_media(response.with_header(CACHE_CONTROL, CACHED))
}

fn failed(failure: &FileFailure) -> Response {
    let response = |status| small(status, format!("Not served: {failure}\n"));
    match failure {
        FileFailure::Absent => response(StatusCode::NOT_FOUND),
        FileFailure::Unanswered => response(StatusCode::GATEWAY_TIMEOUT),
        FileFailure::Failing(_) | FileFailure::Unusable(_) => response(StatusCode::BAD_GATEWAY),
        FileFailure::Busy { retry_after } => {
            let error = Error::Busy { retry_after: *retry_after };
            error_response::with_headers(response(StatusCode::SERVICE_UNAVAILABLE), &error)
        }
        FileFailure::Internal => response(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn small(status: StatusCode, text: String) -> Response {
    as_media(Response::new(status, "text/plain; charset=utf-8", text))
}
