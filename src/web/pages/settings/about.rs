//! What the owner tells about the server: description, rules, privacy policy and terms of service.

use minijinja::context;

use crate::app::App;
use crate::domain::instance::About;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::limits;
use crate::web::locale::Message;
use crate::web::pages::rejected;
use crate::web::render;

/// `GET /settings/about`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    show_form(app, request, &About::stored(&app.domain)?, None)
}

fn show_form(app: &App, request: &Request, about: &About, error: Option<Message>) -> Result<Response> {
    let About { description, privacy, terms, rules } = about;
    let limit = limits::INSTANCE_TEXT_CHARS;
    let context = context! { description, privacy, terms, rules, limit, error };
    render::page(app, request, "settings_about.html", context)
}

/// `POST /settings/about`. A rejected form is shown again, with the error.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let before = About::stored(&app.domain)?;
    let field = |name: &str, before: String| form.get(name).map_or(before, str::to_owned);
    let about = About {
        description: field("description", before.description),
        privacy: field("privacy", before.privacy),
        terms: field("terms", before.terms),
        rules: field("rules", before.rules),
    };
    let mut names = ["description", "privacy", "terms", "rules"].into_iter();
    let checked = names.try_for_each(|name| form.single(name).map(drop));
    match checked.and_then(|()| about.clone().store(&app.domain)) {
        Ok(()) => Ok(Response::see_other("/settings/about?done=settings-saved")),
        Err(e) => rejected(&e, request, |message| show_form(app, request, &about, Some(message))),
    }
}
