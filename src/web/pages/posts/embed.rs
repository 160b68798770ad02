//! A public post of the owner in a frame of another site's page, and the code that shows it there.

use hyper::header::VARY;
use minijinja::context;

use super::status::{id_of_own, not_found_or_gone};
use crate::app::App;
use crate::domain::queries::embeds;
use crate::error::{Error, Result};
use crate::http::response::PageUse;
use crate::http::{Request, Response, error_response};
use crate::store::visibility::Viewer;
use crate::web::{render, view};

/// `GET /@NAME/ID/embed`. The same for everyone, also for the owner: a frame must not show what only the owner may see.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let id = id_of_own(app, request)?;
    let frame = match embeds::post(&app.domain, id) {
        Ok(found) => {
            let p = view::Post { pinned: false, ..view::post(app, &found, Viewer::Anonymous) };
            let context = context! { p, summary => view::headline(&found.status) };
            render::page(app, request, "embed.html", context)?
                .with_header(VARY, "Accept, Accept-Encoding, Accept-Language")
                .into_public()
        }
        // An error page cannot be framed: the frame of a deleted post would stay blank.
        Err(Error::NotFound) => {
            let status = error_response::status(&not_found_or_gone(app, request, id)?);
            render::page(app, request, "embed.html", context! {})?.with_status(status)
        }
        Err(other) => return Err(other),
    };
    Ok(frame.with_page_use(PageUse::Embed))
}
