//! The owner's profile.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::account::profile::{ProfileChange, update_profile};
use crate::error::{Error, Result};
use crate::http::multipart::FileReader;
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::media::{self, Encoded};
use crate::protocol::activitystreams::types::Field;
use crate::protocol::html;
use crate::store::actors;
use crate::web::locale::Message;
use crate::web::pages::rejected;
use crate::web::render;

/// A profile field as the form has it.
#[derive(Debug, Default, Clone, Serialize)]
struct FieldRow {
    name: String,
    value: String,
    /// Its link is verified.
    verified: bool,
}

/// The text fields and choices of the form.
#[derive(Debug, Clone, Serialize)]
struct ProfileForm {
    display_name: String,
    note: String,
    avatar_alt: String,
    header_alt: String,
    fields: Vec<FieldRow>,
    bot: bool,
    show_media: bool,
    show_media_replies: bool,
    show_featured: bool,
    /// One on a line.
    attribution_domains: String,
}

/// The least number of profile fields in the form; the last one is empty.
const ROWS: usize = 4;

impl ProfileForm {
    /// The stored profile.
    fn stored(app: &App) -> Result<Self> {
        let owner = app.domain.owner()?;
        let actor = app.domain.store.read(|c| actors::get(c, owner.id))?.ok_or(Error::NotFound)?;
        let row = |f: &Field| FieldRow {
            name: f.name.clone(),
            value: html::to_text(&f.value),
            verified: f.verified_at.is_some(),
        };
        Ok(Self {
            fields: actor.fields.iter().map(row).collect(),
            display_name: actor.display_name,
            note: actor.note_source,
            avatar_alt: actor.avatar_alt,
            header_alt: actor.header_alt,
            bot: actor.kind.is_automated(),
            show_media: actor.tabs.media,
            show_media_replies: actor.tabs.media_replies,
            show_featured: actor.tabs.featured,
            attribution_domains: actor.attribution_domains.join("\n"),
        })
    }

    /// Parses a submitted form.
    fn parse(form: &Form) -> Self {
        let get = |form: &Form, key: &str| form.get(key).unwrap_or_default().to_owned();
        let row = |r: &Form| FieldRow { name: get(r, "name"), value: get(r, "value"), verified: false };
        Self {
            display_name: get(form, "display_name"),
            note: get(form, "note").replace("\r\n", "\n"),
            avatar_alt: get(form, "avatar_alt"),
            header_alt: get(form, "header_alt"),
            fields: form.records("fields_attributes").iter().map(row).collect(),
            bot: form.is_set("bot"),
            show_media: form.is_set("show_media"),
            show_media_replies: form.is_set("show_media_replies"),
            show_featured: form.is_set("show_featured"),
            attribution_domains: get(form, "attribution_domains"),
        }
    }

    /// The change to apply, with the pictures that were chosen.
    fn change(self, app: &App, form: &Form) -> Result<ProfileChange> {
        let has_fields = !form.exact_records("fields_attributes")?.is_empty();
        let domains = form.text("attribution_domains")?;
        Ok(ProfileChange {
            display_name: form.text("display_name")?,
            note: form.text("note")?.map(|_| self.note),
            fields: has_fields.then(|| self.fields.into_iter().map(|f| (f.name, f.value)).collect()),
            avatar_alt: form.text("avatar_alt")?,
            header_alt: form.text("header_alt")?,
            bot: Some(form.checkbox("bot")?),
            show_media: Some(form.checkbox("show_media")?),
            show_media_replies: Some(form.checkbox("show_media_replies")?),
            show_featured: Some(form.checkbox("show_featured")?),
            attribution_domains: domains.map(|domains| domains.split_whitespace().map(str::to_owned).collect()),
            // Last, so that no picture is stored of a form that is refused.
            avatar: picture(app, form, "avatar", media::accept_avatar)?,
            header: picture(app, form, "header", media::accept_header)?,
            ..ProfileChange::default()
        })
    }
}

/// `GET /settings/profile`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    show_form(app, request, ProfileForm::stored(app)?, None)
}

fn show_form(app: &App, request: &Request, mut form: ProfileForm, error: Option<Message>) -> Result<Response> {
    let rows = form.fields.len();
    form.fields.resize((rows + 1).clamp(ROWS, limits::OWNER_FIELDS).max(rows), FieldRow::default());
    let handle = app.domain.site.handle_of(&app.domain.owner()?.username);
    let context = context! {
        ..context! { error, handle, address => app.domain.site.profile(&app.domain.owner()?.username) },
        ..minijinja::Value::from_serialize(&form)
    };
    render::page(app, request, "settings_profile.html", context)
}

fn picture(
    app: &App,
    form: &Form,
    key: &str,
    accept: fn(FileReader) -> Result<Encoded>,
) -> Result<Option<Option<String>>> {
    match form.file(key) {
        Some(file) => Ok(Some(Some(app.media.put(&accept(file.open())?)?))),
        None => Ok(None),
    }
}

/// `POST /settings/profile`. A rejected form is shown again, with the error.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let entered = ProfileForm::parse(&form);
    match entered.clone().change(app, &form).and_then(|change| update_profile(&app.domain, change)) {
        Ok(()) => Ok(Response::see_other("/settings/profile?done=saved")),
        Err(e) => rejected(&e, request, |message| show_form(app, request, entered, Some(message))),
    }
}
