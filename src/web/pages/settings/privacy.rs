//! Who may follow the owner, where the owner can be found, and whether linked pages are fetched.

use minijinja::context;

use crate::app::App;
use crate::domain::account::profile::{ProfileChange, update_profile};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::store::{actors, preview_cards};
use crate::web::render;

/// `GET /settings/privacy`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?.id;
    let actor = app.domain.store.read(|c| actors::get(c, owner))?.ok_or(Error::NotFound)?;
    let context = context! {
        locked => actor.locked,
        discoverable => actor.discoverable,
        indexable => actor.indexable,
        link_previews => app.domain.store.read(preview_cards::are_enabled)?,
        previews_available => app.config.link_previews,
    };
    render::page(app, request, "settings_privacy.html", context)
}

/// `POST /settings/privacy`.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let change = ProfileChange {
        locked: Some(form.is_set("locked")),
        discoverable: Some(form.is_set("discoverable")),
        indexable: Some(form.is_set("indexable")),
        // Where the configuration switches previews off, the form has no choice, and the setting stays.
        link_previews: app.config.link_previews.then(|| form.is_set("link_previews")),
        ..ProfileChange::default()
    };
    update_profile(&app.domain, change)?;
    Ok(Response::see_other("/settings/privacy?done=saved"))
}
