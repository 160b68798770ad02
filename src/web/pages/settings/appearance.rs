//! How the pages look to the owner.

use minijinja::context;

use crate::app::App;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::database::settings;
use crate::web::locale::{Language, Message};
use crate::web::render;

/// The colour schemes, with their labels. The first is the default.
const SCHEMES: [(&str, Message); 3] = [
    ("auto", Message::new("appearance-auto")),
    ("light", Message::new("appearance-light")),
    ("dark", Message::new("appearance-dark")),
];

/// The name of the choice that leaves the language to the browser.
const AUTOMATIC: &str = "auto";

/// `GET /settings/appearance`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let stored = app.domain.store.read(|c| settings::get(c, settings::COLOUR_SCHEME))?;
    let language = app.domain.store.read(|c| settings::get(c, settings::INTERFACE_LANGUAGE))?;
    let context = context! {
        schemes => SCHEMES,
        chosen => stored.as_deref().unwrap_or(SCHEMES[0].0),
        languages => Language::ALL.map(|language| (language.code(), language.name())),
        language,
    };
    render::page(app, request, "settings_appearance.html", context)
}

/// `POST /settings/appearance`.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let known = |name: &str| SCHEMES.iter().map(|(scheme, _)| *scheme).find(|scheme| *scheme == name);
    if let Some(scheme) = form.one_of("scheme", "auto, light, dark", known)? {
        app.domain.store.write_quietly(move |c| settings::set(c, settings::COLOUR_SCHEME, scheme))?;
    }
    let known = |code: &str| match code {
        AUTOMATIC => Some(None),
        code => Language::of_code(code).map(Some),
    };
    if let Some(language) = form.one_of("interface_language", "auto, en, de, es", known)? {
        app.domain.store.write_quietly(move |c| match language {
            Some(language) => settings::set(c, settings::INTERFACE_LANGUAGE, language.code()),
            None => settings::remove(c, settings::INTERFACE_LANGUAGE),
        })?;
    }
    Ok(Response::see_other("/settings/appearance?done=settings-saved"))
}
