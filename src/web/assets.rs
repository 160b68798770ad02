//! Static files and media. Media have their own path and types from a fixed table, so that no upload is served as a page
//! or an ActivityPub document.

use std::path::Path;

use hyper::StatusCode;
use hyper::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use include_dir::{Dir, include_dir};

use crate::app::App;
use crate::domain::appearance;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::limits;
use crate::media::media_type_of;
use crate::store::media;
use crate::web::script::SCRIPT;

/// The stylesheet of all pages.
const STYLE: &str = "dassie.css";

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/static");

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "mp4" => "video/mp4",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// `GET /static/…`: built in, or from the owner's directory.
pub(super) fn static_file(app: &App, request: &Request) -> Result<Response> {
    named_file(app, request, request.param("file"))
}

/// The static file of this name. The router has removed dot segments.
pub(super) fn named_file(app: &App, request: &Request, name: &str) -> Result<Response> {
    let content_type = content_type(name).ok_or(Error::NotFound)?;
    // A name with a slash is never looked up in the directory.
    let own = app.config.override_dir.as_ref().filter(|_| !name.contains('/')).map(|d| d.join("static").join(name));
    let own = own.filter(|p| p.is_file()).and_then(|path| {
        let opened = override_file(&path, content_type);
        opened.inspect_err(|e| tracing::warn!(file = %path.display(), error = %e, "static file cannot be used")).ok()
    });
    let response = match own {
        Some(response) => response,
        None => {
            let built_in = match name {
                "dassie.js" => SCRIPT.as_bytes(),
                _ => FILES.get_file(name).ok_or(Error::NotFound)?.contents(),
            };
            Response::new(StatusCode::OK, content_type, built_in).into_public().with_header(ACCEPT_RANGES, "bytes")
        }
    };
    let response = if name == STYLE { with_theme(app, response)? } else { response };
    Ok(kept(request, response))
}

/// The stylesheet of all pages, and the rules of the theme behind it.
fn with_theme(app: &App, mut response: Response) -> Result<Response> {
    let rules = appearance::appearance(&app.domain)?.rules();
    if !rules.is_empty() && response.file.is_none() {
        response = response.into_private();
        response.body = [&response.body[..], rules.as_bytes()].concat().into();
        response = response.into_public();
    }
    Ok(response)
}

/// Lets browsers keep a public file: as long as they like if its version is in the address.
pub(super) fn kept(request: &Request, mut response: Response) -> Response {
    let age =
        if request.query().starts_with("v=") { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    response.headers.retain(|(n, _)| *n != CACHE_CONTROL);
    if response.header(&CONTENT_TYPE).is_some_and(|kind| kind == "image/png") {
        // The pictures of accounts without one are named in the API.
        response = response.for_web_apps();
    }
    response.with_header(CACHE_CONTROL, age)
}

/// A file of the override directory. A small one is read whole, so that it can be compressed and cached.
fn override_file(path: &Path, content_type: &'static str) -> Result<Response> {
    let metadata = std::fs::metadata(path)?;
    if metadata.len() <= limits::STATIC_IN_MEMORY {
        let bytes = std::fs::read(path)?;
        return Ok(Response::new(StatusCode::OK, content_type, bytes)
            .into_public()
            .with_header(ACCEPT_RANGES, "bytes"));
    }
    let changed =
        metadata.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
    let etag = format!("\"{:x}-{:x}\"", changed.as_nanos(), metadata.len());
    Ok(Response::file(content_type, path, metadata.len(), &etag))
}

/// `GET /media/…`: a file's name is the digest of its content, so it never changes.
pub(super) fn media_file(app: &App, request: &Request) -> Result<Response> {
    let name = request.param("file");
    let content_type = media_type_of(name).ok_or(Error::NotFound)?;
    // A file is kept for a while after its post was deleted, but not served.
    if !app.domain.store.read(|c| media::is_served(c, name))? {
        return Err(Error::NotFound);
    }
    let (path, length) = app.media.locate(name)?;
    let response = Response::file(content_type, path, length, &format!("\"{name}\""));
    Ok(as_media(response.with_header(CACHE_CONTROL, "public, max-age=31536000, immutable")))
}

/// Adds the header of media: nothing in them is executed.
pub(super) fn as_media(response: Response) -> Response {
    response.with_header(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
}
