//! How the pages look to the owner.

use minijinja::context;

use crate::app::App;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::database::settings;
use crate::web::render;

/// The colour schemes, with their labels. The first is the default.
const SCHEMES: [(&str, &str); 3] = [("auto", "As the system has it"), ("light", "Light"), ("dark", "Dark")];

/// `GET /settings/appearance`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let stored = app.domain.store.read(|c| settings::get(c, settings::COLOUR_SCHEME))?;
    let context = context! { schemes => SCHEMES, chosen => stored.as_deref().unwrap_or(SCHEMES[0].0) };
    render::page(app, request, "settings_appearance.html", context)
}

/// `POST /settings/appearance`.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let known = |name: &str| SCHEMES.iter().map(|(scheme, _)| *scheme).find(|scheme| *scheme == name);
    if let Some(scheme) = form.one_of("scheme", "auto, light, dark", known)? {
        app.domain.store.write_quietly(move |c| settings::set(c, settings::COLOUR_SCHEME, scheme))?;
    }
    Ok(Response::see_other("/settings/appearance?done=settings-saved"))
}
