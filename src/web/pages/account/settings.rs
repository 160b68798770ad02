//! The owner's profile.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::account::profile::{ProfileChange, update_profile};
use crate::domain::posts::default_visibility;
use crate::error::{Error, Result};
use crate::http::multipart::FileReader;
use crate::http::{Form, Request, Response};
use crate::limits;
use crate::media::{self, Encoded};
use crate::protocol::activitystreams::types::ActorKind;
use crate::protocol::html;
use crate::protocol::visibility::Visibility;
use crate::store::actors;
use crate::web::render;
use crate::web::view::visibilities;

#[derive(Debug, Default, Clone, Serialize)]
struct FieldRow {
    name: String,
    value: String,
}

/// The least number of profile fields in the form; the last one is empty.
const ROWS: usize = 4;

/// `GET /settings/profile`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?;
    let (actor, visibility) =
        app.domain.store.read(|c| Ok((actors::get(c, owner.id)?.ok_or(Error::NotFound)?, default_visibility(c)?)))?;
    let mut fields: Vec<FieldRow> =
        actor.fields.iter().map(|f| FieldRow { name: f.name.clone(), value: html::to_text(&f.value) }).collect();
    fields.resize((fields.len() + 1).clamp(ROWS, limits::OWNER_FIELDS).max(fields.len()), FieldRow::default());
    let context = context! {
        notice => request.form()?.get("saved").map(|_| "Saved. The servers of your followers will be notified."),
        display_name => actor.display_name,
        note => actor.note_source,
        avatar_alt => actor.avatar_alt,
        fields,
        locked => actor.locked,
        bot => actor.kind == ActorKind::Service,
        visibility => visibility.as_str(),
        visibilities => visibilities(),
    };
    render::page(app, request, "settings.html", context)
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

/// `POST /settings/profile`.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let text = |key: &str| form.get(key).map(str::to_owned);
    let get = |r: &Form, key: &str| r.get(key).unwrap_or_default().to_owned();
    let change = ProfileChange {
        display_name: text("display_name"),
        note: text("note").map(|n| n.replace("\r\n", "\n")),
        fields: Some(form.records("fields_attributes").iter().map(|r| (get(r, "name"), get(r, "value"))).collect()),
        avatar: picture(app, &form, "avatar", media::accept_avatar)?,
        avatar_alt: text("avatar_alt"),
        header: picture(app, &form, "header", media::accept_header)?,
        locked: Some(form.flag("locked") == Some(true)),
        bot: Some(form.flag("bot") == Some(true)),
        default_visibility: form.get("visibility").and_then(Visibility::parse),
        ..ProfileChange::default()
    };
    update_profile(&app.domain, change)?;
    Ok(Response::see_other("/settings/profile?saved=1"))
}
