//! oEmbed: a public post of the owner for other web pages.

use serde_json::json;

use crate::app::App;
use crate::domain::Resolved;
use crate::domain::queries;
use crate::domain::queries::search::stored_at;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::escape::escape as escaped;
use crate::store::visibility::Viewer;

/// The width of an embedded post in pixels, within the bounds that a page may ask for.
const WIDTH: (u32, u32, u32) = (400, 220, 1_000);

/// `GET /api/oembed?url=…`: only posts of the owner, and only those that anyone may see.
pub(super) fn get(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    if !matches!(form.filled("format"), None | Some("json")) {
        return Err(Error::bad_request("Only the format json is available"));
    }
    let Some(Resolved::Status(id)) = stored_at(&app.domain, form.require("url")?)? else { return Err(Error::NotFound) };
    let view = queries::statuses::get(&app.domain, Viewer::Anonymous, id)?;
    if !view.author.local || view.boost_of.is_some() {
        return Err(Error::NotFound);
    }
    let (default, least, most) = WIDTH;
    let width = form.number::<u32>("maxwidth").unwrap_or(default).clamp(least, most);
    let author = match view.author.display_name.as_str() {
        "" => &view.author.username,
        name => name,
    };
    let page = escaped(view.page());
    let html = format!(
        "<blockquote cite=\"{page}\">{}<p>— {} (@{}@{}), <a href=\"{page}\">{}</a></p></blockquote>",
        view.status.content,
        escaped(author),
        escaped(&view.author.username),
        escaped(app.domain.site.handle_domain()),
        view.status.created_at.to_date(),
    );
    let entity = json!({
        "type": "rich",
        "version": "1.0",
        "author_name": author,
        "author_url": view.author.url,
        "provider_name": app.title(),
        "provider_url": app.domain.site.url("/"),
        "cache_age": 86_400,
        "html": html,
        "width": width,
        "height": null,
    });
    Ok(Response::json(&entity).into_public())
}
