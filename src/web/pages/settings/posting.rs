//! The owner's defaults for new posts.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::account::profile::{ProfileChange, update_profile};
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::domain::posts::{self, TextFormat};
use crate::error::Result;
use crate::http::{Form, Request, Response};
use crate::protocol::time::zone::Zone;
use crate::protocol::visibility::Visibility;
use crate::store::database::settings;
use crate::web::locale::Message;
use crate::web::pages::posts::compose_form::{check_posting_choices, check_zone};
use crate::web::pages::rejected;
use crate::web::render;
use crate::web::view::{quote_policies, visibilities};

/// The fields of the form.
#[derive(Debug, Clone, Serialize)]
struct PostingForm {
    visibility: &'static str,
    language: String,
    sensitive: bool,
    quote_policy: &'static str,
    format: &'static str,
    zone: String,
}

impl PostingForm {
    /// The stored defaults.
    fn stored(app: &App) -> Result<Self> {
        app.domain.store.read(|c| {
            Ok(Self {
                visibility: posts::default_visibility(c)?.as_str(),
                language: settings::get(c, settings::DEFAULT_LANGUAGE)?.unwrap_or_default(),
                sensitive: settings::get(c, settings::DEFAULT_SENSITIVE)?.as_deref() == Some("true"),
                quote_policy: posts::default_quote_policy(c)?.as_str(),
                format: posts::default_format(c)?.media_type(),
                zone: posts::time_zone(c)?.unwrap_or_default().name().to_owned(),
            })
        })
    }

    /// What was entered, where it can be read; else what is stored.
    fn entered(app: &App, form: &Form) -> Result<Self> {
        let stored = Self::stored(app)?;
        let visibility = form.get("visibility").and_then(Visibility::parse);
        let quote_policy = form.get("quote_policy").and_then(QuotePolicy::parse);
        let format = form.get("format").and_then(TextFormat::parse);
        Ok(Self {
            visibility: visibility.map_or(stored.visibility, Visibility::as_str),
            language: form.get("language").map_or(stored.language, str::to_owned),
            sensitive: form.is_set("sensitive"),
            quote_policy: quote_policy.map_or(stored.quote_policy, QuotePolicy::as_str),
            format: format.map_or(stored.format, TextFormat::media_type),
            zone: form.filled("zone").map_or(stored.zone, str::to_owned),
        })
    }

    fn change(&self, form: &Form) -> Result<ProfileChange> {
        check_posting_choices(form)?;
        check_zone(form)?;
        let language = form.language("language")?;
        Ok(ProfileChange {
            default_visibility: Visibility::parse(self.visibility),
            default_language: form.get("language").map(|_| language.unwrap_or_default()),
            default_sensitive: Some(form.checkbox("sensitive")?),
            default_quote_policy: QuotePolicy::parse(self.quote_policy),
            ..ProfileChange::default()
        })
    }
}

/// `GET /settings/posting`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    show_form(app, request, &PostingForm::stored(app)?, None)
}

fn show_form(app: &App, request: &Request, form: &PostingForm, error: Option<Message>) -> Result<Response> {
    let context = context! { form, error, visibilities => visibilities(), quote_policies => quote_policies(), zones => Zone::names() };
    render::page(app, request, "settings_posting.html", context)
}

/// `POST /settings/time-zone`: the zone of the owner's browser, from the script, until the owner chooses one.
pub(crate) fn save_time_zone(app: &App, request: &Request) -> Result<Response> {
    if app.domain.store.read(posts::time_zone)?.is_none() {
        posts::set_time_zone(&app.domain, request.form()?.require("zone")?)?;
    }
    Ok(Response::see_other("/settings/posting?done=settings-saved"))
}

/// `POST /settings/posting`. A rejected form is shown again, with the error.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let entered = PostingForm::entered(app, &form)?;
    let stored = entered.change(&form).and_then(|change| {
        update_profile(&app.domain, change)?;
        posts::set_default_format(&app.domain, TextFormat::of_media_type(entered.format))?;
        posts::set_time_zone(&app.domain, &entered.zone)
    });
    match stored {
        Ok(()) => Ok(Response::see_other("/settings/posting?done=settings-saved")),
        Err(e) => rejected(&e, request, |message| show_form(app, request, &entered, Some(message))),
    }
}
