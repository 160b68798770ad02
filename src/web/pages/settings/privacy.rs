//! Who may follow the owner, where the owner can be found, and whether linked pages are fetched.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::account::profile::{ProfileChange, update_profile};
use crate::error::refusal::SettingRefusal;
use crate::error::{Error, Result};
use crate::http::{Form, Request, Response};
use crate::store::{actors, preview_cards};
use crate::web::locale::Message;
use crate::web::pages::rejected;
use crate::web::render;

/// The fields of the form.
#[derive(Debug, Clone, Serialize)]
struct PrivacyForm {
    locked: bool,
    discoverable: bool,
    indexable: bool,
    link_previews: bool,
}

impl PrivacyForm {
    fn stored(app: &App) -> Result<Self> {
        let owner = app.domain.owner()?.id;
        app.domain.store.read(|c| {
            let actor = actors::get(c, owner)?.ok_or(Error::NotFound)?;
            Ok(Self {
                locked: actor.locked,
                discoverable: actor.discoverable,
                indexable: actor.indexable,
                link_previews: preview_cards::are_enabled(c)?,
            })
        })
    }

    /// What was entered, where it can be read.
    fn entered(form: &Form) -> Self {
        Self {
            locked: form.is_set("locked"),
            discoverable: form.is_set("discoverable"),
            indexable: form.is_set("indexable"),
            link_previews: form.is_set("link_previews"),
        }
    }
}

/// `GET /settings/privacy`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    show_form(app, request, &PrivacyForm::stored(app)?, None)
}

fn show_form(app: &App, request: &Request, form: &PrivacyForm, error: Option<Message>) -> Result<Response> {
    let context = context! {
        ..context! { error, previews_available => app.config.link_previews },
        ..minijinja::Value::from_serialize(form)
    };
    render::page(app, request, "settings_privacy.html", context)
}

/// `POST /settings/privacy`. A rejected form is shown again, with the error.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    match change(app, &form).and_then(|change| update_profile(&app.domain, change)) {
        Ok(()) => Ok(Response::see_other("/settings/privacy?done=saved")),
        Err(e) => rejected(&e, request, |message| show_form(app, request, &PrivacyForm::entered(&form), Some(message))),
    }
}

fn change(app: &App, form: &Form) -> Result<ProfileChange> {
    let (link_previews, available) = (form.checkbox("link_previews")?, app.config.link_previews);
    if link_previews && !available {
        return Err(Error::invalid(SettingRefusal::PreviewsOff));
    }
    Ok(ProfileChange {
        locked: Some(form.checkbox("locked")?),
        discoverable: Some(form.checkbox("discoverable")?),
        indexable: Some(form.checkbox("indexable")?),
        // Where the configuration switches previews off, the form has no choice, and the setting stays.
        link_previews: available.then_some(link_previews),
        ..ProfileChange::default()
    })
}
