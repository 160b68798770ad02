//! oEmbed: a public post of the owner for other web pages.

use serde_json::json;

use crate::app::App;
use crate::domain::Resolved;
use crate::domain::queries::embeds::{self, Embed};
use crate::domain::queries::search::stored_at;
use crate::error::{Error, Result};
use crate::http::{Request, Response};

/// `GET /api/oembed?url=…`: only posts of the owner, and only those that anyone may see.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    if !matches!(form.filled("format"), None | Some("json")) {
        return Err(Error::bad_request("Only the format json is available"));
    }
    let Some(Resolved::Status(id)) = stored_at(&app.domain, form.require("url")?)? else { return Err(Error::NotFound) };
    let view = embeds::post(&app.domain, id)?;
    let embed = Embed::new(&view, form.number("maxwidth"), form.number("maxheight"));
    let entity = json!({
        "type": "rich",
        "version": "1.0",
        "title": embed.title,
        "author_name": view.author.shown_name(),
        "author_url": view.author.url,
        "provider_name": app.title(),
        "provider_url": app.domain.site.url("/"),
        "cache_age": 86_400,
        "html": embed.html(),
        "width": embed.width,
        "height": embed.height,
    });
    Ok(Response::json(&entity).into_public())
}
