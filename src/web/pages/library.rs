//! The owner's uploads, and those without a description.

use minijinja::context;
use serde::Serialize;

use super::{next, page};
use crate::app::App;
use crate::domain::posts::attachments::{self, MediaDetails};
use crate::domain::posts::{self, Revision};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::limits;
use crate::protocol::ids::MediaId;
use crate::store::media::{self, Media, Uploads};
use crate::web::render;
use crate::web::templates::{Time, time};
use crate::web::view::{self, Attachment};

/// An upload of the list.
#[derive(Debug, Clone, Serialize)]
struct UploadRow {
    id: String,
    media: Attachment,
    /// Its size in bytes.
    bytes: u64,
    /// The page of its post.
    post: Option<String>,
    time: Time,
}

fn row(app: &App, upload: &Media) -> Result<UploadRow> {
    let file = upload.file.as_deref().unwrap_or_default();
    let owner = app.domain.owner()?;
    Ok(UploadRow {
        id: upload.id.to_string(),
        media: view::attachment(app, upload, app.domain.as_owner()?),
        // A file that is gone is shown with its description all the same.
        bytes: app.media.locate(file).map_or(0, |(_, length)| length),
        post: upload.status_id.map(|id| format!("/@{}/{id}", owner.username)),
        time: time(upload.created_at),
    })
}

/// `GET /library`: all uploads, or with `?show=undescribed` those without a description.
pub(crate) fn list(app: &App, request: &Request) -> Result<Response> {
    let page = page(request)?;
    let form = request.form()?;
    let which = if form.get("show") == Some("undescribed") { Uploads::Undescribed } else { Uploads::All };
    let (found, missing) =
        app.domain.store.read(|c| Ok((media::uploads(c, which, &page)?, media::count_undescribed(c)?)))?;
    let older = next(request, &page, found.len(), found.last().map(|m| m.id.0));
    let context = context! {
        uploads => found.iter().map(|m| row(app, m)).collect::<Result<Vec<_>>>()?,
        undescribed => which == Uploads::Undescribed,
        missing,
        limit => limits::ALT_CHARS,
        next => older.map(|url| if which == Uploads::Undescribed { format!("{url}&show=undescribed") } else { url }),
    };
    render::page(app, request, "library.html", context)
}

/// `POST /library/ID`: stores the description. Servers that have the post are sent the edit.
pub(crate) fn describe(app: &App, request: &Request) -> Result<Response> {
    let id: MediaId = request.id("id")?;
    let description = request.form()?.present("description")?.to_owned();
    let details = MediaDetails { description: Some(description), focus: None, thumbnail: None };
    let upload = app.domain.store.read(|c| media::get(c, id))?.filter(|m| m.file.is_some()).ok_or(Error::NotFound)?;
    match upload.status_id {
        Some(status) => {
            let revision = Revision { media_details: vec![(id, details)], ..Revision::default() };
            posts::edit(&app.domain, status, revision)?;
        }
        None => drop(attachments::describe(&app.domain, id, details, upload.token_id)?),
    }
    Ok(super::back_with(app, request, "described"))
}
