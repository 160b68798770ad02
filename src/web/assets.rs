//! Static files and media. Media have a path of their own and types from a fixed table, so that nothing that was
//! uploaded can ever be taken for a page or an ActivityPub document.

use hyper::StatusCode;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName};
use include_dir::{Dir, include_dir};

use crate::app::App;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::media::media_type_of;
use crate::store::media;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/static");

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// `GET /static/…`: built in, or from the owner's directory.
pub(super) fn static_file(app: &App, request: &Request) -> Result<Response> {
    let name = request.param("file");
    let content_type = content_type(name).ok_or(Error::NotFound)?;
    // Names come from the path, which has no dot segments any more; only plain names lie in the directory.
    let own = app.config.override_dir.as_ref().filter(|_| !name.contains('/')).map(|d| d.join("static").join(name));
    let bytes = match own.filter(|p| p.is_file()) {
        Some(path) => std::fs::read(path)?,
        None => FILES.get_file(name).ok_or(Error::NotFound)?.contents().to_vec(),
    };
    let mut response = Response::new(StatusCode::OK, content_type, bytes).for_everybody();
    let age =
        if request.query().starts_with("v=") { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    response.headers.retain(|(n, _)| *n != CACHE_CONTROL);
    Ok(response.with_header(CACHE_CONTROL, age))
}

/// `GET /media/…`: files are named after their content, so they never change.
pub(super) fn media_file(app: &App, request: &Request) -> Result<Response> {
    let name = request.param("file");
    let content_type = media_type_of(name).ok_or(Error::NotFound)?;
    // A file is there for a while after its post is gone.
    if !app.domain.store.read(|c| media::is_served(c, name))? {
        return Err(Error::NotFound);
    }
    let bytes = app.media.read(name)?;
    Ok(Response::new(StatusCode::OK, content_type, bytes)
        .with_header(CACHE_CONTROL, "public, max-age=31536000, immutable")
        .with_header(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .with_header(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin")
        .with_header(hyper::header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
}

/// `GET /robots.txt`: pages may be indexed, forms and the owner's pages need not be.
pub(super) fn robots(_: &App, _: &Request) -> Result<Response> {
    let text = "User-agent: *\nDisallow: /interact\nDisallow: /login\nDisallow: /oauth/\nDisallow: /api/\n";
    Ok(Response::new(StatusCode::OK, "text/plain; charset=utf-8", text).for_everybody())
}
